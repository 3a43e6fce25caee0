using System.Collections.Immutable;

namespace Watchhouse.Sigma;

/// <summary>A part of a detection as it was read: between YAML and the expression, so that pipelines can change it.</summary>
internal abstract record RulePart;

/// <summary>Parts joined by AND, or by OR.</summary>
internal sealed record PartGroup(ImmutableArray<RulePart> Parts, bool Any, bool Negated = false) : RulePart;

/// <summary>
/// One item: a field (null for keywords) and its values with all modifiers applied. A value that became several, by
/// windash or base64offset, holds alternatives.
/// </summary>
internal sealed record PartItem(string? Field, ImmutableArray<ImmutableArray<SigmaMatch>> Values, bool All, bool Negated) : RulePart
{
    /// <summary>Placeholders that have no list yet, and what the item is to be read from once they have.</summary>
    public PendingItem? Pending { get; init; }

    /// <summary>Ids of pipeline items that have changed the item.</summary>
    public ImmutableHashSet<string> Applied { get; init; } = [];

    /// <summary>Whether a pipeline has mapped the field's name.</summary>
    public bool Mapped { get; init; }
}

/// <summary>An item that waits for value lists, with those that are known.</summary>
internal sealed record PendingItem(
    string Key, YamlNode Value, IReadOnlyCollection<string> Missing, IReadOnlyDictionary<string, IReadOnlyList<string>> Lists);

/// <summary>Makes expressions of parts.</summary>
internal static class PartBuilder
{
    public static SigmaExpression Build(RulePart part) => part switch
    {
        PartItem item => Build(item),
        PartGroup group => Negate(Join([.. group.Parts.Select(Build)], group.Any), group.Negated),
        _ => throw new InvalidOperationException($"Unknown part {part.GetType().Name}."),
    };

    private static SigmaExpression Build(PartItem item)
    {
        if (item.Values is [[var only]]) return Negate(Test(item.Field, only), item.Negated);
        var values = new SigmaExpression[item.Values.Length];
        for (var at = 0; at < values.Length; at++)
        {
            var alternatives = item.Values[at];
            values[at] = alternatives.Length == 1
                ? Test(item.Field, alternatives[0])
                : Combine.Any([.. alternatives.Select(match => Test(item.Field, match))]);
        }

        return Negate(Join(values, !item.All), item.Negated);
    }

    // A keyword stands anywhere in a value.
    private static SigmaTest Test(string? field, SigmaMatch match) =>
        new(field, field is null && match is TextMatch text ? text with { Pattern = text.Pattern.Pad(before: true, after: true) } : match);

    private static SigmaExpression Join(SigmaExpression[] operands, bool any) => any ? Combine.Any(operands) : Combine.All(operands);

    private static SigmaExpression Negate(SigmaExpression expression, bool negated) => negated ? Combine.Not(expression) : expression;
}
