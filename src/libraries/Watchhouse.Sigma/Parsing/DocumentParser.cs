namespace Watchhouse.Sigma;

/// <summary>A document as it was read, before references between documents are followed.</summary>
internal sealed record ParsedDocument(RuleReport Report, SigmaDocument? Document, SigmaFilter? Filter, RuleDraft? Draft = null);

/// <summary>A filter: a condition that rules of a log source must meet too (Sigma filters specification 2.1).</summary>
internal sealed record SigmaFilter(
    SigmaLogSource LogSource, IReadOnlyList<string>? Rules, DraftSection Section, IReadOnlyCollection<string> Placeholders, int Line);

/// <summary>Makes a rule, correlation or filter of a YAML document.</summary>
internal static class DocumentParser
{
    private static readonly HashSet<string> Known =
    [
        "title", "id", "name", "status", "level", "description", "author", "tags", "falsepositives", "fields", "references", "reference",
        "logsource", "detection", "correlation", "filter", "date", "modified", "related", "taxonomy", "license", "scope", "action",
    ];

    private static readonly string[] Kinds = ["detection", "correlation", "filter"];

    public static ParsedDocument Parse(YamlDocument yaml, string file, SigmaLoadOptions options)
    {
        if (yaml.Root is not { } root) return Rejected(yaml, file, yaml.Line, yaml.Error!);
        try
        {
            var kinds = Kinds.Where(kind => root[kind] is not null).ToArray();
            if (kinds.Length != 1)
            {
                throw new SigmaFormatException(root.Line, kinds.Length == 0
                    ? "The document has neither detection, correlation nor filter."
                    : $"The document has {string.Join(" and ", kinds)}; it can have only one of them.");
            }

            var title = root["title"]?.Text ?? throw new SigmaFormatException(root.Line, "The document has no title.");
            return kinds[0] switch
            {
                "detection" => Detection(yaml, root, title, file, options),
                "correlation" => Done(CorrelationParser.Parse(Common(yaml, root, title, file), root), file),
                _ => Filter(root, title, file, options),
            };
        }
        catch (SigmaFormatException e)
        {
            return Rejected(yaml, file, e.Line, e.Message);
        }
    }

    public static YamlMap Map(YamlMap root, string key) => root[key] is YamlMap map
        ? map
        : throw new SigmaFormatException(root[key]?.Line ?? root.Line, $"'{key}' must be a map of keys.");

    private static ParsedDocument Detection(YamlDocument yaml, YamlMap root, string title, string file, SigmaLoadOptions options)
    {
        var context = new DetectionContext(options.ValueLists);
        var section = Map(root, "detection");
        var identifiers = DetectionParser.Identifiers(section, context, "condition", "timeframe");
        var head = Common(yaml, root, title, file) with { LogSource = LogSource(root) };
        var draft = new RuleDraft(head, new(identifiers, DetectionParser.Conditions(section)), context.Placeholders);
        return Done(head, file) with { Draft = draft };
    }

    private static ParsedDocument Filter(YamlMap root, string title, string file, SigmaLoadOptions options)
    {
        var section = Map(root, "filter");
        var context = new DetectionContext(options.ValueLists);
        var identifiers = DetectionParser.Identifiers(section, context, "condition", "rules");
        var own = new DraftSection(identifiers, DetectionParser.Conditions(section));
        // A filter that cannot be read must not wait for a rule to say so.
        _ = own.Build();
        IReadOnlyList<string>? rules = section["rules"] switch
        {
            YamlList { Items.Count: > 0 } list => [.. list.Items.Select(item => item.Text ?? "")],
            { Text: { } one } when one.Equals("any", StringComparison.OrdinalIgnoreCase) => null,
            { Text: { } one } => [one],
            _ => throw new SigmaFormatException(section.Line, "A filter must say which rules it is for: a list of ids or names, or any."),
        };
        var filter = new SigmaFilter(LogSource(root), rules, own, context.Placeholders, root.Line);
        return new(new(file, root.Line, root["id"]?.Text, title, RuleState.Applied, null), null, filter);
    }

    private static SigmaLogSource LogSource(YamlMap root)
    {
        if (root["logsource"] is null) throw new SigmaFormatException(root.Line, "The document has no logsource.");
        var map = Map(root, "logsource");
        string? Part(string key) => map[key]?.Text is { Length: > 0 } text ? text.ToLowerInvariant() : null;
        return new(Part("product"), Part("category"), Part("service"));
    }

    private static SigmaRule Common(YamlDocument yaml, YamlMap root, string title, string file) => new()
    {
        Title = title,
        Id = root["id"]?.Text,
        Name = root["name"]?.Text,
        Status = root["status"]?.Text,
        Date = root["date"]?.Text,
        Modified = root["modified"]?.Text,
        Description = root["description"]?.Text,
        Author = root["author"]?.Text,
        Level = Level(root["level"]),
        Tags = Texts(root["tags"]),
        FalsePositives = Texts(root["falsepositives"]),
        Fields = Texts(root["fields"]),
        References = Texts(root["references"] ?? root["reference"]),
        Custom = Custom(root),
        File = file,
        Line = root.Line,
        Text = yaml.Text,
        LogSource = new(null, null, null),
        Condition = new SigmaAll([]),
    };

    private static readonly Dictionary<string, string> NoCustom = [];

    private static Dictionary<string, string> Custom(YamlMap root)
    {
        var custom = NoCustom;
        foreach (var (key, value) in root.Entries)
        {
            if (Known.Contains(key) || value is YamlMap) continue;
            if (custom.Count == 0) custom = [];
            custom.Add(key, value is YamlList ? string.Join("\n", Texts(value)) : value.Text ?? "");
        }

        return custom;
    }

    private static SigmaLevel Level(YamlNode? node) => node?.Text is not { } text
        ? SigmaLevel.Informational
        : Enum.TryParse<SigmaLevel>(text, ignoreCase: true, out var level) && !char.IsAsciiDigit(text[0])
            ? level
            : throw new SigmaFormatException(node.Line, $"The level '{text}' is unknown; it is informational, low, medium, high or critical.");

    private static string[] Texts(YamlNode? node) => node switch
    {
        null => [],
        YamlList list => [.. list.Items.Select(item => item.Text).OfType<string>()],
        _ => node.Text is { } text ? [text] : [],
    };

    private static ParsedDocument Done(SigmaDocument document, string file) =>
        new(new(file, document.Line, document.Id, document.Title, RuleState.Live, null), document, null);

    private static ParsedDocument Rejected(YamlDocument yaml, string file, int line, string reason) => new(
        new(file, line, yaml.Root?["id"]?.Text, yaml.Root?["title"]?.Text, RuleState.Rejected, reason), null, null);
}
