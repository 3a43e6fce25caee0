using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Watchhouse.Sigma;

/// <summary>Transformations of values.</summary>
internal static partial class ValueChanges
{
    public static PipelineAction Replace(PipelineNode node)
    {
        var (regex, replacement) = (PipelineValues.Pattern(node, "regex", fromStart: false), PipelineValues.Replacement(node.NeedText("replacement")));
        var (partsOnly, interpret) = (node.Flag("skip_special"), node.Flag("interpret_special"));
        return (context, item) => item.ChangeValues(context, (_, match) =>
        {
            try
            {
                return match switch
                {
                    TextMatch text when partsOnly => [text with { Pattern = Parts(text.Pattern, part => regex.Replace(part, replacement), interpret) }],
                    TextMatch text => [text with { Pattern = Whole(text.Pattern) }],
                    NumberMatch number when regex.Replace(number.Text, replacement) is var changed && changed != number.Text =>
                        [new TextMatch(PipelineValues.FromPlain(changed), Cased: false)],
                    _ => [match],
                };
            }
            catch (RegexMatchTimeoutException)
            {
                throw context.Failure(item, "The expression of replace_string takes too long on a value.");
            }
        });

        SigmaPattern Whole(SigmaPattern pattern)
        {
            var plain = PipelineValues.Plain(pattern);
            var changed = regex.Replace(plain, replacement);
            return changed == plain ? pattern : PipelineValues.FromPlain(changed);
        }
    }

    public static PipelineAction Map(PipelineNode node)
    {
        var mapping = node.Mapping("mapping").ToDictionary(each => each.Key, each => each.Value);
        return (context, item) => item.ChangeValues(context, (_, match) =>
            match is TextMatch text && mapping.TryGetValue(PipelineValues.Plain(text.Pattern), out var others)
                ? [.. others.Select(other => (SigmaMatch)(text with { Pattern = SigmaPattern.Parse(other) }))]
                : [match]);
    }

    public static PipelineAction Case(PipelineNode node)
    {
        Func<string, string> change = node.Choice("method", "lower", "lower", "upper", "snake_case") switch
        {
            "lower" => text => text.ToLowerInvariant(),
            "upper" => text => text.ToUpperInvariant(),
            _ => text => WordStart().Replace(text, "_").ToLowerInvariant(),
        };
        return (context, item) => item.ChangeValues(context, (_, match) => match is TextMatch text ? [text with { Pattern = Parts(text.Pattern, change, interpret: false) }] : [match]);
    }

    /// <summary>
    /// For backends that compare case-sensitively, regex writes a text as an expression that does not. This engine ignores
    /// case already, so only "plain", which asks for the text as it is written, changes what matches.
    /// </summary>
    public static PipelineAction Regex(PipelineNode node)
    {
        var plain = node.Choice("method", "ignore_case_brackets", "plain", "ignore_case_flag", "ignore_case_brackets") == "plain";
        return (context, item) => item.ChangeValues(context, (_, match) => plain && match is TextMatch text ? [text with { Cased = true }] : [match]);
    }

    public static PipelineAction Set(PipelineNode node)
    {
        var value = PipelineValues.Of(node.Need("value"), node);
        value = node.Text("force_type") switch
        {
            null => value,
            "str" => value is NumberMatch number ? new TextMatch(SigmaPattern.Literal(number.Text), Cased: false) : value,
            "num" => ToNumber(value) ?? throw node.Fault(node.Map["value"]!, "the value is not a number, which force_type asks for"),
            _ => throw node.Fault(node.Map["force_type"]!, "'force_type' must be str or num"),
        };
        return (context, item) => item.ChangeItems(context, part => part with { Values = [[value]], Pending = null });
    }

    public static PipelineAction Convert(PipelineNode node)
    {
        if (node.Choice("target_type", "", "str", "num") == "str")
        {
            return (context, item) => item.ChangeValues(context, (_, match) =>
                match is NumberMatch number ? [new TextMatch(SigmaPattern.Literal(number.Text), Cased: false)] : [match]);
        }

        return (context, item) => item.ChangeValues(context, (part, match) => match is NullMatch
            ? [match]
            : [ToNumber(match) ?? throw context.Failure(item, $"A value of {part.Field ?? "the keywords"} is not a number, which convert_type asks for.")]);
    }

    /// <summary>Puts the variables of the pipelines, or wildcards, in the place of placeholders that have no list.</summary>
    public static PipelineAction Placeholders(PipelineNode node, bool wildcards)
    {
        var (include, exclude) = (node.Texts("include"), node.Texts("exclude"));
        if (include is not null && exclude is not null) throw node.Fault(node.Map["exclude"]!, "'include' and 'exclude' exclude each other");
        return (context, item) => item.ChangeItems(context, part =>
        {
            if (part.Pending is not { } pending) return part;
            var lists = pending.Missing.Where(name => include?.Contains(name) ?? exclude?.Contains(name) != true)
                .Where(name => wildcards || context.Variables.ContainsKey(name))
                .ToDictionary(name => name, name => wildcards ? ["*"] : context.Variables[name]);
            if (lists.Count == 0) return part;
            try
            {
                var read = DetectionItem.Read(pending.Key, pending.Value, new(lists, pending.Lists));
                return part with { Values = read.Values, Pending = read.Pending };
            }
            catch (SigmaFormatException e)
            {
                throw context.Failure(item, e.Message);
            }
        });
    }

    private static NumberMatch? ToNumber(SigmaMatch match) => match switch
    {
        NumberMatch number => number,
        TextMatch { Pattern: { IsLiteral: true, Parts: [var part] } } when double.TryParse(part.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) =>
            new(number, part.Text),
        _ => null,
    };

    private static SigmaPattern Parts(SigmaPattern pattern, Func<string, string> change, bool interpret) => SigmaPattern.Of([.. pattern.Parts.SelectMany(part =>
    {
        if (part.Kind != PatternPartKind.Literal) return [part];
        var changed = change(part.Text);
        return interpret ? [.. SigmaPattern.Parse(changed).Parts] : (PatternPart[])[part with { Text = changed }];
    })]);

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex WordStart();
}
