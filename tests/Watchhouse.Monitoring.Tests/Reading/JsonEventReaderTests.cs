using System.Text;
using System.Text.Json;
using CsCheck;
using Watchhouse.Monitoring.Ingest;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.Ingest.Reading;
using Watchhouse.Monitoring.Ingest.Splunk;

namespace Watchhouse.Monitoring.Tests.Reading;

public sealed class JsonEventReaderTests
{
    private static readonly IngestLimits Limits = new();

    private static readonly Gen<string> Lines = OneOf(
        "{\"a\":1}", "{ }", "{\"t\":\"x\\ny\"}", "{", "}", "[]", "7", "null", "\"text\"", "nonsense", " {\"b\":[1,{}]} ", "{\"a\":1}}", "\t");

    [Fact]
    public void Read_AnyLines_TakesWhatParsesAsAnObjectAndRejectsTheRestByNumber() => Lines.Array[1, 30].Sample(lines =>
    {
        // A body that begins with '[' is an array.
        if ((lines.FirstOrDefault(l => l.Trim().Length > 0) ?? "").StartsWith('[')) return;
        var body = Encoding.UTF8.GetBytes(string.Join("\r\n", lines));

        var scan = JsonEventReader.Read(body, Limits);

        var good = lines.Where(IsObject).ToList();
        var bad = lines.Select((line, i) => (line, number: i + 1L)).Where(l => l.line.Trim().Length > 0 && !IsObject(l.line)).ToList();
        Assert.Equal(good, scan.Events.Select(e => Encoding.UTF8.GetString(body, e.Start, e.Length)));
        Assert.Equal(bad.Select(b => b.number), scan.Rejects.Listed.Select(r => r.Line));
    });

    [Fact]
    public void Read_Array_TakesTheSameObjectsAsLines() => Lines.Where(IsObject).Array[0, 20].Sample(items =>
    {
        var body = Encoding.UTF8.GetBytes("[" + string.Join(" , ", items) + "]");

        var scan = JsonEventReader.Read(body, Limits);

        Assert.Null(scan.Refusal);
        Assert.Equal(items.Select(i => i.Trim()), scan.Events.Select(e => Encoding.UTF8.GetString(body, e.Start, e.Length)));
    });

    [Fact]
    public void Read_TooManyEventsOrRejects_RefusesTheWhole()
    {
        var few = new IngestLimits { MaxEvents = 3, MaxRejects = 2 };

        Assert.Equal(RefusalKind.TooLarge, JsonEventReader.Read("{}\n{}\n{}\n{}"u8, few).Refusal!.Kind);
        Assert.Equal(RefusalKind.Unreadable, JsonEventReader.Read("x\nx\nx"u8, few).Refusal!.Kind);
        Assert.Equal(RefusalKind.TooLarge, JsonEventReader.Read("[{},{},{},{}]"u8, few).Refusal!.Kind);
    }

    [Fact]
    public void Read_TooLongEvent_IsRejectedWithTheLimit()
    {
        var scan = JsonEventReader.Read("{\"a\":\"0123456789\"}\n{}"u8, new IngestLimits { MaxEventBytes = 10 });

        Assert.Equal("It is longer than 10 bytes.", Assert.Single(scan.Rejects.Listed).Reason);
        Assert.Single(scan.Events);
    }

    [Fact]
    public void Hec_ObjectsJoinedInAnyWay_AreFoundEach() => Gen.Select(
        OneOf("{\"event\":1}", "{\"event\":{\"a\":\"}{\"}}", "{\"event\":\"x\",\"time\":1.5}"), OneOf("", " ", "\n", "\r\n")).Array[1, 30].Sample(parts =>
    {
        var body = Encoding.UTF8.GetBytes(string.Concat(parts.Select(p => p.Item1 + p.Item2)));

        var scan = HecEventReader.Read(body, null, Limits);

        Assert.Null(scan.Refusal);
        Assert.Equal(parts.Select(p => p.Item1), scan.BySource["splunk-hec"].Select(e => Encoding.UTF8.GetString(body, e.Start, e.Length)));
    });

    [Theory]
    [InlineData("proxy", "proxy")]
    [InlineData("a b/c", "a-b-c")]
    [InlineData("--x", "x")]
    [InlineData("é", "other")]
    [InlineData("", "other")]
    public void SourceName_OfAnyText_IsValid(string text, string name) => Assert.Equal(name, SourceName.From(text, "other"));

    [Fact]
    public void SourceName_Made_IsAlwaysValid() =>
        Gen.String.Sample(text => Assert.True(SourceName.IsValid(SourceName.From(text, "other"))));

    [Fact]
    public void PayloadFormat_WrittenAndRead_IsTheSame()
    {
        var format = new PayloadFormat("hec-raw", [new("host", "a; b=c"), new("source", "é")]);

        var read = PayloadFormat.Parse(format.ToString());

        Assert.Equal((format.Word, "a; b=c", "é"), (read.Word, read.Parameters[0].Value, read.Parameters[1].Value));
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static bool IsObject(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
