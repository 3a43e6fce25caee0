namespace Watchhouse.Sigma;

/// <summary>The detection section: search identifiers and the condition that joins them.</summary>
internal static class DetectionParser
{
    /// <summary>The identifiers of a detection or filter section by name; <paramref name="reserved"/> keys are not identifiers.</summary>
    public static Dictionary<string, SigmaExpression> Identifiers(YamlMap section, DetectionContext context, params ReadOnlySpan<string> reserved)
    {
        var identifiers = new Dictionary<string, SigmaExpression>();
        foreach (var (name, value) in section.Entries)
        {
            if (!reserved.Contains(name)) identifiers.Add(name, Identifier(name, value, context));
        }

        return identifiers;
    }

    /// <summary>The conditions of a section; a list of several is OR.</summary>
    public static SigmaExpression Condition(YamlMap section, IReadOnlyDictionary<string, SigmaExpression> identifiers)
    {
        var node = section["condition"] ?? throw new SigmaFormatException(section.Line, "The detection has no condition.");
        var texts = node is YamlList list ? list.Items : [node];
        if (texts.Count == 0) throw new SigmaFormatException(node.Line, "The list of conditions is empty.");
        return Combine.Any([.. texts.Select(each => ConditionParser.Parse(
            each.Text ?? throw new SigmaFormatException(each.Line, "A condition must be text."), identifiers, each.Line))]);
    }

    private static SigmaExpression Identifier(string name, YamlNode value, DetectionContext context)
    {
        switch (value)
        {
            case YamlMap map:
                if (map.Entries.Count == 0) throw new SigmaFormatException(value.Line, $"'{name}' is empty.");
                return Combine.All([.. map.Entries.Select(entry => DetectionItem.Parse(entry.Key, entry.Value, context))]);
            case YamlList { Items.Count: 0 }:
                throw new SigmaFormatException(value.Line, $"'{name}' is an empty list.");
            case YamlList list:
                // A list of maps is OR of them, a list of values is OR of keywords, and a mixed one is OR of both.
                return Combine.Any([.. list.Items.Select(item => item is YamlScalar ? DetectionItem.Parse("", item, context) : Identifier(name, item, context))]);
            default:
                return DetectionItem.Parse("", value, context);
        }
    }
}
