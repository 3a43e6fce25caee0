using System.Collections.Immutable;

namespace Watchhouse.Sigma;

/// <summary>Transformations of field names: in items, in references to fields, in the list of fields and in correlations.</summary>
internal static class FieldChanges
{
    private delegate IReadOnlyList<string>? Renaming(string field);

    public static PipelineAction Mapping(PipelineNode node)
    {
        var mapping = node.Mapping("mapping").ToDictionary(each => each.Key, each => each.Value);
        return (context, item) => Rename(context, item, field => mapping.GetValueOrDefault(field));
    }

    public static PipelineAction PrefixMapping(PipelineNode node)
    {
        var mapping = node.Mapping("mapping");
        return (context, item) => Rename(context, item, field =>
        {
            foreach (var (prefix, others) in mapping)
            {
                if (field.StartsWith(prefix, StringComparison.Ordinal)) return [.. others.Select(other => other + field[prefix.Length..])];
            }

            return null;
        });
    }

    public static PipelineAction Affix(string prefix, string suffix) => (context, item) => Rename(context, item, field => [prefix + field + suffix]);

    /// <summary>A rule that still uses a field that no mapping knew is rejected.</summary>
    public static PipelineAction StrictMapping() => (context, item) => item.ChangeItems(context, part => part.Field is null || part.Mapped
        ? part
        : throw context.Failure(item, $"The field {part.Field} is not mapped."));

    /// <summary>Makes an item of algorithm=hash texts one item for each algorithm.</summary>
    public static PipelineAction Hashes(PipelineNode node)
    {
        var algorithms = node.Texts("valid_hash_algos") ?? throw node.Fault(node.Map, $"{node.What} needs 'valid_hash_algos'");
        var (prefix, bare) = (node.Text("field_prefix") ?? "", node.Flag("drop_algo_prefix"));
        return (context, item) => item.ChangeItems(context, part =>
        {
            var matches = part.Values.SelectMany(each => each).ToArray();
            if (!Array.TrueForAll(matches, match => match is TextMatch)) return part;
            var found = matches.Cast<TextMatch>().Select(match => (Match: match, Hash: Hash(PipelineValues.Plain(match.Pattern), algorithms)))
                .Where(each => each.Hash.Algorithm is not null).ToArray();
            if (found.Length == 0) throw context.Failure(item, $"The hashes of {part.Field} are none of {string.Join(", ", algorithms)}.");
            var parts = found.GroupBy(each => prefix + (bare ? "" : each.Hash.Algorithm)).Select(group => (RulePart)(part with
            {
                Field = group.Key,
                Negated = false,
                Values = [.. group.Select(each => ImmutableArray.Create<SigmaMatch>(each.Match with { Pattern = PipelineValues.FromPlain(each.Hash.Text) }))],
            })).ToImmutableArray();
            return new PartGroup(parts, Any: !part.All, part.Negated);
        });
    }

    private static (string? Algorithm, string Text) Hash(string text, IReadOnlyList<string> algorithms)
    {
        var separator = text.IndexOfAny(['=', '|']);
        var (algorithm, hash) = separator > 0 ? (text[..separator].TrimStart('*').ToUpperInvariant(), text[(separator + 1)..]) : (null, text.TrimStart('*'));
        algorithm ??= hash.TrimEnd('*').Length switch
        {
            32 => "MD5",
            40 => "SHA1",
            64 => "SHA256",
            128 => "SHA512",
            _ => null,
        };
        return (algorithm is not null && algorithms.Contains(algorithm, StringComparer.OrdinalIgnoreCase) ? algorithm : null, hash);
    }

    private static void Rename(PipelineContext context, PipelineItem item, Renaming rename)
    {
        item.ChangeItems(context, part => Rename(part, rename));
        if (context.Draft is { } draft) draft.Change(part => References(context, item, part, rename));
        context.Change(fields => [.. fields.SelectMany(field => (item.FitsField(context, field) ? rename(field) : null) ?? [field])]);
        if (context.Correlation is { } correlation) context.Correlation = Rename(context, item, correlation, rename);
    }

    private static RulePart Rename(PartItem part, Renaming rename)
    {
        if (part.Field is null || rename(part.Field) is not { } names) return part;
        if (names.Count == 1) return part with { Field = names[0], Mapped = true };
        return new PartGroup([.. names.Select(name => (RulePart)(part with { Field = name, Negated = false, Mapped = true }))], Any: true, part.Negated);
    }

    private static PartItem References(PipelineContext context, PipelineItem item, PartItem part, Renaming rename)
    {
        if (!part.Values.Any(value => value.Any(match => match is FieldMatch))) return part;
        return part with
        {
            Values = [.. part.Values.Select(value => value.SelectMany(match => match is FieldMatch field && item.FitsField(context, field.OtherField) && rename(field.OtherField) is { } names
                ? names.Select(name => (SigmaMatch)(field with { OtherField = name }))
                : [match]).ToImmutableArray())],
        };
    }

    private static SigmaCorrelation Rename(PipelineContext context, PipelineItem item, SigmaCorrelation correlation, Renaming rename)
    {
        string One(string field)
        {
            var names = item.FitsField(context, field) ? rename(field) : null;
            return names switch
            {
                null => field,
                [var one] => one,
                _ => throw context.Failure(item, $"The field {field} has several names, and a correlation needs one: give an alias or a mapping of its own."),
            };
        }

        return correlation with
        {
            GroupBy = [.. correlation.GroupBy.Select(name => correlation.Aliases.ContainsKey(name) ? name : One(name))],
            ValueFields = [.. correlation.ValueFields.Select(One)],
            Aliases = correlation.Aliases.ToDictionary(
                alias => alias.Key,
                alias => (IReadOnlyDictionary<string, string>)alias.Value.ToDictionary(rule => rule.Key, rule => One(rule.Value))),
        };
    }
}
