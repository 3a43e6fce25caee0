using System.Globalization;
using System.Text.RegularExpressions;

namespace Watchhouse.Sigma;

/// <summary>The conditions of a pipeline's items.</summary>
internal static class PipelineConditions
{
    private static readonly string[] Statuses = ["unsupported", "deprecated", "experimental", "test", "stable"];

    /// <summary>Reads the conditions of one kind: a list joined by *_cond_op, or a map of names for *_cond_expr.</summary>
    public static PipelineTest Read(PipelineNode node, string kind, Func<string, PipelineNode, PipelineTest?> known)
    {
        var tests = new List<(string Name, PipelineTest Test)>();
        switch (node.Get($"{kind}_conditions"))
        {
            case null:
                break;
            case YamlList list:
                foreach (var item in list.Items) tests.Add(("", One(item)));
                break;
            case YamlMap map:
                foreach (var (name, item) in map.Entries) tests.Add((name, One(item)));
                break;
            case var other:
                throw node.Fault(other, $"'{kind}_conditions' must be a list or a map of conditions");
        }

        var negated = node.Flag($"{kind}_cond_not");
        var any = node.Choice($"{kind}_cond_op", "and", "and", "or") == "or";
        var expression = node.Text($"{kind}_cond_expr");
        if (expression is not null && node.Map[$"{kind}_cond_op"] is not null)
            throw node.Fault(node.Map[$"{kind}_cond_op"]!, $"'{kind}_cond_op' and '{kind}_cond_expr' exclude each other");
        if (expression is not null) return Expression(expression);
        if (tests.Count == 0) return (_, _, _) => true;
        return (context, item, field) => negated != (any
            ? tests.Exists(each => each.Test(context, item, field))
            : tests.TrueForAll(each => each.Test(context, item, field)));

        PipelineTest One(YamlNode item)
        {
            var map = item as YamlMap ?? throw node.Fault(item, "a condition must be a map");
            var type = map["type"]?.Text ?? throw node.Fault(item, "a condition needs a type");
            var inner = new PipelineNode(map, node.File, $"the condition '{type}'");
            inner.Get("type");
            var test = known(type, inner) ?? throw node.Fault(map["type"]!, $"'{type}' is unknown among {kind}_conditions");
            inner.End();
            return test;
        }

        PipelineTest Expression(string text)
        {
            var names = tests.Where(each => each.Name.Length > 0).ToDictionary(each => each.Name, each => each.Test);
            SigmaExpression parsed;
            try
            {
                parsed = ConditionParser.Parse(text, names.ToDictionary(each => each.Key, each => (SigmaExpression)new SigmaTest(each.Key, new NullMatch())), node.Map.Line);
            }
            catch (SigmaFormatException e)
            {
                throw node.Fault(node.Map[$"{kind}_cond_expr"]!, e.Message.TrimEnd('.'));
            }

            bool Holds(SigmaExpression at, PipelineContext context, PartItem? item, string? field) => at switch
            {
                SigmaTest test => names[test.Field!](context, item, field),
                SigmaNot not => !Holds(not.Operand, context, item, field),
                SigmaAll all => all.Operands.All(each => Holds(each, context, item, field)),
                SigmaAny some => some.Operands.Any(each => Holds(each, context, item, field)),
                _ => throw new InvalidOperationException(),
            };
            return (context, item, field) => negated != Holds(parsed, context, item, field);
        }
    }

    public static PipelineTest? OfRule(string type, PipelineNode node)
    {
        switch (type)
        {
            case "logsource":
            {
                var (product, category, service) = (node.Text("product"), node.Text("category"), node.Text("service"));
                bool Has(SigmaLogSource source) => Same(product, source.Product) && Same(category, source.Category) && Same(service, source.Service);
                return (context, _, _) => context.Draft is { } draft ? Has(draft.Head.LogSource) : context.Sources.Any(Has);
            }

            case "contains_detection_item":
            {
                var (field, value) = (node.NeedText("field"), PipelineValues.Of(node.Need("value"), node));
                return (context, _, _) => context.Draft?.Items.Any(item =>
                    item.Field == field && item.Values.Any(each => each.Any(match => PipelineValues.Same(match, value)))) == true;
            }

            case "contains_field":
            {
                var field = node.NeedText("field");
                return (context, _, _) => context.Draft?.Items.Any(item => item.Field == field) == true;
            }

            case "processing_item_applied":
            {
                var id = node.NeedText("processing_item_id");
                return (context, _, _) => context.Applied.Contains(id);
            }

            case "processing_state": return State(node);
            case "is_sigma_rule": return (context, _, _) => context.Draft is not null;
            case "is_sigma_correlation_rule": return (context, _, _) => context.Draft is null;
            case "rule_attribute": return Attribute(node);
            case "tag":
            {
                var tag = node.NeedText("tag");
                return (context, _, _) => context.Document.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase);
            }

            default: return null;
        }
    }

    public static PipelineTest? OfItem(string type, PipelineNode node)
    {
        switch (type)
        {
            case "match_string":
            {
                var (pattern, negated) = (PipelineValues.Pattern(node, "pattern", fromStart: true), node.Flag("negate"));
                return Values(node, match => negated != (match is TextMatch text && pattern.IsMatch(PipelineValues.Plain(text.Pattern))));
            }

            case "match_value":
            {
                var value = PipelineValues.Of(node.Need("value"), node);
                return Values(node, match => PipelineValues.Same(match, value));
            }

            case "contains_wildcard": return Values(node, match => match is TextMatch { Pattern.IsLiteral: false });
            case "is_null": return Values(node, match => match is NullMatch);
            case "processing_item_applied":
            {
                var id = node.NeedText("processing_item_id");
                return (_, item, _) => item?.Applied.Contains(id) == true;
            }

            case "processing_state": return State(node);
            default: return null;
        }
    }

    public static PipelineTest? OfField(string type, PipelineNode node)
    {
        switch (type)
        {
            case "include_fields" or "exclude_fields":
            {
                var fields = node.Texts("fields") ?? throw node.Fault(node.Map, $"{node.What} needs 'fields'");
                var included = type == "include_fields";
                if (node.Choice("mode", "plain", "plain", "re") == "plain")
                    return (_, _, field) => included == (field is not null && fields.Contains(field));
                var patterns = fields.Select(text => PipelineValues.Pattern(text, node, node.Map, fromStart: true)).ToArray();
                return (_, _, field) => included == (field is not null && patterns.Any(pattern => pattern.IsMatch(field)));
            }

            case "processing_item_applied":
            {
                var id = node.NeedText("processing_item_id");
                return (_, item, _) => item?.Applied.Contains(id) == true;
            }

            case "processing_state": return State(node);
            default: return null;
        }
    }

    private static PipelineTest Values(PipelineNode node, Func<SigmaMatch, bool> holds)
    {
        var all = node.Choice("cond", "any", "any", "all") == "all";
        return (_, item, _) => item is not null && (all ? item.Values.All(Fits) : item.Values.Any(Fits));
        bool Fits(System.Collections.Immutable.ImmutableArray<SigmaMatch> value) => value.Any(holds);
    }

    private static PipelineTest State(PipelineNode node)
    {
        var (key, value, compare) = (node.NeedText("key"), node.NeedText("val"), Comparison(node, node.Choice("op", "eq", "eq", "ne", "gte", "gt", "lte", "lt")));
        return (context, _, _) => context.State.TryGetValue(key, out var state) && compare(Order(state, value));
    }

    private static PipelineTest Attribute(PipelineNode node)
    {
        var (name, value) = (node.NeedText("attribute"), node.NeedText("value"));
        var op = node.Choice("op", "eq", "eq", "ne", "gte", "gt", "lte", "lt", "in", "not_in");
        Func<int, bool> compare = op is "in" or "not_in" ? _ => false : Comparison(node, op);
        if (name == "level" && !Enum.TryParse<SigmaLevel>(value, ignoreCase: true, out _)) throw node.Fault(node.Map["value"]!, $"'{value}' is no level");
        if (name == "status" && !Statuses.Contains(value)) throw node.Fault(node.Map["value"]!, $"'{value}' is no status");
        return (context, _, _) =>
        {
            var document = context.Document;
            switch (name)
            {
                case "level":
                    return compare(document.Level.CompareTo(Enum.Parse<SigmaLevel>(value, ignoreCase: true)));
                case "status":
                    return document.Status is { } status && compare(Array.IndexOf(Statuses, status).CompareTo(Array.IndexOf(Statuses, value)));
                case "tags" or "references" or "fields" or "falsepositives":
                {
                    var list = name switch { "tags" => document.Tags, "references" => document.References, "fields" => document.Fields, _ => document.FalsePositives };
                    return op switch { "in" => list.Contains(value), "not_in" => !list.Contains(value), _ => op == "ne" };
                }
            }

            var text = name switch
            {
                "id" => document.Id,
                "name" => document.Name,
                "title" => document.Title,
                "author" => document.Author,
                "description" => document.Description,
                "date" => document.Date?.Replace('/', '-'),
                "modified" => document.Modified?.Replace('/', '-'),
                _ => document.Custom.GetValueOrDefault(name),
            };
            return text is not null && compare(Order(text, value));
        };
    }

    private static Func<int, bool> Comparison(PipelineNode node, string op) => op switch
    {
        "eq" => order => order == 0,
        "ne" => order => order != 0,
        "gte" => order => order >= 0,
        "gt" => order => order > 0,
        "lte" => order => order <= 0,
        "lt" => order => order < 0,
        _ => throw node.Fault(node.Map["op"]!, $"'{op}' is unknown"),
    };

    // Numbers by size, everything else by text, in which dates (YYYY-MM-DD) keep their order.
    private static int Order(string left, string right) =>
        double.TryParse(left, NumberStyles.Float, CultureInfo.InvariantCulture, out var first)
        && double.TryParse(right, NumberStyles.Float, CultureInfo.InvariantCulture, out var second)
            ? first.CompareTo(second)
            : string.CompareOrdinal(left, right);

    private static bool Same(string? asked, string? has) => asked is null || string.Equals(asked, has, StringComparison.OrdinalIgnoreCase);
}
