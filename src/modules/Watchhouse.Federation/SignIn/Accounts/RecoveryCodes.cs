using System.Security.Cryptography;
using System.Text;

namespace Watchhouse.Federation.SignIn.Accounts;

/// <summary>
/// Codes that stand in for the authenticator once each. They carry 80 random bits, so that a plain hash of one cannot be
/// searched. Pure.
/// </summary>
internal static class RecoveryCodes
{
    public const int Count = 10;
    private const int Letters = 16;

    public static string[] New() => [.. Enumerable.Range(0, Count).Select(_ => Write(RandomNumberGenerator.GetBytes(10)))];

    /// <summary>The hash under which a code is kept; null when the text is not one.</summary>
    public static byte[]? Hash(string typed)
    {
        var letters = new string([.. typed.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant)]);
        return letters.Length == Letters ? SHA256.HashData(Encoding.ASCII.GetBytes(letters)) : null;
    }

    private static string Write(byte[] bytes) =>
        string.Join('-', Totp.ToBase32(bytes).Chunk(4).Select(part => new string(part)));
}
