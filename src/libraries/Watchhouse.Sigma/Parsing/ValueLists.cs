namespace Watchhouse.Sigma;

/// <summary>Value lists for |expand as a file: a YAML map of name to list of values.</summary>
public static class ValueLists
{
    /// <summary>Reads the lists.</summary>
    /// <exception cref="FormatException">The text is not such a map; the message names file and line.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(string text, string file)
    {
        var lists = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var document in YamlReader.Read(text))
        {
            if (document.Root is not { } root) throw new FormatException($"{file}:{document.Line}: {document.Error}");
            foreach (var (name, value) in root.Entries)
            {
                lists[name.Trim('%')] = value switch
                {
                    YamlList list => [.. list.Items.Select(item => item.Text ?? throw new FormatException($"{file}:{item.Line}: a value of '{name}' is not text."))],
                    { Text: { } one } => [one],
                    _ => throw new FormatException($"{file}:{value.Line}: '{name}' must be a list of values."),
                };
            }
        }

        return lists;
    }
}
