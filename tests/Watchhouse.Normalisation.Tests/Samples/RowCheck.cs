using System.Globalization;
using System.Text;
using System.Text.Json;
using Watchhouse.Telemetry;

namespace Watchhouse.Normalisation.Tests;

/// <summary>
/// What must hold of every row, whatever it was made from: columns of the table and of their kinds, a time, and every leaf of the
/// record in a column or among the unknown.
/// </summary>
internal static class RowCheck
{
    private static readonly Dictionary<string, TableMapping[]> ByTable =
        TableMappings.Default.Mappings.GroupBy(mapping => mapping.Table).ToDictionary(group => group.Key, group => group.ToArray());

    public static void Check(EventRecord record, NormalisedEvent result)
    {
        Assert.DoesNotContain((byte)'\n', result.Columns.ToArray());
        Assert.DoesNotContain((byte)'\n', result.Unknown.ToArray());
        using var columns = JsonDocument.Parse(result.Columns.ToArray());
        using var unknown = JsonDocument.Parse(result.Unknown.ToArray());
        var seen = new HashSet<string>();
        foreach (var member in columns.RootElement.EnumerateObject())
        {
            var column = result.Schema.Find(member.Name);
            Assert.True(column is not null, $"{result.Table} has no column {member.Name}.");
            Assert.True(seen.Add(member.Name), $"{member.Name} is there twice.");
            Assert.True(IsOfKind(member.Value, column.Kind), $"{result.Table}.{member.Name} is {column.Kind} and holds {member.Value.GetRawText()}.");
        }

        Assert.Equal(result.Table, columns.RootElement.GetProperty("Type").GetString());
        Assert.Equal(result.TimeGenerated, Time(columns.RootElement.GetProperty("TimeGenerated")));
        Assert.Equal(EventIdentity.CurrentVersion, result.Identity.Version);
        var held = new Held(columns.RootElement, unknown.RootElement, ByTable.GetValueOrDefault(result.Table, []));
        foreach (var (name, value) in Leaves(record))
        {
            if (!held.Has(value, isColumn: result.Schema.Find(name) is not null))
                Assert.Fail($"{result.Table}: {name} = {value} is lost.\n{Encoding.UTF8.GetString(result.Columns)}\n{Encoding.UTF8.GetString(result.Unknown)}");
        }
    }

    private static bool IsOfKind(JsonElement value, ColumnKind kind) => kind switch
    {
        ColumnKind.String => value.ValueKind == JsonValueKind.String && value.GetString()!.Length > 0,
        ColumnKind.Int => value.TryGetInt32(out _),
        ColumnKind.Long => value.TryGetInt64(out _),
        ColumnKind.Real => value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()),
        ColumnKind.Bool => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        ColumnKind.DateTime => Time(value) is not null,
        ColumnKind.Dynamic => value.ValueKind != JsonValueKind.Null,
        _ => value.ValueKind == JsonValueKind.String,
    };

    private static DateTimeOffset? Time(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && DateTime.TryParseExact(value.GetString(), "yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time)
            ? new(time, TimeSpan.Zero) : null;

    private static List<(string Name, string Value)> Leaves(EventRecord record)
    {
        var leaves = new List<(string, string)>();
        for (var at = 1; at < record.NodeCount; at++)
        {
            var node = record[at];
            if (ReaderNames.IsAdded(record, node))
            {
                at = node.End - 1;
                continue;
            }

            if (!node.IsContainer && node.Kind != EventNodeKind.Null && node.ValueLength > 0) leaves.Add((record.NameText(node), record.ValueText(node)));
        }

        return leaves;
    }

    /// <summary>All texts, numbers, moments and XML of a row, as far down as JSON in texts goes.</summary>
    private sealed class Held
    {
        private readonly HashSet<string> _values = [];
        private readonly List<string> _long = [];
        private readonly TableMapping[] _mappings;

        public Held(JsonElement columns, JsonElement unknown, TableMapping[] mappings)
        {
            _mappings = mappings;
            Add(columns);
            Add(unknown);
        }

        public bool Has(string value, bool isColumn)
        {
            if (_values.Contains(value)) return true;
            if (Number(value) is { } number && _values.Contains(number)) return true;
            if (EventTime.Parse(Encoding.UTF8.GetBytes(value)) is { } time && _values.Contains(time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))) return true;
            if (bool.TryParse(value, out var truth) && _values.Contains(truth ? "true" : "false")) return true;
            if (value is "0" or "1" && isColumn && _values.Contains(value == "1" ? "true" : "false")) return true;
            foreach (var table in _mappings.SelectMany(mapping => mapping.Values.Values))
            {
                if (table.Values.Any(entry => entry.Key.Equals(value, StringComparison.OrdinalIgnoreCase) && _values.Contains(entry.Value))) return true;
            }

            // Data of a Windows event, pairs, and JSON that was written as text.
            var xml = value.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
            if (_long.Exists(text => text.Contains($">{xml}</Data>", StringComparison.Ordinal) || $";{text};".Contains($"={value};", StringComparison.Ordinal))) return true;
            return TryJson(value) is { } json && Leaves(json).All(leaf => Has(leaf, isColumn: false));
        }

        private static string? Number(string text)
        {
            if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
                return long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex.ToString(CultureInfo.InvariantCulture) : null;
            if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return number.ToString("G29", CultureInfo.InvariantCulture);
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real.ToString("R", CultureInfo.InvariantCulture) : null;
        }

        private void Add(JsonElement value)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (var member in value.EnumerateObject()) Add(member.Value);
                    break;
                case JsonValueKind.Array:
                    foreach (var item in value.EnumerateArray()) Add(item);
                    break;
                case JsonValueKind.String:
                    var text = value.GetString()!;
                    _values.Add(text);
                    if (text.Contains("</Data>", StringComparison.Ordinal) || text.Contains('=', StringComparison.Ordinal)) _long.Add(text);
                    if (TryJson(text) is { } inner) Add(inner);
                    break;
                default:
                    _values.Add(value.GetRawText());
                    if (value.ValueKind == JsonValueKind.Number && Number(value.GetRawText()) is { } number) _values.Add(number);
                    break;
            }
        }

        private static IEnumerable<string> Leaves(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().SelectMany(member => member.Name.Length < 0 ? [] : Leaves(member.Value)),
            JsonValueKind.Array => value.EnumerateArray().SelectMany(Leaves),
            JsonValueKind.Null => [],
            JsonValueKind.String => value.GetString() is { Length: > 0 } text ? [text] : [],
            _ => [value.GetRawText()],
        };

        private static JsonElement? TryJson(string text)
        {
            if (text.Length < 2 || text.Trim() is not ['{' or '[', ..]) return null;
            try
            {
                var json = JsonDocument.Parse(text).RootElement.Clone();
                // Half of a pair of escapes is found out only when its text is asked for.
                _ = Leaves(json).Count();
                return json;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return null;
            }
        }
    }
}
