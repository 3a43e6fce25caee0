using System.Globalization;

namespace Watchhouse.Sigma;

/// <summary>Reads a pipeline file.</summary>
internal static class PipelineReader
{
    private const int MostDepth = 8;

    public static SigmaPipeline Read(string text, string file)
    {
        var documents = YamlReader.Read(text).ToList();
        if (documents.Count != 1) throw new FormatException($"{file}: a pipeline file holds one document; this one holds {documents.Count}.");
        if (documents[0].Root is not { } map) throw new FormatException($"{file}:{documents[0].Line}: {documents[0].Error}");
        var root = new PipelineNode(map, file, "a pipeline");
        var name = root.Text("name") ?? Path.GetFileName(file);
        var priority = 0;
        if (root.Text("priority") is { } written && !int.TryParse(written, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out priority))
            throw root.Fault(map["priority"]!, "'priority' must be a whole number");
        var variables = root.Get("vars") is null ? [] : root.Mapping("vars");
        // Meant for backends that convert rules to queries; this engine is none of them.
        root.Get("allowed_backends");
        var notes = new List<string>();
        foreach (var stage in new[] { "postprocessing", "finalizers" })
        {
            if (root.Get(stage) is YamlList { Items.Count: > 0 } list)
                notes.Add($"'{stage}' (line {list.Line}) has no effect: it changes queries, and rules are not made into queries here.");
        }

        var items = root.Get("transformations") switch
        {
            null or YamlScalar { IsNull: true } => [],
            YamlList list => Items(list, root, 0),
            var other => throw root.Fault(other, "'transformations' must be a list"),
        };
        root.End();
        return new(name, priority, file, variables.ToDictionary(each => each.Key, each => each.Value), items, notes);
    }

    public static List<PipelineItem> Items(YamlList list, PipelineNode parent, int depth)
    {
        if (depth > MostDepth) throw parent.Fault(list, $"items are nested more than {MostDepth} levels deep");
        return [.. list.Items.Select(item => Item(item as YamlMap ?? throw parent.Fault(item, "a transformation must be a map"), parent.File, depth))];
    }

    private static PipelineItem Item(YamlMap map, string file, int depth)
    {
        var type = map["type"]?.Text ?? throw new PipelineNode(map, file, "a transformation").Fault(map, "a transformation needs a type");
        var node = new PipelineNode(map, file, $"'{type}'");
        node.Get("type");
        var id = node.Text("id");
        var rule = PipelineConditions.Read(node, "rule", PipelineConditions.OfRule);
        var detection = PipelineConditions.Read(node, "detection_item", PipelineConditions.OfItem);
        var field = PipelineConditions.Read(node, "field_name", PipelineConditions.OfField);
        var action = PipelineTransformations.Read(type, node, depth);
        node.End();
        return new(id, node.Origin, rule, detection, field, action);
    }
}
