using System.Security.Cryptography;
using System.Text.Json;

namespace Watchhouse.Monitoring.Contracts;

/// <summary>Events of a file on their way into a force's journal, one a line.</summary>
/// <param name="Force">Tag of the force whose events they are.</param>
/// <param name="Source">Name of the source.</param>
/// <param name="Format">How a line reads; a word of the journal's payload formats.</param>
/// <param name="Count">Number of lines.</param>
/// <param name="Key">Follows from the content, so that the same file gives the same batches again.</param>
/// <param name="Payload">The lines, without a last line feed.</param>
public sealed record ImportBatch(string Force, string Source, string Format, int Count, string Key, ReadOnlyMemory<byte> Payload)
{
    private const int Version = 1;
    private const int LongestHeader = 4096;

    /// <summary>A line of JSON with the sum of the payload, and the payload.</summary>
    internal void Write(Stream stream)
    {
        JsonSerializer.Serialize(stream, new Header(Version, Force, Source, Format, Count, Key, Convert.ToHexStringLower(SHA256.HashData(Payload.Span))));
        stream.WriteByte((byte)'\n');
        stream.Write(Payload.Span);
    }

    /// <exception cref="InvalidDataException">The bytes are not what was written.</exception>
    internal static ImportBatch Read(byte[] bytes)
    {
        var end = bytes.AsSpan(0, Math.Min(bytes.Length, LongestHeader)).IndexOf((byte)'\n');
        try
        {
            if (end > 0 && JsonSerializer.Deserialize<Header>(bytes.AsSpan(0, end)) is { Version: Version } header)
            {
                var payload = bytes.AsMemory(end + 1);
                if (header.Sum == Convert.ToHexStringLower(SHA256.HashData(payload.Span)))
                    return new(header.Force, header.Source, header.Format, header.Count, header.Key, payload);
            }
        }
        catch (JsonException)
        {
            // Told of below, with everything else that it may be.
        }

        throw new InvalidDataException("The file is damaged, or was written by a newer program.");
    }

    private sealed record Header(int Version, string Force, string Source, string Format, int Count, string Key, string Sum);
}
