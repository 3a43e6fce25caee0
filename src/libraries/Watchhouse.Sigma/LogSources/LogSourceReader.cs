using System.Collections.Immutable;

namespace Watchhouse.Sigma;

/// <summary>Reads a table of log sources from YAML.</summary>
internal static class LogSourceReader
{
    public static IEnumerable<LogSourceEntry> Read(string text, string file)
    {
        foreach (var document in YamlReader.Read(text))
        {
            if (document.Root is not { } root) throw new FormatException($"{file}:{document.Line}: {document.Error}");
            foreach (var (key, value) in root.Entries)
            {
                if (key is not ("entries" or "groups" or "when" or "carried")) throw Fault(file, value, $"'{key}' is unknown; a table has entries, groups, carried and when");
            }

            var groups = (root["groups"] as YamlMap)?.Entries.ToDictionary(group => group.Key, group => Fields(group.Value, file)) ?? [];
            var carried = (root["carried"] as YamlMap)?.Entries.ToDictionary(group => group.Key, group => Texts(group.Value, file).ToArray()) ?? [];
            var common = Conditions(root["when"], file);
            if (root["entries"] is not YamlList entries) throw Fault(file, root, "a table must have a list of entries");
            foreach (var item in entries.Items)
            {
                if (item is not YamlMap entry) throw Fault(file, item, "an entry must be a map");
                yield return Entry(entry, groups, common, file) with { Carries = Carries(entry, carried, file) };
            }
        }
    }

    private static LogSourceEntry Entry(
        YamlMap entry, Dictionary<string, ImmutableDictionary<string, ImmutableArray<string>>> groups, IEnumerable<LogSourceCondition> common, string file)
    {
        foreach (var (key, value) in entry.Entries)
        {
            if (key is not ("name" or "source" or "sources" or "when" or "fields" or "use" or "carries" or "carries_groups"))
                throw Fault(file, value, $"'{key}' is unknown; an entry has name, source, sources, when, use, fields, carries and carries_groups");
        }

        var name = entry["name"]?.Text ?? throw Fault(file, entry, "an entry must have a name");
        YamlNode sourceNode = entry["sources"] ?? entry["source"] ?? throw Fault(file, entry, $"'{name}' has no source");
        var sources = (sourceNode is YamlList list ? list.Items : [sourceNode]).Select(node => Source(node, file)).ToImmutableArray();
        ImmutableArray<LogSourceCondition> when = [.. common, .. Conditions(entry["when"], file)];
        if (when.Length == 0) throw Fault(file, entry, $"'{name}' has no condition: it would fit every event");
        var fields = ImmutableDictionary.CreateBuilder<string, ImmutableArray<string>>();
        var parts = Texts(entry["use"], file).Select(group => groups.TryGetValue(group, out var found) ? found : throw Fault(file, entry, $"'{name}' uses the group '{group}', which is not there"))
            .Append(entry["fields"] is { } own ? Fields(own, file) : ImmutableDictionary<string, ImmutableArray<string>>.Empty);
        foreach (var (field, paths) in parts.SelectMany(part => part))
            fields[field] = fields.TryGetValue(field, out var before) ? [.. before, .. paths.Except(before)] : paths;
        return new(name, sources, when, fields.ToImmutable());
    }

    private static ImmutableHashSet<string>? Carries(YamlMap entry, Dictionary<string, string[]> groups, string file)
    {
        if (entry["carries"] is null && entry["carries_groups"] is null) return null;
        var shared = Texts(entry["carries_groups"], file)
            .SelectMany(name => groups.TryGetValue(name, out var fields) ? fields : throw Fault(file, entry, $"the carried group '{name}' is not there"));
        return [.. shared, .. Texts(entry["carries"], file)];
    }

    private static SigmaLogSource Source(YamlNode node, string file)
    {
        if (node is not YamlMap map) throw Fault(file, node, "a source must be a map of product, category and service");
        foreach (var (key, value) in map.Entries)
        {
            if (key is not ("product" or "category" or "service")) throw Fault(file, value, $"'{key}' is unknown; a source has product, category and service");
        }

        return new(map["product"]?.Text, map["category"]?.Text, map["service"]?.Text);
    }

    private static List<LogSourceCondition> Conditions(YamlNode? node, string file)
    {
        if (node is null) return [];
        if (node is not YamlMap map) throw Fault(file, node, "when must be a map of path to values");
        return [.. map.Entries.Select(entry => new LogSourceCondition(
            entry.Key, entry.Value is YamlScalar { Value: "*" } ? [] : [.. Texts(entry.Value, file)]))];
    }

    private static ImmutableDictionary<string, ImmutableArray<string>> Fields(YamlNode node, string file)
    {
        if (node is not YamlMap map) throw Fault(file, node, "fields must be a map of a rule's name to paths");
        return map.Entries.ToImmutableDictionary(entry => entry.Key, entry => Texts(entry.Value, file).ToImmutableArray());
    }

    private static IEnumerable<string> Texts(YamlNode? node, string file) => node switch
    {
        null => [],
        YamlList list => list.Items.Select(item => item.Text ?? throw Fault(file, item, "a text is expected here")),
        { Text: { } one } => [one],
        _ => throw Fault(file, node, "a text or a list of texts is expected here"),
    };

    private static FormatException Fault(string file, YamlNode at, string reason) => new($"{file}:{at.Line}: {reason}.");
}
