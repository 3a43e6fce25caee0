using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Watchhouse.Testing;

namespace Watchhouse.Telemetry.Tests;

/// <summary>Recorded event logs against what another reader made of them, and against each other's form.</summary>
public sealed class EvtxReferenceTests
{
    // Logs that the other reader could not read; EvtxHardFileTests has them.
    private static readonly HashSet<string> WithoutReference = new(StringComparer.Ordinal)
    {
        "hayabusa-sample-evtx/ID1149-RDP success logins to multiple hosts.evtx",
        "hayabusa-sample-evtx/ID4799-4624-Local admin group enumerated by SharpHound.evtx",
    };

    [Fact]
    public void Read_EveryRecordedLog_EachRecordEqualsTheReference()
    {
        var folder = SharedData.Path("detection/evtx");
        var reference = Reference(Path.Combine(folder, "reference.ndjson.gz"));
        var differences = new List<string>();
        var compared = 0;
        foreach (var file in Logs(folder))
        {
            var name = Path.GetRelativePath(folder, file);
            var contents = EvtxFile.Read(File.ReadAllBytes(file), nested: true);
            Assert.Empty(contents.Rejected);
            if (WithoutReference.Contains(name)) continue;
            var expected = reference[name];
            Assert.Equal(expected.Count, contents.Events.Count);
            foreach (var (own, other) in contents.Events.Zip(expected))
            {
                compared++;
                if (!JsonNode.DeepEquals(own.Json, other)) differences.Add($"{name} {own.Position}: {own.Json.ToJsonString()} != {other.ToJsonString()}");
            }
        }

        Assert.Empty(differences);
        Assert.Equal(3484, compared);
    }

    [Fact]
    public void Read_EveryRecordedLog_FlatFormIsTheNestedOneAsJsonReadersFlattenIt()
    {
        var compared = 0;
        foreach (var file in Logs(SharedData.Path("detection/evtx")).Concat(Logs(SharedData.Path("detection/evtx-hard"))))
        {
            var bytes = File.ReadAllBytes(file);
            var flat = EvtxFile.Read(bytes);
            var nested = EvtxFile.Read(bytes, nested: true);
            Assert.Empty(flat.Rejected);
            Assert.Equal(nested.Events.Count, flat.Events.Count);
            foreach (var (own, other) in flat.Events.Zip(nested.Events))
            {
                compared++;
                Assert.Equal(Flatten(other.Json), Fields(own.Json));
            }
        }

        Assert.True(compared > 3600, $"{compared} records");
    }

    [Fact]
    public void Read_RecordedLog_PositionIsTheRecordIdAndRawTheWholeRecord()
    {
        var file = Logs(SharedData.Path("detection/evtx")).First();
        var contents = EvtxFile.Read(File.ReadAllBytes(file));

        Assert.All(contents.Events, each => Assert.True(each.RawLength > 28));
        Assert.All(contents.Events, each => Assert.Equal(each.Position, each.Json["EventRecordID"]!.GetValue<long>()));
    }

    internal static IEnumerable<string> Logs(string folder) =>
        Directory.EnumerateFiles(folder, "*.evtx", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static Dictionary<string, List<JsonNode>> Reference(string path)
    {
        var reference = new Dictionary<string, List<JsonNode>>();
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            var json = JsonNode.Parse(line)!.AsObject();
            var source = json["_src"]!.GetValue<string>();
            json.Remove("_src");
            var name = source[(source.IndexOf("/evtx/", StringComparison.Ordinal) + "/evtx/".Length)..];
            if (!reference.TryGetValue(name, out var list)) reference.Add(name, list = []);
            list.Add(json);
        }

        return reference;
    }

    // The nested event through the reader of JSON. Where UserData has a field of System's name, that reader gives both
    // under one name, and the flat form of logs sets the second apart.
    private static List<string> Flatten(JsonObject nested)
    {
        using var source = EventFiles.Open(new MemoryStream(Encoding.UTF8.GetBytes(nested.ToJsonString())), ReadLimits.Default);
        var parser = source.CreateParser();
        var block = new EventBlock();
        var record = new EventRecord();
        Assert.True(source.Read(block));
        parser.Start(block);
        Assert.Equal(ParseOutcome.Event, parser.Next(record, out _));
        var fields = new List<string>();
        var names = new HashSet<string>();
        for (var at = 1; at < record.NodeCount; at = record[at].End)
        {
            var name = record.NameText(record[at]);
            if (!names.Add(name)) name += "_";
            var value = record[at].Kind == EventNodeKind.Text ? JsonSerializer.Serialize(record.ValueText(record[at])) : record.ValueText(record[at]);
            fields.Add($"{name}={Canonical(JsonNode.Parse(value))}");
        }

        return [.. fields.Order(StringComparer.Ordinal)];
    }

    private static List<string> Fields(JsonObject flat) =>
        [.. flat.Select(field => $"{field.Key}={Canonical(field.Value)}").Order(StringComparer.Ordinal)];

    // Hexadecimal numbers have leading zeros in one form only.
    private static string Canonical(JsonNode? value) => value is JsonValue text && text.GetValueKind() == JsonValueKind.String
        && text.GetValue<string>() is ['0', 'x', .. { Length: > 0 } digits] && digits.All(char.IsAsciiHexDigit)
            ? $"0x{(digits.TrimStart('0') is { Length: > 0 } kept ? kept : "0")}"
            : value?.ToJsonString() ?? "null";
}
