using Watchhouse.Telemetry;

namespace Watchhouse.Normalisation;

/// <summary>
/// Makes rows of events: finds the table by what the record holds (or by the kind that its collector declares), and brings each
/// member to the column that is meant for it. All shapes in which a thing arrives give the same table and columns, and what has no
/// column is kept. One for each thread; in steady state it allocates nothing. Not thread-safe.
/// </summary>
public sealed partial class EventNormaliser
{
    private readonly NormaliserProgram _program;
    private readonly NormaliserOptions _options;
    private readonly NodeWriter _nodes = new();
    private readonly ColumnWriter _columns;
    private readonly RestWriter _restWriter;
    private readonly IdentityMaker _identity;
    private readonly SlotValues _found = new();
    private readonly SlotValues _slots = new();
    private uint[] _hashes = new uint[128];
    private Use[] _used = new Use[128];
    private bool[] _isLeftOut = new bool[128];
    private EventRecord _record = null!;
    private TablePlan _plan = null!;
    private string? _kind;
    private int[]? _kindPlans;

    /// <summary>Makes a normaliser over the mappings, which several may share.</summary>
    public EventNormaliser(TableMappings mappings, NormaliserOptions? options = null)
    {
        _program = mappings.Program;
        _options = options ?? new();
        _columns = new(_nodes);
        _restWriter = new(_nodes);
        _identity = new(_nodes);
    }

    private enum Use : byte
    {
        None,

        /// <summary>It and all inside it is in a column, or is empty.</summary>
        Whole,

        /// <summary>An object of which members may be in columns.</summary>
        Inside,
    }

    /// <summary>Makes a row of the event in the record.</summary>
    /// <exception cref="ArgumentException">The record holds no event.</exception>
    public void Normalise(EventRecord record, in EventContext context, NormalisedEvent result)
    {
        if (record.NodeCount == 0) throw new ArgumentException("The record holds no event.", nameof(record));
        Forget();
        _record = record;
        _nodes.Begin(record);
        _columns.Begin(record);
        _restWriter.Begin(record);
        var count = record.NodeCount;
        if (_used.Length < count)
        {
            _used = new Use[count * 2];
            _hashes = new uint[count * 2];
            _isLeftOut = new bool[count * 2];
        }

        Array.Clear(_used, 0, count);
        Array.Clear(_isLeftOut, 0, count);
        _plan = Recognise(context.Kind);
        _slots.Begin(record, _plan.Paths.SlotCount);
        _rest.Clear();
        Walk(0, level: 0);

        result.Clear();
        result.Schema = _plan.Schema;
        result.Mapping = _plan.Mapping;
        Offer();
        WriteTime(context, result);
        WriteColumns(result.ColumnBuffer, context);
        WriteUnknown(result.UnknownBuffer);
        // What the event's time was read from counts, even where a collector wrote it.
        _isLeftOut[_taken[0]] = false;
        result.Identity = _identity.Make(record, _isLeftOut, _plan, _slots, context.Force, context.Source);
        result.IdentityBasis = _identity.Basis;
        AddEntities(result);
    }

    // A declared kind decides the table; among several mappings for it the content does, and where none fits it is the first.
    private TablePlan Recognise(string? kind)
    {
        if (!ReferenceEquals(kind, _kind)) (_kind, _kindPlans) = (kind, _program.OfKind(kind));
        var recogniser = _program.Recogniser;
        _found.Begin(_record, recogniser.Paths.SlotCount);
        Look(recogniser.Paths, 0, level: 0);
        if (_kindPlans is { Length: 1 }) return _program.Plan(_kindPlans[0]);
        var plan = recogniser.First(_found, _found.Filled, _kindPlans);
        return _program.Plan(plan < 0 && _kindPlans is not null ? _kindPlans[0] : plan);
    }

    private void Look(PathTree paths, int container, int level)
    {
        for (var at = container + 1; at < _record[container].End; at = _record[at].End)
        {
            ref readonly var node = ref _record[at];
            var name = _nodes.PlainName(node);
            var hash = NameMap.Hash(name);
            if (container == 0) _hashes[at] = hash;
            if (!paths.Find(level, name, hash, out var slot, out var inner)) continue;
            if (slot >= 0) _found.Put(slot, at);
            if (inner >= 0 && node.Kind == EventNodeKind.Mapping) Look(paths, at, inner);
        }
    }

    private void Walk(int container, int level)
    {
        var takesRest = _plan.Rest is { } rest && (rest.Inner < 0 ? container == 0 : container > 0 && _slots[rest.Inner] == container);
        for (var at = container + 1; at < _record[container].End; at = _record[at].End)
        {
            ref readonly var node = ref _record[at];
            var name = _nodes.PlainName(node);
            var isAdded = container == 0 && ReaderNames.IsAdded(_record, node);
            _isLeftOut[at] = isAdded;
            if (isAdded || (container == 0 && SaysTable(node, name)))
            {
                isAdded = true;
                _used[at] = Use.Whole;
            }

            if (_plan.Paths.Find(level, name, container == 0 ? _hashes[at] : NameMap.Hash(name), out var slot, out var inner))
            {
                if (slot >= 0)
                {
                    _slots.Put(slot, at);
                    _isLeftOut[at] |= _plan.IsCollector[slot];
                }

                if (inner >= 0 && node.Kind == EventNodeKind.Mapping)
                {
                    _used[at] = Use.Inside;
                    Walk(at, inner);
                    continue;
                }

                if (slot >= 0 && (_plan.IsColumn[slot] || _plan.IsKept[slot])) continue;
            }

            // What begins so is the collector's.
            if (takesRest && !isAdded && name.Length > 0 && name[0] is not ((byte)'@' or (byte)'_')) _rest.Add(at);
        }
    }

    private bool SaysTable(in EventNode node, ReadOnlySpan<byte> name) =>
        name.SequenceEqual("Type"u8) && node.Kind == EventNodeKind.Text
        && System.Text.Ascii.EqualsIgnoreCase(_record.ValueOf(node), _plan.Schema.Name);

    private void WriteUnknown(JsonBuffer to)
    {
        to.Add((byte)'{');
        WriteUnknownMembers(to, 0);
        to.Add((byte)'}');
    }

    private bool WriteUnknownMembers(JsonBuffer to, int container)
    {
        var any = false;
        for (var at = container + 1; at < _record[container].End; at = _record[at].End)
        {
            if (_used[at] == Use.Whole) continue;
            var length = to.Length;
            if (any) to.Add((byte)',');
            _nodes.Name(to, _record[at]);
            if (_used[at] == Use.None || _record[at].End == at + 1)
            {
                _nodes.Value(to, at);
            }
            else
            {
                to.Add((byte)'{');
                if (!WriteUnknownMembers(to, at))
                {
                    to.Truncate(length);
                    continue;
                }

                to.Add((byte)'}');
            }

            any = true;
        }

        return any;
    }
}
