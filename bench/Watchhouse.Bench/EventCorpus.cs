using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Watchhouse.Bench;

/// <summary>Recorded events of 0.7 to 2 KB, each sent again and again as another: with another number and at the present day.</summary>
internal sealed class EventCorpus
{
    // Where a number of sixteen digits stands that is written anew for each event.
    private const string Mark = "0000000000000000";

    // And a time, which is that of sending: a source delivers as it writes.
    private const string TimeMark = "2026-01-01T00:00:00.0000000Z";

    private readonly List<(byte[] Line, int At)> _events = [];

    public int Count => _events.Count;

    public double MeanBytes => _events.Average(each => each.Line.Length);

    /// <summary>Reads the events of a file, without those with one of the ids.</summary>
    public static EventCorpus Read(string path, IReadOnlySet<string> without)
    {
        var corpus = new EventCorpus();
        using var file = File.OpenRead(path);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length is < 700 or > 2000 || JsonNode.Parse(line) is not JsonObject record) continue;
            if (record["_id"] is { } id && without.Contains(id.ToString())) continue;
            foreach (var name in record.Select(member => member.Key).Where(name => name.StartsWith('_') || name is "EventRecordID" or "RecordNumber").ToList()) record.Remove(name);
            record.Remove("TimeCreated");
            var text = record.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            var bytes = Encoding.UTF8.GetBytes($"{{\"RecordNumber\":\"{Mark}\",\"TimeCreated\":\"{TimeMark}\",{text[1..]}\n");
            corpus._events.Add((bytes, bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Mark))));
        }

        return corpus;
    }

    public ByteArrayContent Batch(long number, int count)
    {
        var bytes = new MemoryStream(count * 1600);
        Span<byte> digits = stackalloc byte[Mark.Length];
        var time = Encoding.ASCII.GetBytes(DateTimeOffset.UtcNow.UtcDateTime.ToString("O"));
        for (var i = 0; i < count; i++)
        {
            var id = (number * count) + i;
            var (line, at) = _events[(int)(id % _events.Count)];
            bytes.Write(line, 0, at);
            id.TryFormat(digits, out _, "D16", System.Globalization.CultureInfo.InvariantCulture);
            bytes.Write(digits);
            var rest = at + Mark.Length;
            var timeAt = rest + "\",\"TimeCreated\":\"".Length;
            bytes.Write(line, rest, timeAt - rest);
            bytes.Write(time);
            bytes.Write(line, timeAt + time.Length, line.Length - timeAt - time.Length);
        }

        var content = new ByteArrayContent(bytes.GetBuffer(), 0, (int)bytes.Length);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        return content;
    }
}
