using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Watchhouse.Response.Notices;

/// <summary>
/// Signs what is posted to a webhook, so that its receiver knows who sent it and when. The header reads
/// <c>t=SECONDS,v1=HEX</c>, where HEX is HMAC-SHA256 (RFC 2104) with the shared secret over the seconds since 1970 in decimal digits, a full stop and
/// the bytes of the body. The time is part of what is signed: a copy that is sent again later is told from the first. While a secret is being
/// replaced the header bears a <c>v1</c> for each of the two, the newest first; one that holds is enough.
/// </summary>
internal static class WebhookSignature
{
    public const string Header = "X-Watchhouse-Signature";

    /// <summary>How far the sender's and the receiver's clocks may be apart, delivery included.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const int MostHeader = 300;
    private const int MostSecrets = 3;

    /// <summary>Signs with each of the secrets: the newest, and the one before while receivers change over.</summary>
    public static string Sign(IReadOnlyList<byte[]> secrets, ReadOnlySpan<byte> body, DateTimeOffset at)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var text = new StringBuilder($"t={seconds}");
        foreach (var secret in secrets) text.Append(",v1=").Append(Convert.ToHexStringLower(Mac(secret, seconds, body)));
        return text.ToString();
    }

    public static string Sign(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> body, DateTimeOffset at)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={seconds},v1={Convert.ToHexStringLower(Mac(secret, seconds, body))}";
    }

    /// <summary>What a receiver does: true only for a header of this secret, this body and about this moment.</summary>
    public static bool Verify(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> body, string? header, DateTimeOffset now)
    {
        if (header is null || header.Length > MostHeader || header.Split(',') is not [['t', '=', ..] and var time, .. { Length: >= 1 and <= MostSecrets } macs]) return false;
        if (!long.TryParse(time.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (Math.Abs((decimal)now.ToUnixTimeSeconds() - seconds) > (decimal)Tolerance.TotalSeconds) return false;
        var expected = Mac(secret, time[2..], body);
        var holds = false;
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var mac in macs)
            holds |= mac is ['v', '1', '=', ..] && Convert.FromHexString(mac.AsSpan(3), given, out var read, out var written) == System.Buffers.OperationStatus.Done
                && read == mac.Length - 3 && written == given.Length && CryptographicOperations.FixedTimeEquals(given, expected);
        return holds;
    }

    private static byte[] Mac(ReadOnlySpan<byte> secret, string seconds, ReadOnlySpan<byte> body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        mac.AppendData(Encoding.ASCII.GetBytes(seconds + "."));
        mac.AppendData(body);
        return mac.GetHashAndReset();
    }
}
