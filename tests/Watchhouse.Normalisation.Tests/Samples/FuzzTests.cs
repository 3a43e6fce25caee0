using System.Text;
using System.Text.Json;
using CsCheck;
using Watchhouse.Telemetry;

namespace Watchhouse.Normalisation.Tests;

/// <summary>Whatever a record holds, a row comes of it, and nothing is lost.</summary>
public sealed class FuzzTests
{
    // Names that the mappings know, so that random records meet every kind of column.
    private static readonly string[] Names = [.. TableMappings.Default.Mappings
        .SelectMany(mapping => mapping.When.SelectMany(when => when.Select(each => each.Path)).Concat(mapping.Columns.Values.SelectMany(path => path)).Concat(mapping.Columns.Keys).Concat(mapping.Keep).Concat(mapping.Collector))
        .SelectMany(PathTree.Split).Concat(["Type", "a", "Data", "<x>", "\"", "é\u0001", ""]).Distinct()];

    private static readonly string[] Values = [.. TableMappings.Default.Mappings
        .SelectMany(mapping => mapping.When.SelectMany(when => when.SelectMany(each => each.Values))).Concat(TableCatalogue.Default.Tables.Select(table => "AdvancedHunting-" + table.Name))
        .Concat(TableCatalogue.Default.Tables.Select(table => table.Name))
        .Concat(["", "-", "1.2.3.4:5", "[::1]:9", "0x1f", "1e400", "{\"a\":1}", "{", "[1,", "2024-05-01T10:00:00Z", "a&b<c>", "\u0000", "\uFFFE", "x;y=z", "MD5=,SHA1=x", "true"]).Distinct()];

    private static readonly Gen<string> Name = Gen.OneOf(Gen.Int[0, Names.Length - 1].Select(at => Names[at]), Gen.String[0, 6].Where(IsWhole));

    private static readonly Gen<string> Json = Gen.Recursive<string>((depth, self) =>
    {
        var leaf = Gen.OneOf(
            Gen.Int[0, Values.Length - 1].Select(at => JsonSerializer.Serialize(Values[at])),
            Gen.String[0, 10].Where(IsWhole).Select(text => JsonSerializer.Serialize(text)),
            Gen.Int.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            Gen.OneOf(new[] { "0", "-1", "1.5", "1e400", "99999999999999999999999", "true", "false", "null", "\"\\ud800\"", "[ ]", "{ }", "1714557600" }.Select(Gen.Const).ToArray()));
        if (depth > 3) return leaf;
        var inner = Gen.Select(Name, self).Array[0, 5];
        return Gen.OneOf(
            leaf, leaf, leaf,
            self.Array[0, 3].Select(items => $"[{string.Join(", ", items)}]"),
            inner.Select(Object),
            inner.Select(members => JsonSerializer.Serialize(Object(members))));
    });

    private static readonly Gen<string> Record = Gen.Select(Name, Json).Array[0, 14].Select(Object);

    [Fact]
    public void Normalise_AnyRecord_ARowAndNothingLost() => Record.Sample(
        json =>
        {
            var (record, result) = (new EventRecord(), new NormalisedEvent());
            var bytes = Encoding.UTF8.GetBytes(json);
            if (JsonEventParser.Parse(record, bytes, 0, bytes.Length, 1, ReadLimits.Default) is not null) return;
            new EventNormaliser(TableMappings.Default).Normalise(record, new("f", "s", Row.Received), result);
            // Of two members of one name the last one counts, and only a reader could keep both.
            if (!HasTwins(record)) RowCheck.Check(record, result);
        },
        iter: 20_000);

    [Fact]
    public void Normalise_AnyRecordThroughTheReader_ARowAndNothingLost() => Record.Sample(
        json => Row.Each(Encoding.UTF8.GetBytes(json), null, ".jsonl", null, null, (record, result) =>
        {
            if (!HasTwins(record)) RowCheck.Check(record, result);
        }),
        iter: 10_000);

    [Fact]
    public void Normalise_AnyLine_ARow() => Gen.String[1, 60].Where(IsWhole).Sample(
        line => Row.Each(Encoding.UTF8.GetBytes("<13>" + line), null, ".log", null, null, RowCheck.Check), iter: 5_000);

    private static string Object((string Name, string Value)[] members) =>
        $"{{{string.Join(", ", members.Select(member => $"{JsonSerializer.Serialize(member.Name)}: {member.Value}"))}}}";

    private static bool IsWhole(string text) => !text.Any(char.IsSurrogate);

    private static bool HasTwins(EventRecord record)
    {
        for (var at = 0; at < record.NodeCount; at++)
        {
            if (record[at].Kind != EventNodeKind.Mapping) continue;
            var names = new HashSet<string>();
            for (var inner = at + 1; inner < record[at].End; inner = record[inner].End)
            {
                if (!names.Add(record.NameText(record[inner]))) return true;
            }
        }

        return false;
    }
}
