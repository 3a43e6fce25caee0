using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Watchhouse.Federation.SignIn.Accounts;

/// <summary>
/// Time-based one-time codes (RFC 6238 over RFC 4226): SHA-1, six digits, thirty seconds, which is what every
/// authenticator app understands. Pure.
/// </summary>
internal static class Totp
{
    private const int StepSeconds = 30;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>A key of 160 bits, the length RFC 4226 recommends, in Base32.</summary>
    public static string NewKey() => ToBase32(RandomNumberGenerator.GetBytes(20));

    /// <summary>The time step whose code this is, one step of clock drift allowed either way; null when it fits none after <paramref name="lastStep"/>.</summary>
    public static long? Match(string key, string code, DateTimeOffset now, long lastStep)
    {
        if (code.Length != 6 || !code.All(char.IsAsciiDigit)) return null;
        var current = now.ToUnixTimeSeconds() / StepSeconds;
        var given = Encoding.ASCII.GetBytes(code);
        long? match = null;
        for (var step = current - 1; step <= current + 1; step++)
            if (CryptographicOperations.FixedTimeEquals(given, Encoding.ASCII.GetBytes(Code(key, step))) && step > lastStep)
                match ??= step;
        return match;
    }

    public static string Code(string key, DateTimeOffset at) => Code(key, at.ToUnixTimeSeconds() / StepSeconds);

    /// <summary>The address that an authenticator app reads from a QR code (Key Uri Format).</summary>
    public static string KeyUri(string key, string account) =>
        $"otpauth://totp/Watchhouse:{Uri.EscapeDataString(account)}?secret={key}&issuer=Watchhouse&digits=6&period={StepSeconds}";

    public static string ToBase32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder((bytes.Length * 8 + 4) / 5);
        int buffer = 0, bits = 0;
        foreach (var b in bytes)
        {
            buffer = (buffer << 8) | b;
            bits += 8;
            while (bits >= 5) text.Append(Base32[(buffer >> (bits -= 5)) & 31]);
            buffer &= (1 << bits) - 1;
        }

        if (bits > 0) text.Append(Base32[(buffer << (5 - bits)) & 31]);
        return text.ToString();
    }

    public static byte[] FromBase32(string text)
    {
        var bytes = new List<byte>(text.Length * 5 / 8);
        int buffer = 0, bits = 0;
        foreach (var c in text)
        {
            var value = Base32.IndexOf(c, StringComparison.Ordinal);
            if (value < 0) throw new FormatException("Not Base32.");
            buffer = (buffer << 5) | value;
            bits += 5;
            if (bits < 8) continue;
            bytes.Add((byte)(buffer >> (bits -= 8)));
            buffer &= (1 << bits) - 1;
        }

        return [.. bytes];
    }

    // RFC 6238 is defined over HMAC-SHA-1, whose strength does not rest on collision resistance.
#pragma warning disable CA5350
    private static string Code(string key, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[20];
        HMACSHA1.HashData(FromBase32(key), counter, hash);
        var truncated = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[19] & 15)..]) & 0x7FFF_FFFF;
        return (truncated % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }
#pragma warning restore CA5350
}
