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

    private readonly List<(byte[] Line, int At)> _events = [];

    public int Count => _events.Count;

    public double MeanBytes => _events.Average(each => each.Line.Length);

    public static EventCorpus Read(string path)
    {
        var corpus = new EventCorpus();
        using var file = File.OpenRead(path);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        var day = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length is < 700 or > 2000 || JsonNode.Parse(line) is not JsonObject record) continue;
            foreach (var name in record.Select(member => member.Key).Where(name => name.StartsWith('_') || name == "EventRecordID").ToList()) record.Remove(name);
            if (record["TimeCreated"]?.ToString() is { Length: > 10 } time) record["TimeCreated"] = day + time[10..];
            var text = record.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            var bytes = Encoding.UTF8.GetBytes($"{{\"RecordNumber\":\"{Mark}\",{text[1..]}\n");
            corpus._events.Add((bytes, bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Mark))));
        }

        return corpus;
    }

    public ByteArrayContent Batch(long number, int count)
    {
        var bytes = new MemoryStream(count * 1600);
        Span<byte> digits = stackalloc byte[Mark.Length];
        for (var i = 0; i < count; i++)
        {
            var id = (number * count) + i;
            var (line, at) = _events[(int)(id % _events.Count)];
            bytes.Write(line, 0, at);
            id.TryFormat(digits, out _, "D16", System.Globalization.CultureInfo.InvariantCulture);
            bytes.Write(digits);
            bytes.Write(line, at + Mark.Length, line.Length - at - Mark.Length);
        }

        var content = new ByteArrayContent(bytes.GetBuffer(), 0, (int)bytes.Length);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        return content;
    }
}
