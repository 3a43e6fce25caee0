using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Watchhouse.Federation.SignIn.Cookies;

/// <summary>
/// Short-lived cookies that only this centre can read or write: what a browser carries between two steps of one sign-in.
/// </summary>
internal sealed class SealedCookies(IDataProtectionProvider protection, TimeProvider clock)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Watchhouse.SignIn.Cookies");

    public void Write<T>(HttpContext context, string name, T value, TimeSpan lifetime, SameSiteMode sameSite)
        where T : class => context.Response.Cookies.Append(name, Seal(name, value, lifetime), new CookieOptions
        {
            HttpOnly = true,
            Secure = context.Request.IsHttps,
            SameSite = sameSite,
            IsEssential = true,
            MaxAge = lifetime,
            Path = "/",
        });

    public T? Read<T>(HttpContext context, string name)
        where T : class => context.Request.Cookies[name] is { Length: > 0 } text ? Open<T>(name, text) : null;

    public static void Delete(HttpContext context, string name) => context.Response.Cookies.Delete(name, new CookieOptions { Path = "/" });

    /// <summary>The same seal for a hidden field of a form.</summary>
    public string Seal<T>(string purpose, T value, TimeSpan lifetime) => _protector.CreateProtector(purpose).Protect(
        JsonSerializer.Serialize(new Envelope<T>(value, clock.GetUtcNow() + lifetime)));

    public T? Open<T>(string purpose, string text)
        where T : class
    {
        if (text.Length > 16_000) return null;
        try
        {
            var envelope = JsonSerializer.Deserialize<Envelope<T>>(_protector.CreateProtector(purpose).Unprotect(text));
            return envelope is not null && envelope.Until > clock.GetUtcNow() ? envelope.Value : null;
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null;
        }
    }

    private sealed record Envelope<T>(T Value, DateTimeOffset Until);
}
