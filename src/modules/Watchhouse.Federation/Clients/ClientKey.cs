using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Watchhouse.Federation.SignIn.Accounts;

namespace Watchhouse.Federation.Clients;

/// <summary>
/// A key as a machine client holds it: <c>whk_</c>, 16 characters that find it, <c>_</c>, and 256 random bits. The prefix
/// lets secret scanners recognise a leaked one. Pure.
/// </summary>
internal sealed record ClientKey(string LookupId, byte[] Secret)
{
    public const string Prefix = "whk_";
    private const int LookupLength = 16;
    private const int SecretLength = 43;
    public const int Length = 4 + LookupLength + 1 + SecretLength;

    // The alphabets of the two parts differ and the second may hold '_', so the places are fixed.
    public override string ToString() => $"{Prefix}{LookupId}_{Base64Url.EncodeToString(Secret)}";

    public byte[] Hash() => SHA256.HashData(Secret);

    public static ClientKey New() => new(
        Totp.ToBase32(RandomNumberGenerator.GetBytes(10)).ToLowerInvariant(), RandomNumberGenerator.GetBytes(32));

    public static bool TryParse(string? text, [NotNullWhen(true)] out ClientKey? key)
    {
        key = null;
        if (text is not { Length: Length } || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || text[Prefix.Length + LookupLength] != '_') return false;
        var secret = new byte[32];
        // The decoder that is called 'Try' throws on other characters; this one does not.
        if (Base64Url.DecodeFromChars(text.AsSpan(Prefix.Length + LookupLength + 1), secret, out _, out var length) != OperationStatus.Done
            || length != 32)
            return false;
        key = new ClientKey(text.Substring(Prefix.Length, LookupLength), secret);
        return true;
    }
}
