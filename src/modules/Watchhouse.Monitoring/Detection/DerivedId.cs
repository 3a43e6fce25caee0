using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Watchhouse.Monitoring.Detection;

/// <summary>
/// Ids that follow from what they name, so that a replay makes the same ones: the first 16 bytes of a SHA-256, marked as a
/// UUID of version 8 (RFC 9562, section 5.8). Pure.
/// </summary>
internal static class DerivedId
{
    /// <summary>
    /// A line that no event was made of: its force, its source, when it was received, and its bytes. The moment is a part of it as it is
    /// of events without a time of their own: the header of a table comes with every batch of it, and each batch needs its own.
    /// </summary>
    /// <param name="force">Whose.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="receivedAt">When the batch came.</param>
    /// <param name="piece">Number of the piece where a line is cut into several, from 0.</param>
    /// <param name="raw">The bytes.</param>
    public static Guid OfLine(string force, string source, DateTimeOffset receivedAt, int piece, ReadOnlySpan<byte> raw)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, "line/1");
        Append(hash, force);
        Append(hash, source);
        Span<byte> numbers = stackalloc byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(numbers, receivedAt.UtcTicks);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[8..], piece);
        hash.AppendData(numbers);
        hash.AppendData(raw);
        return Finish(hash);
    }

    /// <summary>An alert: its force, rule, entity and the event that began it.</summary>
    public static Guid OfAlert(string force, string rule, AlertEntity entity, Guid firstEvent)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, "alert/1");
        Append(hash, force);
        Append(hash, rule);
        Append(hash, entity.Kind);
        Append(hash, entity.Value);
        hash.AppendData(firstEvent.ToByteArray());
        return Finish(hash);
    }

    /// <summary>A moment that stands for what has no event.</summary>
    public static Guid OfMoment(DateTimeOffset moment)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, "moment/1");
        Append(hash, moment.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        return Finish(hash);
    }

    /// <summary>An event as evidence of an alert.</summary>
    public static Guid OfEvidence(Guid alert, Guid eventId)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, "evidence/1");
        hash.AppendData(alert.ToByteArray());
        hash.AppendData(eventId.ToByteArray());
        return Finish(hash);
    }

    // The length goes before the text: "ab" and "c" are not "a" and "bc".
    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }

    private static Guid Finish(IncrementalHash hash)
    {
        Span<byte> bytes = stackalloc byte[32];
        hash.GetHashAndReset(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes[..16], bigEndian: true);
    }
}
