using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using Watchhouse.Telemetry;

namespace Watchhouse.Sigma;

/// <summary>The fields of the current event: found once by one walk, unescaped and folded only when asked for.</summary>
public sealed partial class DetectionSession
{
    private readonly int[] _headOfPath;
    private readonly int[] _tailOfPath;
    private readonly int[] _pathAt;
    private int[] _paths = new int[64];
    private int _pathCount;
    private (int Node, int Next)[] _hits = new (int, int)[64];
    private int _hitCount;
    private Leaf[] _leaves = new Leaf[64];
    private int _leafCount;
    private byte[] _folded = new byte[4096];
    private int _foldedLength;
    private byte[] _text = new byte[1024];
    private byte[] _secondText = new byte[256];
    private char[] _characters = new char[1024];
    private readonly byte[] _number = new byte[40];
    private readonly Dictionary<(ulong, ulong), RoutePlan> _labelled = [];
    private RoutePlan? _lastLabelled;
    private (ulong, ulong) _lastLabels;

    internal EventRecord Record { get; private set; } = null!;

    /// <summary>Paths that the current event carries.</summary>
    internal ReadOnlySpan<int> Paths => _paths.AsSpan(0, _pathCount);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal FieldView Field(int field)
    {
        ref var view = ref _fields[field];
        if (view.Event != Event)
        {
            view = field == DetectorProgram.KeywordField ? EveryValue() : Resolve(_plan.PathsOf(field));
            view.Event = Event;
        }

        return view;
    }

    internal bool IsNumber(int leaf) => !_leaves[leaf].IsJson && Record[_leaves[leaf].Node].Kind == EventNodeKind.Number;

    /// <summary>The value folded, as bytes. Remembered.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal ReadOnlySpan<byte> Folded(int leaf)
    {
        ref var value = ref _leaves[leaf];
        if (value.FoldStart < 0)
        {
            ref readonly var node = ref Record[value.Node];
            ReadOnlySpan<byte> text;
            if (value.IsJson || (node.Flags & EventNodeFlags.ValueEscaped) != 0) text = Text(leaf);
            else text = Record.ValueOf(node);
            var room = TextFold.MaxLength(text.Length);
            if (_folded.Length - _foldedLength < room) Array.Resize(ref _folded, Math.Max(_folded.Length * 2, _foldedLength + room));
            value.FoldStart = _foldedLength;
            value.FoldLength = TextFold.Fold(text, _folded.AsSpan(_foldedLength));
            _foldedLength += value.FoldLength;
        }

        return _folded.AsSpan(value.FoldStart, value.FoldLength);
    }

    /// <summary>The value as it is, without escapes. Valid until the next call.</summary>
    internal ReadOnlySpan<byte> Text(int leaf) => Text(leaf, ref _text);

    /// <summary>As <see cref="Text(int)"/>, in other room: for comparing two values.</summary>
    internal ReadOnlySpan<byte> SecondText(int leaf) => Text(leaf, ref _secondText);

    /// <summary>The value as UTF-16. Valid until the next call.</summary>
    internal ReadOnlySpan<char> Characters(int leaf)
    {
        var text = Text(leaf);
        if (_characters.Length < text.Length) _characters = new char[text.Length * 2];
        return _characters.AsSpan(0, Encoding.UTF8.GetChars(text, _characters));
    }

    /// <summary>Tells the sink which of the values stand under a path.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void VisitValues<TSink>(int path, LiteralIndex values, ref TSink sink)
        where TSink : struct, ILiteralSink, allows ref struct
    {
        for (var hit = _headOfPath[path]; hit >= 0; hit = _hits[hit].Next)
        {
            var first = _leafCount;
            var ignored = default(FieldView);
            Collect(_hits[hit].Node, ref ignored, inside: false);
            for (var leaf = first; leaf < _leafCount; leaf++) values.Scan(Folded(leaf), ref sink);
            _leafCount = first;
        }
    }

    // 1e2 and 100.0 are the number 100, which rules write as 100.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadOnlySpan<byte> CanonicalNumber(int leaf)
    {
        var text = Record.ValueOf(Record[_leaves[leaf].Node]);
        var isPlain = true;
        foreach (var each in text) isPlain &= each is not ((byte)'.' or (byte)'e' or (byte)'E');
        if (isPlain || !Numbers.TryParse(text, out var number)) return default;
        return Utf8Formatter.TryFormat(number, _number, out var length) ? _number.AsSpan(0, length) : default;
    }

    private void BeginFields()
    {
        _pathCount = 0;
        _hitCount = 0;
        _leafCount = 0;
        _foldedLength = 0;
        // One huge event must not keep its room for ever.
        if (_folded.Length > 8 * 1024 * 1024) _folded = new byte[4096];
        if (_text.Length > 8 * 1024 * 1024) _text = new byte[1024];
        if (_characters.Length > 8 * 1024 * 1024) _characters = new char[1024];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Walk(int container, int parent)
    {
        var nodes = Record.Nodes;
        var end = nodes[container].End;
        for (var at = container + 1; at < end; at = nodes[at].End)
        {
            ref readonly var node = ref nodes[at];
            var name = Record.NameOf(node);
            if ((node.Flags & EventNodeFlags.NameEscaped) != 0)
            {
                if (_text.Length < name.Length) _text = new byte[name.Length];
                name = _text.AsSpan(0, JsonEscapes.Unescape(name, _text));
            }

            var found = _program.Paths.Find(parent, name);
            if (found == 0) continue;
            var path = _program.Paths.PathOf(found);
            if (path >= 0) Note(path, at);
            if (node.IsContainer && _program.Paths.HasChildren(found)) Descend(at, found);
        }
    }

    // Paths lead through arrays: a.b finds b in every object of the array a.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Descend(int node, int parent)
    {
        if (Record[node].Kind == EventNodeKind.Mapping)
        {
            Walk(node, parent);
            return;
        }

        var end = Record[node].End;
        for (var at = node + 1; at < end; at = Record[at].End)
        {
            if (Record[at].IsContainer) Descend(at, parent);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Note(int path, int node)
    {
        if (_hitCount == _hits.Length) Array.Resize(ref _hits, _hitCount * 2);
        _hits[_hitCount] = (node, -1);
        if (_pathAt[path] == Event)
        {
            _hits[_tailOfPath[path]].Next = _hitCount;
        }
        else
        {
            _pathAt[path] = Event;
            _headOfPath[path] = _hitCount;
            if (_pathCount == _paths.Length) Array.Resize(ref _paths, _pathCount * 2);
            _paths[_pathCount++] = path;
        }

        _tailOfPath[path] = _hitCount++;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private FieldView Resolve(ReadOnlySpan<int> paths)
    {
        var view = new FieldView { Start = _leafCount, End = _leafCount };
        var taken = false;
        foreach (var path in paths)
        {
            if (path == RoutePlan.NextName)
            {
                taken = false;
                continue;
            }

            if (taken || _pathAt[path] != Event) continue;
            taken = true;
            view.IsPresent = true;
            for (var hit = _headOfPath[path]; hit >= 0; hit = _hits[hit].Next) Collect(_hits[hit].Node, ref view, inside: false);
            view.End = _leafCount;
        }

        return view;
    }

    private FieldView Lookup(string field)
    {
        var view = new FieldView { Start = _leafCount, End = _leafCount };
        var at = Record.Find(Encoding.UTF8.GetBytes(field));
        if (at >= 0) Take(at, ref view);
        else if (Record.NodeCount > 0) Lookup(0, Array.ConvertAll(field.Split('.'), Encoding.UTF8.GetBytes), 0, ref view);
        view.End = _leafCount;
        return view;
    }

    private void Lookup(int container, byte[][] path, int depth, ref FieldView view)
    {
        if (Record[container].Kind == EventNodeKind.Sequence)
        {
            var end = Record[container].End;
            for (var member = container + 1; member < end; member = Record[member].End)
            {
                if (Record[member].IsContainer) Lookup(member, path, depth, ref view);
            }

            return;
        }

        var at = Record.FindIn(container, path[depth]);
        if (at < 0) return;
        if (depth == path.Length - 1) Take(at, ref view);
        else if (Record[at].IsContainer) Lookup(at, path, depth + 1, ref view);
    }

    private void Take(int node, ref FieldView view)
    {
        view.IsPresent = true;
        Collect(node, ref view, inside: false);
    }

    // Any member of an array counts. An object, or an array of objects, offers every leaf in it and its own JSON text.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect(int index, ref FieldView view, bool inside)
    {
        ref readonly var node = ref Record[index];
        switch (node.Kind)
        {
            case EventNodeKind.Null:
                view.HasNull |= !inside;
                return;
            case EventNodeKind.Mapping or EventNodeKind.Sequence:
                var (end, isMapping) = (node.End, node.Kind == EventNodeKind.Mapping);
                var holdsObjects = isMapping;
                for (var at = index + 1; at < end; at = Record[at].End)
                {
                    holdsObjects |= Record[at].IsContainer;
                    Collect(at, ref view, inside || isMapping);
                }

                if (holdsObjects && !inside && Record[index].ValueLength > 0) AddLeaf(index, isJson: true);
                return;
            default:
                AddLeaf(index, isJson: false);
                return;
        }
    }

    // Keywords search what was logged, not what the reader of the log put in: keys that begin with _ are left out.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private FieldView EveryValue()
    {
        var view = new FieldView { Start = _leafCount, IsPresent = true };
        for (var at = 1; at < Record.NodeCount; at = Record[at].End)
        {
            if (Record.NameOf(Record[at]) is [(byte)'_', ..]) continue;
            var end = Record[at].End;
            for (var inner = at; inner < end; inner++)
            {
                if (!Record[inner].IsContainer && Record[inner].Kind != EventNodeKind.Null) AddLeaf(inner, isJson: false);
            }
        }

        view.End = _leafCount;
        return view;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddLeaf(int node, bool isJson)
    {
        if (_leafCount == _leaves.Length) Array.Resize(ref _leaves, _leafCount * 2);
        _leaves[_leafCount++] = new Leaf { Node = node, FoldStart = -1, IsJson = isJson };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadOnlySpan<byte> Text(int leaf, ref byte[] room)
    {
        ref readonly var node = ref Record[_leaves[leaf].Node];
        var value = Record.ValueOf(node);
        var isJson = _leaves[leaf].IsJson;
        if (!isJson && (node.Flags & EventNodeFlags.ValueEscaped) == 0) return value;
        if (room.Length < value.Length) room = new byte[value.Length * 2];
        return room.AsSpan(0, isJson ? CompactJson.Write(value, room) : JsonEscapes.Unescape(value, room));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private RoutePlan RouteByLabels()
    {
        Span<int> nodes = [-1, -1, -1];
        var first = 17UL;
        var second = 0UL;
        for (var label = 0; label < 3; label++)
        {
            var path = _program.LabelPaths[label];
            if (_pathAt[path] != Event) continue;
            nodes[label] = _hits[_headOfPath[path]].Node;
            foreach (var each in Record.ValueOf(Record[nodes[label]]))
            {
                first = (first ^ each) * 0x100000001B3;
                second = (second * 31) + each;
            }

            first = (first ^ 0xFF) * 0x100000001B3;
        }

        if (nodes[0] < 0 && nodes[1] < 0 && nodes[2] < 0) return _detector.Router.Route(this);
        // Neighbours in a stream are of a kind.
        if (_lastLabelled is { } last && _lastLabels == (first, second)) return last;
        if (_labelled.TryGetValue((first, second), out var known))
        {
            (_lastLabelled, _lastLabels) = (known, (first, second));
            return known;
        }

        string Label(int node) => node < 0 || Record[node].Kind != EventNodeKind.Text ? "" : Record.ValueText(Record[node]);
        var plan = _detector.Router.RouteLabelled(Label(nodes[0]), Label(nodes[1]), Label(nodes[2]));
        if (_labelled.Count < 4096) _labelled.Add((first, second), plan);
        return plan;
    }
}
