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
    private readonly Dictionary<AnchorName, (YamlNode Node, int Size)> _anchors = [];
    private int _nodes;

    private YamlReader(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>
    /// All documents. A syntax error ends the stream, because what follows it cannot be told apart; a duplicate key or a
    /// root that is no map spoils only its document.
    /// </summary>
    public static IEnumerable<YamlDocument> Read(string text) => PlainYaml.TryRead(text) is { } document ? [document] : ReadWhole(text);

    /// <summary>As <see cref="Read"/>, without the short way for ordinary files.</summary>
    internal static IReadOnlyList<YamlDocument> ReadWhole(string text)
    {
        var reader = new YamlReader(text);
        var documents = new List<YamlDocument>();
        var line = 1;
        try
        {
            reader.Next();
            while (reader.Next() && reader._parser.Current is DocumentStart start)
            {
                var from = (int)start.Start.Index;
                line = Line(start);
                reader.Next();
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

                while (reader._parser.Current is not DocumentEnd) reader.Next();
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

    private bool Next()
    {
        try
        {
            return _parser.MoveNext();
        }
#pragma warning disable CA1031 // The library answers some malformed texts with exceptions of its own making.
        catch (Exception e) when (e is not (YamlException or OutOfMemoryException))
#pragma warning restore CA1031
        {
            var at = _parser.Current?.End ?? Mark.Empty;
            throw new YamlException(at, at, "it breaks off in the middle of something, or brackets and indentation do not fit.", e);
        }
    }

    private static int Line(ParsingEvent at) => Math.Max(1, (int)at.Start.Line);

    private void SkipDocument()
    {
        while (_parser.Current is not DocumentEnd && Next())
        {
        }
    }

    // Enters on the node's first event and leaves on its last.
    private YamlNode Node(int depth)
    {
        var at = _parser.Current!;
        if (depth > MostDepth) throw new SigmaFormatException(Line(at), $"The document is nested more than {MostDepth} levels deep.");
        var before = _nodes;
        Count(1, at);
        switch (at)
        {
            case AnchorAlias alias:
                if (!_anchors.TryGetValue(alias.Value, out var anchored))
                    throw new SigmaFormatException(Line(at), $"The alias *{alias.Value} has no anchor before it.");
                // What an alias stands for counts again each time: a few lines of aliases can mean millions of values.
                Count(anchored.Size, at);
                return anchored.Node;
            case Scalar scalar:
                return Remember(scalar, before, new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, Line(at)));
            case SequenceStart sequence:
            {
                var items = new List<YamlNode>();
                while (Next() && _parser.Current is not SequenceEnd) items.Add(Node(depth + 1));
                return Remember(sequence, before, new YamlList(items, Line(at)));
            }

            case MappingStart mapping:
            {
                var entries = new List<KeyValuePair<string, YamlNode>>();
                HashSet<string>? keys = null;
                while (Next() && _parser.Current is not MappingEnd)
                {
                    if (_parser.Current is not Scalar key)
                        throw new SigmaFormatException(Line(_parser.Current!), "A key is a list or a map; keys must be plain text.");
                    // A look at each is quicker for the few keys that maps have, and too slow for many.
                    if (entries.Count == 16) keys = [.. entries.Select(entry => entry.Key)];
                    if (keys is null ? entries.Exists(entry => entry.Key == key.Value) : !keys.Add(key.Value))
                        throw new SigmaFormatException(Line(key), $"The key '{key.Value}' stands twice in the same map.");
                    Next();
                    entries.Add(new(key.Value, Node(depth + 1)));
                }

                return Remember(mapping, before, new YamlMap(entries, Line(at)));
            }

            default:
                throw new SigmaFormatException(Line(at), $"Unexpected {at.GetType().Name} in the document.");
        }
    }

    private void Count(int nodes, ParsingEvent at)
    {
        _nodes += nodes;
        if (_nodes > MostNodes) throw new SigmaFormatException(Line(at), $"The file holds more than {MostNodes} values.");
    }

    private YamlNode Remember(NodeEvent at, int before, YamlNode node)
    {
        if (!at.Anchor.IsEmpty) _anchors[at.Anchor] = (node, _nodes - before);
        return node;
    }
}
