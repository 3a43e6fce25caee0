using System.Text;

namespace Watchhouse.Telemetry.Tests;

/// <summary>What a reader made of one record, copied so that it outlives it.</summary>
internal sealed record Found(long Position, string Raw, Dictionary<string, string> Fields, string? Reason)
{
    public string? this[string path] => Fields.GetValueOrDefault(path);

    public static List<Found> In(string text, string extension = "", EventFileOptions? options = null) => In(Encoding.UTF8.GetBytes(text), extension, options);

    public static List<Found> In(byte[] bytes, string extension = "", EventFileOptions? options = null) =>
        In(new MemoryStream(bytes), extension, options, out _, out _);

    public static List<Found> In(Stream stream, string extension, EventFileOptions? options, out string format, out IReadOnlyList<string> skipped)
    {
        using var source = EventFiles.Open(stream, options ?? new(), extension);
        format = source.Format;
        var parser = source.CreateParser();
        var (block, record, found) = (new EventBlock(), new EventRecord(), new List<Found>());
        while (source.Read(block))
        {
            parser.Start(block);
            while (parser.Next(record, out var reason) is var outcome and not ParseOutcome.End)
            {
                Assert.Equal(outcome == ParseOutcome.Rejected, reason is not null);
                found.Add(Of(record, reason));
            }
        }

        skipped = source.Skipped;
        return found;
    }

    public static string FormatOf(string text, string extension = "")
    {
        using var source = EventFiles.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)), new(), extension);
        return source.Format;
    }

    private static Found Of(EventRecord record, string? reason)
    {
        var fields = new Dictionary<string, string>();
        if (reason is null)
        {
            Assert.Equal(record.NodeCount, record[0].End);
            Add(record, 0, "", fields);
        }

        return new(record.Position, Encoding.UTF8.GetString(record.Raw), fields, reason);
    }

    private static void Add(EventRecord record, int container, string path, Dictionary<string, string> fields)
    {
        var number = 0;
        for (var at = container + 1; at < record[container].End; at = record[at].End)
        {
            Assert.True(record[at].End > at && record[at].End <= record[container].End);
            var name = record[container].Kind == EventNodeKind.Sequence ? $"{path}[{number++}]"
                : path.Length == 0 ? record.NameText(record[at]) : $"{path}.{record.NameText(record[at])}";
            if (record[at].IsContainer) Add(record, at, name, fields);
            else fields[name] = record.ValueText(record[at]);
        }
    }
}
