using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Watchhouse.Sigma;

/// <summary>A document of a YAML stream: its root, or why it could not be read.</summary>
internal sealed record YamlDocument(YamlMap? Root, int Line, string? Error, string Text);

/// <summary>
/// Reads YAML into nodes with line numbers. Depth and number of nodes are bounded, so that aliases cannot blow a small
/// file up.
/// </summary>
internal sealed class YamlReader
{
    private const int MostDepth = 32;
    private const int MostNodes = 200_000;

    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, YamlNode> _anchors = [];
    private int _nodes;

    private YamlReader(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>
    /// All documents. A syntax error ends the stream, because what follows it cannot be told apart; a duplicate key or a
    /// root that is no map spoils only its document.
    /// </summary>
    public static IEnumerable<YamlDocument> Read(string text)
    {
        var reader = new YamlReader(text);
        var documents = new List<YamlDocument>();
        var line = 1;
        try
        {
            reader._parser.MoveNext();
            while (reader._parser.MoveNext() && reader._parser.Current is DocumentStart start)
            {
                var from = (int)start.Start.Index;
                line = Line(start);
                reader._parser.MoveNext();
                line = Line(reader._parser.Current!);
                YamlMap? root = null;
                string? error = null;
                try
                {
                    var node = reader.Node(0);
                    root = node as YamlMap;
                    if (root is null && node is not YamlScalar { IsNull: true })
                        error = "A Sigma document is a map of keys; this one is a list or a single value.";
                    if (root is null && error is null) line = -1;
                }
                catch (SigmaFormatException e)
                {
                    (line, error) = (e.Line, e.Message);
                    reader.SkipDocument();
                }

                while (reader._parser.Current is not DocumentEnd) reader._parser.MoveNext();
                var to = Math.Min(text.Length, (int)reader._parser.Current.Start.Index);
                if (line > 0) documents.Add(new(root, line, error, text[Math.Min(from, to)..to]));
                reader._anchors.Clear();
            }
        }
        catch (YamlException e)
        {
            documents.Add(new(null, Math.Max(1, (int)e.Start.Line), $"This is not YAML: {e.Message}", ""));
        }

        return documents;
    }

    private static int Line(ParsingEvent at) => Math.Max(1, (int)at.Start.Line);

    private void SkipDocument()
    {
        while (_parser.Current is not DocumentEnd && _parser.MoveNext())
        {
        }
    }

    // Enters on the node's first event and leaves on its last.
    private YamlNode Node(int depth)
    {
        var at = _parser.Current!;
        if (depth > MostDepth) throw new SigmaFormatException(Line(at), $"The document is nested more than {MostDepth} levels deep.");
        if (++_nodes > MostNodes) throw new SigmaFormatException(Line(at), $"The file holds more than {MostNodes} values.");
        switch (at)
        {
            case AnchorAlias alias:
                return _anchors.TryGetValue(alias.Value, out var anchored)
                    ? anchored
                    : throw new SigmaFormatException(Line(at), $"The alias *{alias.Value} has no anchor before it.");
            case Scalar scalar:
                return Remember(scalar, new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, Line(at)));
            case SequenceStart sequence:
            {
                var items = new List<YamlNode>();
                while (_parser.MoveNext() && _parser.Current is not SequenceEnd) items.Add(Node(depth + 1));
                return Remember(sequence, new YamlList(items, Line(at)));
            }

            case MappingStart mapping:
            {
                var entries = new List<KeyValuePair<string, YamlNode>>();
                while (_parser.MoveNext() && _parser.Current is not MappingEnd)
                {
                    if (_parser.Current is not Scalar key)
                        throw new SigmaFormatException(Line(_parser.Current!), "A key is a list or a map; keys must be plain text.");
                    if (entries.Exists(entry => entry.Key == key.Value))
                        throw new SigmaFormatException(Line(key), $"The key '{key.Value}' stands twice in the same map.");
                    _parser.MoveNext();
                    entries.Add(new(key.Value, Node(depth + 1)));
                }

                return Remember(mapping, new YamlMap(entries, Line(at)));
            }

            default:
                throw new SigmaFormatException(Line(at), $"Unexpected {at.GetType().Name} in the document.");
        }
    }

    private YamlNode Remember(NodeEvent at, YamlNode node)
    {
        if (!at.Anchor.IsEmpty) _anchors[at.Anchor] = node;
        return node;
    }
}
