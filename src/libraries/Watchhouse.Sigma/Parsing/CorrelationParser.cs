using System.Globalization;

namespace Watchhouse.Sigma;

/// <summary>The correlation section (Sigma correlation rules specification 2.1).</summary>
internal static class CorrelationParser
{
    private static readonly Dictionary<string, CorrelationType> Types = new()
    {
        ["event_count"] = CorrelationType.EventCount,
        ["value_count"] = CorrelationType.ValueCount,
        ["temporal"] = CorrelationType.Temporal,
        ["temporal_ordered"] = CorrelationType.TemporalOrdered,
        ["value_sum"] = CorrelationType.ValueSum,
        ["value_avg"] = CorrelationType.ValueAverage,
        ["value_percentile"] = CorrelationType.ValuePercentile,
        ["value_median"] = CorrelationType.ValueMedian,
    };

    private static readonly Dictionary<string, CorrelationOperator> Operators = new()
    {
        ["gt"] = CorrelationOperator.Greater,
        ["gte"] = CorrelationOperator.GreaterOrEqual,
        ["lt"] = CorrelationOperator.Less,
        ["lte"] = CorrelationOperator.LessOrEqual,
        ["eq"] = CorrelationOperator.Equal,
        ["neq"] = CorrelationOperator.NotEqual,
    };

    public static SigmaCorrelation Parse(SigmaDocument common, YamlMap root)
    {
        var section = DocumentParser.Map(root, "correlation");
        var name = section["type"]?.Text ?? throw new SigmaFormatException(section.Line, "The correlation has no type.");
        if (!Types.TryGetValue(name, out var type))
            throw new SigmaFormatException(section["type"]!.Line, $"The correlation type '{name}' is unknown; it is one of {string.Join(", ", Types.Keys)}.");
        var rules = Texts(section["rules"]);
        if (rules.Length == 0) throw new SigmaFormatException(section.Line, "The correlation names no rules.");
        var temporal = type is CorrelationType.Temporal or CorrelationType.TemporalOrdered;
        var condition = section["condition"];
        if (condition is null && !temporal) throw new SigmaFormatException(section.Line, $"A {name} correlation needs a condition.");
        var bounds = new List<CorrelationBound>();
        string[] fields = [];
        var percentile = 50.0;
        foreach (var (key, value) in (condition as YamlMap)?.Entries ?? [])
        {
            if (key == "field") fields = Texts(value);
            else if (key == "percentile") percentile = Number(value);
            else if (Operators.TryGetValue(key, out var comparison)) bounds.Add(new(comparison, Number(value)));
            else throw new SigmaFormatException(value.Line, $"'{key}' is unknown in a correlation's condition.");
        }

        if (condition is YamlList) throw new SigmaFormatException(condition.Line, "A correlation's condition is a map, not a list.");
        if (!temporal && bounds.Count == 0) throw new SigmaFormatException(condition!.Line, "The condition compares with nothing: give gt, gte, lt, lte, eq or neq.");
        var needsField = type is not (CorrelationType.EventCount or CorrelationType.Temporal or CorrelationType.TemporalOrdered);
        if (needsField && fields.Length == 0) throw new SigmaFormatException(condition!.Line, $"A {name} correlation needs a field in its condition.");
        if (needsField && type != CorrelationType.ValueCount && fields.Length > 1)
            throw new SigmaFormatException(condition!.Line, $"A {name} correlation takes one field.");
        if (percentile is < 0 or > 100) throw new SigmaFormatException(condition!.Line, "The percentile must be from 0 to 100.");
        if (condition is { Text: not null } && type != CorrelationType.Temporal)
            throw new SigmaFormatException(condition.Line, "Only a temporal correlation takes a condition of rule names.");
        return new SigmaCorrelation
        {
            Title = common.Title,
            Id = common.Id,
            Name = common.Name,
            Status = common.Status,
            Date = common.Date,
            Modified = common.Modified,
            Description = common.Description,
            Author = common.Author,
            Level = common.Level,
            Tags = common.Tags,
            FalsePositives = common.FalsePositives,
            Fields = common.Fields,
            References = common.References,
            Custom = common.Custom,
            File = common.File,
            Line = common.Line,
            Text = common.Text,
            Type = type,
            Rules = rules,
            GroupBy = Texts(section["group-by"]),
            Timespan = Timespan(section),
            Bounds = bounds,
            ValueFields = fields,
            Percentile = percentile,
            RuleCondition = condition?.Text,
            Aliases = Aliases(section["aliases"]),
            Generate = section["generate"]?.Text?.Equals("true", StringComparison.OrdinalIgnoreCase) == true,
        };
    }

    private static TimeSpan Timespan(YamlMap section)
    {
        var node = section["timespan"] ?? section["timeframe"] ?? throw new SigmaFormatException(section.Line, "The correlation has no timespan.");
        var text = node.Text ?? "";
        if (text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
        {
            // A month and a year are taken as 30 and 365 days: a window slides and knows no calendar.
            double? seconds = text[^1] switch
            {
                's' => 1,
                'm' => 60,
                'h' => 3600,
                'd' => 86400,
                'w' => 7 * 86400,
                'M' => 30 * 86400,
                'y' => 365 * 86400,
                _ => null,
            };
            if (seconds is { } unit && count * unit <= 3650.0 * 86400) return TimeSpan.FromSeconds(count * unit);
        }

        throw new SigmaFormatException(node.Line, $"The timespan '{text}' is not a number with s, m, h, d, w, M or y, up to ten years.");
    }

    private static Dictionary<string, IReadOnlyDictionary<string, string>> Aliases(YamlNode? node)
    {
        var aliases = new Dictionary<string, IReadOnlyDictionary<string, string>>();
        if (node is null) return aliases;
        foreach (var (alias, rules) in (node as YamlMap ?? throw new SigmaFormatException(node.Line, "aliases must be a map.")).Entries)
        {
            var map = rules as YamlMap ?? throw new SigmaFormatException(rules.Line, $"The alias '{alias}' must be a map of rule to field.");
            aliases.Add(alias, map.Entries.ToDictionary(
                entry => entry.Key,
                entry => entry.Value.Text ?? throw new SigmaFormatException(entry.Value.Line, $"The alias '{alias}' names no field.")));
        }

        return aliases;
    }

    private static double Number(YamlNode node) =>
        double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new SigmaFormatException(node.Line, "A number is expected here.");

    private static string[] Texts(YamlNode? node) => node switch
    {
        null => [],
        YamlList list => [.. list.Items.Select(item => item.Text ?? throw new SigmaFormatException(item.Line, "A name is expected here."))],
        _ => node.Text is { } text ? [text] : [],
    };
}
