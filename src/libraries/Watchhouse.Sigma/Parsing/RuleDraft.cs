namespace Watchhouse.Sigma;

/// <summary>Identifiers with the conditions that join them: a rule's detection, or a filter's.</summary>
internal sealed record DraftSection(IReadOnlyDictionary<string, RulePart> Identifiers, IReadOnlyList<(string Text, int Line)> Conditions)
{
    /// <summary>Place of the filter that the section is of, in the list of documents; null for a rule's own.</summary>
    public int? Filter { get; init; }

    /// <summary>Placeholders without a list.</summary>
    public IEnumerable<string> Missing =>
        Identifiers.Values.SelectMany(RuleDraft.ItemsOf).SelectMany(item => item.Pending?.Missing ?? []);

    /// <summary>The conditions with the identifiers put in, joined by OR.</summary>
    public SigmaExpression Build()
    {
        var expressions = new Dictionary<string, SigmaExpression>(Identifiers.Count);
        foreach (var (name, part) in Identifiers) expressions.Add(name, PartBuilder.Build(part));
        return Conditions.Count == 1
            ? ConditionParser.Parse(Conditions[0].Text, expressions, Conditions[0].Line)
            : Combine.Any([.. Conditions.Select(each => ConditionParser.Parse(each.Text, expressions, each.Line))]);
    }
}

/// <summary>
/// A rule before its condition is put together: its own section and those of the filters on it, each with names of its
/// own, so that equal names do not clash.
/// </summary>
internal sealed class RuleDraft(SigmaRule head, DraftSection own, IEnumerable<string> placeholders)
{
    /// <summary>Everything but the condition.</summary>
    public SigmaRule Head { get; set; } = head;

    /// <summary>The rule's own section, then those of filters.</summary>
    public List<DraftSection> Sections { get; } = [own];

    /// <summary>Parts that a pipeline added, all of which must hold.</summary>
    public List<(RulePart Part, bool Negated)> Added { get; } = [];

    /// <summary>Placeholders that the rule and its filters name.</summary>
    public SortedSet<string> Placeholders { get; } = new(placeholders, StringComparer.Ordinal);

    /// <summary>Sections of filters that could not be applied because they lack a value list; known after building.</summary>
    public IReadOnlyList<DraftSection> Unmet { get; private set; } = [];

    /// <summary>Every item of the rule.</summary>
    public IEnumerable<PartItem> Items => Sections.SelectMany(section => section.Identifiers.Values)
        .Concat(Added.Select(each => each.Part)).SelectMany(ItemsOf);

    /// <summary>Changes every item; an item for which null comes back is dropped, and so is a group left without any.</summary>
    public void Change(Func<PartItem, RulePart?> change)
    {
        for (var at = 0; at < Sections.Count; at++)
        {
            Sections[at] = Sections[at] with
            {
                Identifiers = Sections[at].Identifiers.ToDictionary(each => each.Key, each => Change(each.Value, change)),
            };
        }

        for (var at = 0; at < Added.Count; at++) Added[at] = Added[at] with { Part = Change(Added[at].Part, change) };
    }

    /// <summary>The rule, or a sentence that says which lists are missing.</summary>
    /// <exception cref="SigmaFormatException">A condition cannot be read, or pipelines left nothing of the rule.</exception>
    public (SigmaRule? Rule, string? Missing) Build()
    {
        // A filter that lacks a list is left out and says so; it must not take the rule with it.
        Unmet = [.. Sections.Where(section => section.Filter is not null && section.Missing.Any())];
        Sections.RemoveAll(Unmet.Contains);
        var missing = Items.SelectMany(item => item.Pending?.Missing ?? []).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (missing.Length > 0)
            return (null, $"There is no value list named {string.Join(", ", missing)}, which the rule's |expand needs.");
        var condition = Sections.Count + Added.Count == 1
            ? Sections[0].Build()
            : Combine.All([.. Sections.Select(section => section.Build()), .. Added.Select(each => Negate(PartBuilder.Build(each.Part), each.Negated))]);
        if (Combine.IsDropped(condition)) throw new SigmaFormatException(Head.Line, "Pipelines dropped every part of the rule's condition: it would fit any event.");
        return (Head with { Condition = condition, Placeholders = [.. Placeholders] }, null);
    }

    private static SigmaExpression Negate(SigmaExpression expression, bool negated) => negated ? Combine.Not(expression) : expression;

    internal static IEnumerable<PartItem> ItemsOf(RulePart part) => part switch
    {
        PartItem item => [item],
        PartGroup group => group.Parts.SelectMany(ItemsOf),
        _ => [],
    };

    // A group without parts builds into nothing.
    private static RulePart Change(RulePart part, Func<PartItem, RulePart?> change) => part switch
    {
        PartItem item => change(item) ?? new PartGroup([], Any: false),
        PartGroup group => group with { Parts = [.. group.Parts.Select(each => Change(each, change)).Where(each => each is not PartGroup { Parts.Length: 0 })] },
        _ => part,
    };
}
