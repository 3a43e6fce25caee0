using System.Runtime.CompilerServices;
using Watchhouse.Telemetry;

namespace Watchhouse.Sigma;

/// <summary>One value of a field of the current event.</summary>
internal struct Leaf
{
    public int Node;
    public int FoldStart;
    public int FoldLength;
    public bool IsJson;
}

/// <summary>The values of a field of the current event: leaves from Start to End.</summary>
internal struct FieldView
{
    public int Event;
    public int Start;
    public int End;
    public bool IsPresent;
    public bool HasNull;
}

/// <summary>The remembered answer of a predicate.</summary>
internal struct Answer
{
    public int Event;
    public bool Holds;
}

/// <summary>
/// Detects on one thread. Holds everything that changes from event to event, so that the program is shared and the
/// steady state allocates nothing. Not thread-safe; make one for each thread.
/// </summary>
public sealed partial class DetectionSession
{
    private readonly SigmaDetector _detector;
    private readonly DetectorProgram _program;
    private readonly Answer[] _answers;
    private readonly FieldView[] _fields;
    private readonly int[] _watchedAt;
    private readonly int[] _unitAt;
    private readonly List<int> _candidates = [];
    private int[] _matches = new int[16];
    private int _matchCount;
    private readonly ValueMemo _memo = new();
    private readonly int[] _hitPayloads = new int[8];
    private int _hitPayloadCount;
    private RoutePlan _plan = null!;

    internal DetectionSession(SigmaDetector detector)
    {
        _detector = detector;
        _program = detector.Program;
        _answers = new Answer[_program.PredicateCount];
        _fields = new FieldView[_program.FieldNames.Count];
        _watchedAt = new int[_program.FieldNames.Count];
        _unitAt = new int[_program.Units.Length];
        _headOfPath = new int[_program.Paths.Count];
        _tailOfPath = new int[_program.Paths.Count];
        _pathAt = new int[_program.Paths.Count];
    }

    /// <summary>The detector that the session was made from.</summary>
    public SigmaDetector Detector => _detector;

    /// <summary>Number of events looked at.</summary>
    public long Events { get; private set; }

    /// <summary>Number of conditions evaluated: what the prefilter let through.</summary>
    public long Evaluations { get; private set; }

    /// <summary>Number of the current event; remembered answers of others do not count.</summary>
    internal int Event { get; private set; }

    /// <summary>
    /// Indexes into <see cref="SigmaDetector.Rules"/> of the rules that match, in ascending order; valid until the next
    /// call. The log source is found by the table, or taken from the event's own labels.
    /// </summary>
    /// <param name="record">The event.</param>
    /// <param name="labelled">Events say their own source in _product, _category and _service.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ReadOnlySpan<int> Detect(EventRecord record, bool labelled = false)
    {
        Begin(record);
        _plan = labelled ? RouteByLabels() : _detector.Router.Route(this);
        foreach (var unit in _plan.Always) Nominate(unit);
        Watch();
        foreach (var unit in _candidates)
        {
            Evaluations++;
            if (!_program.Units[unit].Condition.Evaluate(this)) continue;
            foreach (var rule in _program.Units[unit].Rules)
            {
                if (_matchCount == _matches.Length) Array.Resize(ref _matches, _matchCount * 2);
                _matches[_matchCount++] = rule;
            }
        }

        var matches = _matches.AsSpan(0, _matchCount);
        if (matches.Length > 1) matches.Sort();
        return matches;
    }

    /// <summary>
    /// The text of a field of the event that was looked at last, found as rules find it, or null where it is absent or
    /// null. For correlation and for showing a match.
    /// </summary>
    public string? FieldText(string field)
    {
        var view = _program.TryFieldOf(field, out var known) ? Field(known) : Lookup(field);
        return view.End > view.Start ? System.Text.Encoding.UTF8.GetString(Text(view.Start)) : null;
    }

    /// <summary>
    /// Every value of a field of the event that was looked at last, found as rules find it: members of arrays and values inside
    /// objects each by itself; empty where it is absent or null.
    /// </summary>
    public IReadOnlyList<string> FieldTexts(string field)
    {
        var view = _program.TryFieldOf(field, out var known) ? Field(known) : Lookup(field);
        if (view.End == view.Start) return [];
        var texts = new List<string>(view.End - view.Start);
        for (var leaf = view.Start; leaf < view.End; leaf++)
        {
            // The JSON of an object says nothing that its values do not say.
            if (!_leaves[leaf].IsJson) texts.Add(System.Text.Encoding.UTF8.GetString(Text(leaf)));
        }

        return texts;
    }

    /// <summary>
    /// The entries of the table that know the event that was looked at last; the same list for all events of a kind, and an empty
    /// one where no entry knows it.
    /// </summary>
    public IReadOnlyList<LogSourceEntry> LogSources => _plan.Entries;

    /// <summary>The log sources of the event that was looked at last, and the table's entries that found them, for people.</summary>
    internal string SourceName => _plan.Name;

    internal ref Answer Answer(int predicate) => ref _answers[predicate];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Begin(EventRecord record)
    {
        Record = record;
        Events++;
        if (++Event == int.MaxValue) StartAgain();
        _matchCount = 0;
        _candidates.Clear();
        BeginFields();
        if (record.NodeCount > 0) Walk(0, 0);
    }

    // After two thousand million events the stamps would repeat.
    private void StartAgain()
    {
        Array.Clear(_answers);
        Array.Clear(_fields);
        Array.Clear(_watchedAt);
        Array.Clear(_unitAt);
        Array.Clear(_pathAt);
        Event = 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Nominate(int unit)
    {
        if (_unitAt[unit] == Event) return;
        _unitAt[unit] = Event;
        _candidates.Add(unit);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Watch()
    {
        foreach (var path in Paths)
        {
            if (!_plan.SeenPaths[path]) _plan.SeenPaths[path] = true;
            if (_plan.WatchedFieldsOf(path) is not { } fields) continue;
            foreach (var field in fields)
            {
                if (_watchedAt[field] == Event) continue;
                _watchedAt[field] = Event;
                WatchField(field);
            }
        }

        if (_plan.WatchesKeywords) WatchField(DetectorProgram.KeywordField);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WatchField(int field)
    {
        var view = Field(field);
        if (!view.IsPresent) return;
        if (_plan.PresenceOf(field) is { } units)
        {
            foreach (var unit in units) Nominate(unit);
        }

        if (_plan.LiteralsOf(field) is not { } literals) return;
        for (var leaf = view.Start; leaf < view.End; leaf++) WatchValue(field, leaf, literals);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WatchValue(int field, int leaf, LiteralIndex literals)
    {
        ref readonly var node = ref Record[_leaves[leaf].Node];
        var value = Record.ValueOf(node);
        var key = (field << 4) | ((int)node.Kind << 1) | ((node.Flags & EventNodeFlags.ValueEscaped) != 0 ? 1 : 0);
        var slot = _leaves[leaf].IsJson ? -1 : ValueMemo.SlotOf(key, value);
        if (slot >= 0 && _memo.TryGet(slot, _plan, key, value, out var known))
        {
            foreach (var payload in known) NominateAll(payload);
            return;
        }

        _hitPayloadCount = 0;
        var sink = new NominateSink(this);
        literals.Scan(Folded(leaf), ref sink);
        if (IsNumber(leaf) && CanonicalNumber(leaf) is { Length: > 0 } canonical) literals.Scan(canonical, ref sink);
        if (slot >= 0 && _hitPayloadCount <= _hitPayloads.Length) _memo.Set(slot, _plan, key, value, _hitPayloads.AsSpan(0, _hitPayloadCount));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void NominateAll(int payload)
    {
        foreach (var unit in _plan.UnitsOf(payload)) Nominate(unit);
    }

    private readonly ref struct NominateSink(DetectionSession session) : ILiteralSink
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public bool Hit(int payload)
        {
            if (session._hitPayloadCount < session._hitPayloads.Length) session._hitPayloads[session._hitPayloadCount] = payload;
            session._hitPayloadCount++;
            session.NominateAll(payload);
            return false;
        }
    }
}
