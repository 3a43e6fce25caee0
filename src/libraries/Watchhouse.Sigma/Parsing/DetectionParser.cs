namespace Watchhouse.Sigma;

/// <summary>The detection section: search identifiers and the condition that joins them.</summary>
internal static class DetectionParser
{
    /// <summary>The identifiers of a detection or filter section by name; <paramref name="reserved"/> keys are not identifiers.</summary>
    public static Dictionary<string, RulePart> Identifiers(YamlMap section, DetectionContext context, params ReadOnlySpan<string> reserved)
    {
        var identifiers = new Dictionary<string, RulePart>();
        foreach (var (name, value) in section.Entries)
        {
            if (!reserved.Contains(name)) identifiers.Add(name, Identifier(name, value, context));
        }

        return identifiers;
    }

    /// <summary>The conditions of a section with their lines; a list of several is OR.</summary>
    public static IReadOnlyList<(string Text, int Line)> Conditions(YamlMap section)
    {
        var node = section["condition"] ?? throw new SigmaFormatException(section.Line, "The detection has no condition.");
        var texts = node is YamlList list ? list.Items : [node];
        if (texts.Count == 0) throw new SigmaFormatException(node.Line, "The list of conditions is empty.");
        return [.. texts.Select(each => (each.Text ?? throw new SigmaFormatException(each.Line, "A condition must be text."), each.Line))];
    }

    /// <summary>A search identifier's content: a map, a list of maps or values, or one value.</summary>
    public static RulePart Identifier(string name, YamlNode value, DetectionContext context)
    {
        switch (value)
        {
            case YamlMap { Entries.Count: 0 }:
                throw new SigmaFormatException(value.Line, $"'{name}' is empty.");
            case YamlMap { Entries.Count: 1 } map:
                return DetectionItem.Read(map.Entries[0].Key, map.Entries[0].Value, context);
            case YamlMap map:
                return new PartGroup([.. map.Entries.Select(entry => (RulePart)DetectionItem.Read(entry.Key, entry.Value, context))], Any: false);
            case YamlList { Items.Count: 0 }:
                throw new SigmaFormatException(value.Line, $"'{name}' is an empty list.");
            case YamlList list when list.Items.All(item => item is YamlScalar):
                return DetectionItem.Read("", list, context);
            case YamlList list:
                // A list of maps is OR of them, and a mixed one is OR of maps and keywords.
                return new PartGroup([.. list.Items.Select(item => Identifier(name, item, context))], Any: true);
            default:
                return DetectionItem.Read("", value, context);
        }
    }
}
