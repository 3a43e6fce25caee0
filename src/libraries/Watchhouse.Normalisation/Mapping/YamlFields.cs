using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Watchhouse.Normalisation;

/// <summary>Takes values out of a YAML map, and complains with file and line about what is not as it should be.</summary>
internal sealed class YamlFields
{
    private readonly YamlMappingNode _map;
    private readonly string _file;

    private YamlFields(YamlNode node, string file)
    {
        _file = file;
        _map = node as YamlMappingNode ?? throw Fault(file, node, "a map is expected here");
    }

    public static YamlFields Root(string text, string file)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new FormatException($"{file}:{Math.Max(1, e.Start.Line)}: this is not YAML: {e.Message}.");
        }

        if (stream.Documents.Count != 1) throw new FormatException($"{file}:1: one YAML document is expected here.");
        return new(stream.Documents[0].RootNode, file);
    }

    public void OnlyKnows(params ReadOnlySpan<string> names)
    {
        foreach (var (key, value) in _map.Children)
        {
            if (!names.Contains(Scalar(key))) throw Fault(_file, value, $"'{key}' is unknown; known are {string.Join(", ", names)}");
        }
    }

    public FormatException Fault(string reason) => Fault(_file, _map, reason);

    public string? Text(string name) => Find(name) is { } node ? Scalar(node) : null;

    public YamlFields? Map(string name) => Find(name) is { } node ? new(node, _file) : null;

    /// <summary>The maps in a list, or the one map where there is no list.</summary>
    public IEnumerable<YamlFields> Maps(string name) => Items(name).Select(node => new YamlFields(node, _file));

    public ImmutableArray<string> Texts(string name) => [.. Items(name).Select(Scalar)];

    /// <summary>A list of lists; a text in the outer list is a list of one.</summary>
    public ImmutableArray<ImmutableArray<string>> Lists(string name) =>
        [.. Items(name).Select(node => node is YamlSequenceNode list ? list.Select(Scalar).ToImmutableArray() : [Scalar(node)])];

    public IEnumerable<string> Names() => _map.Children.Keys.Select(Scalar);

    private IList<YamlNode> Items(string name) => Find(name) switch
    {
        null => [],
        YamlSequenceNode list => list.Children,
        var one => [one],
    };

    private YamlNode? Find(string name) => _map.Children.TryGetValue(new YamlScalarNode(name), out var node) ? node : null;

    private string Scalar(YamlNode node) => (node as YamlScalarNode)?.Value ?? throw Fault(_file, node, "a text is expected here");

    private static FormatException Fault(string file, YamlNode at, string reason) => new($"{file}:{Math.Max(1, at.Start.Line)}: {reason}.");
}
