using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Notices.Channels;

namespace Watchhouse.Response.Notices.Settings;

/// <summary>Seals numbers, addresses and secrets with the house's key ring: each for its person or force alone, so that a row that is moved does not open there.</summary>
internal sealed class NoticeVault(IDataProtectionProvider protection)
{
    private const string Endpoints = "Watchhouse.Response.NoticeEndpoint";
    private const string Phones = "Watchhouse.Response.NoticePhone";
    private const int SecretBytes = 32;

    public string SealPhone(Guid person, string number) => protection.CreateProtector(Phones, person.ToString()).Protect(number);

    /// <summary>The number; null when it was sealed with keys that this house does not have.</summary>
    public string? OpenPhone(NoticePreference preference) =>
        preference.SealedPhone is { } text ? Open(protection.CreateProtector(Phones, preference.PersonId.ToString()), text) : null;

    public string Seal(ForceId force, string text) => protection.CreateProtector(Endpoints, force.Value).Protect(text);

    /// <summary>A new secret, as its receiver keeps it.</summary>
    public static string NewSecret() => "whsec_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The endpoint with its secrets that hold now; null when it was sealed with other keys.</summary>
    public OpenEndpoint? Open(NoticeEndpoint endpoint, DateTimeOffset now)
    {
        var protector = protection.CreateProtector(Endpoints, endpoint.ForceId.Value);
        if (Open(protector, endpoint.SealedAddress) is not { } address) return null;
        var secrets = new List<byte[]>();
        foreach (var text in new[] { endpoint.SealedSecret, endpoint.BeforeUntil > now ? endpoint.SealedBefore : null })
        {
            if (text is null) continue;
            if (Open(protector, text) is not { } secret) return null;
            secrets.Add(Encoding.UTF8.GetBytes(secret));
        }

        return new OpenEndpoint(new Uri(address), secrets);
    }

    private static string? Open(IDataProtector protector, string text)
    {
        try
        {
            return protector.Unprotect(text);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
