namespace Watchhouse.Sigma;

/// <summary>The transformations of pipelines by their type (pySigma documentation, "Rule Pre-Processing Transformations").</summary>
internal static class PipelineTransformations
{
    public static PipelineAction Read(string type, PipelineNode node, int depth) => type switch
    {
        "field_name_mapping" => FieldChanges.Mapping(node),
        "field_name_prefix_mapping" => FieldChanges.PrefixMapping(node),
        "field_name_prefix" => FieldChanges.Affix(node.NeedText("prefix"), ""),
        "field_name_suffix" => FieldChanges.Affix("", node.NeedText("suffix")),
        "drop_detection_item" => (context, item) => item.ChangeItems(context, _ => null),
        "hashes_fields" => FieldChanges.Hashes(node),
        "strict_field_mapping_failure" => FieldChanges.StrictMapping(),
        "replace_string" => ValueChanges.Replace(node),
        "map_string" => ValueChanges.Map(node),
        "case" => ValueChanges.Case(node),
        "regex" => ValueChanges.Regex(node),
        "set_value" => ValueChanges.Set(node),
        "convert_type" => ValueChanges.Convert(node),
        "value_placeholders" => ValueChanges.Placeholders(node, wildcards: false),
        "wildcard_placeholders" => ValueChanges.Placeholders(node, wildcards: true),
        "query_expression_placeholders" => throw Refuse(node, "puts query text in the place of values, and there is no query here: use value_placeholders, or a file of value lists"),
        "field_name_transform" => throw Refuse(node, "names a function of a program, which a file cannot hold: use field_name_mapping"),
        "add_condition" => AddCondition(node),
        "change_logsource" => ChangeSource(node),
        "set_state" => SetState(node),
        "set_custom_attribute" => SetAttribute(node),
        "add_field" => Fields(node, (before, given) => [.. before, .. given.Except(before)]),
        "remove_field" => Fields(node, (before, given) => [.. before.Except(given)]),
        "set_field" => Fields(node, (_, given) => given, "fields"),
        "rule_failure" => Fail(node),
        "detection_item_failure" => FailItem(node),
        "nest" => Nest(node, depth),
        _ => throw node.Fault(node.Map["type"]!, $"the transformation '{type}' is unknown"),
    };

    private static FormatException Refuse(PipelineNode node, string reason) => node.Fault(node.Map["type"]!, $"{node.What} {reason}");

    private static PipelineAction AddCondition(PipelineNode node)
    {
        var conditions = node.Need("conditions") as YamlMap ?? throw node.Fault(node.Map["conditions"]!, "'conditions' must be a map of field to values");
        var (template, negated) = (node.Flag("template"), node.Flag("negated"));
        node.Text("name");
        RulePart Part(YamlMap map) => DetectionParser.Identifier("conditions", map, new(new Dictionary<string, IReadOnlyList<string>>()));
        RulePart part;
        try
        {
            part = Part(conditions);
        }
        catch (SigmaFormatException e)
        {
            throw node.Fault(node.Map["conditions"]!, e.Message.TrimEnd('.'));
        }

        return (context, item) =>
        {
            if (context.Draft is not { } draft) return;
            try
            {
                draft.Added.Add((template ? Part(Filled(conditions, draft.Head.LogSource)) : part, negated));
            }
            catch (SigmaFormatException e)
            {
                throw context.Failure(item, e.Message);
            }
        };
    }

    private static YamlMap Filled(YamlMap map, SigmaLogSource source)
    {
        YamlNode Fill(YamlNode node) => node switch
        {
            YamlScalar scalar => scalar with
            {
                Value = scalar.Value
                    .Replace("$category", source.Category, StringComparison.Ordinal)
                    .Replace("$product", source.Product, StringComparison.Ordinal)
                    .Replace("$service", source.Service, StringComparison.Ordinal),
            },
            YamlList list => list with { Items = [.. list.Items.Select(Fill)] },
            _ => node,
        };
        return map with { Entries = [.. map.Entries.Select(entry => KeyValuePair.Create(entry.Key, Fill(entry.Value)))] };
    }

    private static PipelineAction ChangeSource(PipelineNode node)
    {
        string? Part(string key) => node.Text(key)?.ToLowerInvariant();
        var source = new SigmaLogSource(Part("product"), Part("category"), Part("service"));
        if (source is { Product: null, Category: null, Service: null }) throw node.Fault(node.Map, $"{node.What} needs product, category or service");
        return (context, _) =>
        {
            if (context.Draft is { } draft) draft.Head = draft.Head with { LogSource = source };
        };
    }

    private static PipelineAction SetState(PipelineNode node)
    {
        var (key, value) = (node.NeedText("key"), node.NeedText("val"));
        return (context, _) => context.State[key] = value;
    }

    private static PipelineAction SetAttribute(PipelineNode node)
    {
        var (name, value) = (node.NeedText("attribute"), node.NeedText("value"));
        return (context, _) =>
        {
            var custom = new Dictionary<string, string>(context.Document.Custom) { [name] = value };
            if (context.Draft is { } draft) draft.Head = draft.Head with { Custom = custom };
            else context.Correlation = context.Correlation! with { Custom = custom };
        };
    }

    private static PipelineAction Fields(PipelineNode node, Func<IReadOnlyList<string>, IReadOnlyList<string>, IReadOnlyList<string>> change, string key = "field")
    {
        var given = node.Texts(key) ?? throw node.Fault(node.Map, $"{node.What} needs '{key}'");
        return (context, _) => context.Change(before => change(before, given));
    }

    private static PipelineAction Fail(PipelineNode node)
    {
        var message = node.NeedText("message");
        return (context, item) => throw context.Failure(item, message);
    }

    private static PipelineAction FailItem(PipelineNode node)
    {
        var message = node.NeedText("message");
        return (context, item) => item.ChangeItems(context, part => throw context.Failure(item, $"{message} (field {part.Field ?? "of keywords"})"));
    }

    private static PipelineAction Nest(PipelineNode node, int depth)
    {
        var list = node.Need("items") as YamlList ?? throw node.Fault(node.Map["items"]!, "'items' must be a list of transformations");
        var items = PipelineReader.Items(list, node, depth + 1);
        return (context, _) =>
        {
            foreach (var item in items) item.Run(context);
        };
    }
}
