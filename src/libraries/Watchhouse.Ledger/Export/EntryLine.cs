using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Watchhouse.Ledger.Notes;
using Watchhouse.Ledger.Storage;

namespace Watchhouse.Ledger.Export;

/// <summary>
/// An entry as a line of entries.ndjson. An entry that is JSON on one line stands there byte for byte, because its hash
/// is over those bytes; any other as <c>{"base64":"..."}</c>. An entry that itself begins so is written in base64 too,
/// which leaves one reading for every line.
/// </summary>
internal static class EntryLine
{
    /// <summary>Longest line in bytes without its newline.</summary>
    public const int MaxLength = ((EntryRecord.MaxEntry + 2) / 3 * 4) + 32;

    private static ReadOnlySpan<byte> Start => "{\"base64\":\""u8;

    private static ReadOnlySpan<byte> End => "\"}"u8;

    public static void Write(ReadOnlyMemory<byte> entry, Stream stream)
    {
        if (StandsAsItIs(entry.Span))
        {
            stream.Write(entry.Span);
        }
        else
        {
            stream.Write(Start);
            stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(entry.Span)));
            stream.Write(End);
        }

        stream.WriteByte((byte)'\n');
    }

    /// <summary>The entry of a line; false if it is not the one way to write an entry.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out byte[] entry)
    {
        entry = [];
        if (!line.StartsWith(Start))
        {
            entry = line.ToArray();
            return StandsAsItIs(line);
        }

        return line.EndsWith(End)
            && CanonicalBase64.TryDecode(Encoding.Latin1.GetString(line[Start.Length..^End.Length]), out entry)
            && !StandsAsItIs(entry);
    }

    private static bool StandsAsItIs(ReadOnlySpan<byte> entry)
    {
        if (entry.IsEmpty || entry.StartsWith(Start) || entry.IndexOfAny((byte)'\n', (byte)'\r') >= 0)
            return false;
        try
        {
            // The reader checks the syntax of numbers and words, but UTF-8 inside strings only when they are decoded.
            var reader = new Utf8JsonReader(entry, new JsonReaderOptions { MaxDepth = 256 });
            while (reader.Read())
            {
            }

            return Utf8.IsValid(entry);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
