namespace Watchhouse.Sigma;

/// <summary>
/// Rule collections of older Sigma: a document with "action: global" is merged into those after it, "reset" forgets it,
/// and "repeat" takes the document before it and merges its own keys over that.
/// </summary>
internal static class RuleCollection
{
    public static IEnumerable<YamlDocument> Merge(IEnumerable<YamlDocument> documents)
    {
        YamlMap? common = null;
        YamlMap? previous = null;
        foreach (var document in documents)
        {
            if (document.Root is not { } root)
            {
                yield return document;
                continue;
            }

            switch (root["action"]?.Text)
            {
                case "global":
                    common = common is null ? root : Merge(common, root);
                    continue;
                case "reset":
                    common = null;
                    continue;
                case "repeat" when previous is not null:
                    root = Merge(previous, root);
                    break;
                default:
                    if (common is not null) root = Merge(common, root);
                    break;
            }

            previous = root;
            yield return document with { Root = root };
        }
    }

    private static YamlMap Merge(YamlMap under, YamlMap over)
    {
        var entries = under.Entries.Where(entry => entry.Key != "action").ToList();
        foreach (var (key, value) in over.Entries)
        {
            var at = entries.FindIndex(entry => entry.Key == key);
            if (at < 0) entries.Add(new(key, value));
            else entries[at] = new(key, entries[at].Value is YamlMap below && value is YamlMap above ? Merge(below, above) : value);
        }

        return new(entries, over.Line);
    }
}
