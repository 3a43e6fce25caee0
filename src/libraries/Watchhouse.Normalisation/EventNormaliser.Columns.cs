using Watchhouse.Telemetry;

namespace Watchhouse.Normalisation;

/// <summary>From the members that were found to the columns of the row.</summary>
public sealed partial class EventNormaliser
{
    private readonly List<int> _rest = [];
    private readonly List<int> _touched = [];
    private readonly JsonBuffer _scratch = new();
    private Candidate[] _candidates = new Candidate[128];
    private int _candidateCount;
    private int[] _heads = [];
    private int[] _taken = [];

    /// <summary>A node that may fill a column; Next is the candidate after it in rank, or -1.</summary>
    private record struct Candidate(int Node, int Rank, int Next);

    // Lines up the candidates of each column by their rank.
    private void Offer()
    {
        if (_heads.Length < _plan.Columns.Length)
        {
            _heads = new int[_plan.Columns.Length];
            _taken = new int[_plan.Columns.Length];
            Array.Fill(_heads, -1);
        }

        _candidateCount = 0;
        foreach (var slot in _slots.Filled)
        {
            foreach (var target in _plan.Targets[slot]) Offer(target, _slots[slot]);
        }
    }

    private void Offer(Target target, int node)
    {
        if (_candidateCount == _candidates.Length) Array.Resize(ref _candidates, _candidateCount * 2);
        var at = _heads[target.Column];
        if (at < 0) _touched.Add(target.Column);
        if (at < 0 || _candidates[at].Rank > target.Rank)
        {
            _candidates[_candidateCount] = new(node, target.Rank, at);
            _heads[target.Column] = _candidateCount++;
            return;
        }

        while (_candidates[at].Next is >= 0 and var next && _candidates[next].Rank <= target.Rank) at = next;
        _candidates[_candidateCount] = new(node, target.Rank, _candidates[at].Next);
        _candidates[at].Next = _candidateCount++;
    }

    private void Forget()
    {
        foreach (var column in _touched)
        {
            _heads[column] = -1;
            _taken[column] = 0;
        }

        _touched.Clear();
    }

    private void WriteTime(in EventContext context, NormalisedEvent result)
    {
        DateTimeOffset? time = null;
        for (var at = _heads[0]; at >= 0; at = _candidates[at].Next)
        {
            var node = _candidates[at].Node;
            if (time is null)
            {
                time = _columns.Time(_record[node]);
                if (time is not null) _taken[0] = node;
            }

            if (time is not null && (node == _taken[0] || IsSame(node, _taken[0]))) _used[node] = Use.Whole;
        }

        result.TimeGenerated = time ?? context.Received.ToUniversalTime();
        result.TimeOrigin = time is null ? EventTimeOrigin.Received : EventTimeOrigin.Event;
        result.Delay = context.Received - result.TimeGenerated;
        result.Timeliness = result.Delay < -_options.ClockTolerance ? EventTimeliness.ClockAhead
            : result.Delay > _options.LateAfter ? EventTimeliness.Late : EventTimeliness.OnTime;
        result.ColumnBuffer.Add("{\"TimeGenerated\":"u8);
        ColumnWriter.Time(result.ColumnBuffer, result.TimeGenerated);
        result.ColumnBuffer.Add(_plan.TypeMember);
    }

    private void WriteColumns(JsonBuffer to, in EventContext context)
    {
        foreach (var column in _touched)
        {
            // The time and the table's name are there already.
            if (column > 1) WriteColumn(to, column);
        }

        foreach (var fill in _plan.Fills)
        {
            if (_taken[fill.Column] == 0) Fill(to, fill, context);
        }

        if (_plan.Rest is not null) WriteRest(to, _plan.Rest);
        to.Add((byte)'}');
    }

    private void WriteColumn(JsonBuffer to, int column)
    {
        var plan = _plan.Columns[column];
        for (var at = _heads[column]; at >= 0; at = _candidates[at].Next)
        {
            var node = _candidates[at].Node;
            if (IsEmpty(_record[node]))
            {
                _used[node] = Use.Whole;
            }
            else if (_taken[column] == 0)
            {
                var length = to.Length;
                to.Add((byte)',');
                to.Add(plan.Prefix);
                if (_columns.TryWrite(to, plan, node)) (_taken[column], _used[node]) = (node, Use.Whole);
                else to.Truncate(length);
            }
            else if (IsSame(node, _taken[column]))
            {
                _used[node] = Use.Whole;
            }
        }
    }

    private static bool IsEmpty(in EventNode node) => node.Kind == EventNodeKind.Null || (node.Kind == EventNodeKind.Text && node.ValueLength == 0);

    private bool IsSame(int left, int right)
    {
        ref readonly var first = ref _record[left];
        ref readonly var second = ref _record[right];
        return first.Kind == second.Kind && first.ValueLength > 0 && ((first.Flags ^ second.Flags) & EventNodeFlags.ValueEscaped) == 0
            && _record.ValueOf(first).SequenceEqual(_record.ValueOf(second));
    }

    private void Fill(JsonBuffer to, FillPlan fill, in EventContext context)
    {
        _scratch.Clear();
        if (fill.Templates.Length == 0) Constant(fill.Constant, context);
        foreach (var template in fill.Templates)
        {
            if (TryResolve(template, _scratch)) break;
        }

        if (_scratch.Length == 0) return;
        var length = to.Length;
        to.Add((byte)',');
        to.Add(_plan.Columns[fill.Column].Prefix);
        if (!ColumnWriter.TryWriteText(to, _plan.Columns[fill.Column].Kind, _scratch.Written)) to.Truncate(length);
    }

    private void Constant(ReadOnlySpan<byte> constant, in EventContext context)
    {
        var given = constant.SequenceEqual("{source}"u8) ? context.Source : constant.SequenceEqual("{kind}"u8) ? context.Kind ?? "" : null;
        if (given is null)
        {
            _scratch.Add(constant);
            return;
        }

        var room = _scratch.Reserve(System.Text.Encoding.UTF8.GetMaxByteCount(given.Length));
        _scratch.Commit(System.Text.Encoding.UTF8.GetBytes(given, room));
    }

    private void WriteRest(JsonBuffer to, RestPlan rest)
    {
        if (_rest.Count == 0 || _taken[rest.Column] != 0) return;
        var length = to.Length;
        to.Add((byte)',');
        to.Add(_plan.Columns[rest.Column].Prefix);
        _restWriter.Start(to, rest.Form);
        foreach (var node in _rest)
        {
            if (_used[node] == Use.None && _restWriter.TryAdd(to, rest.Form, node)) _used[node] = Use.Whole;
        }

        if (!_restWriter.Finish(to, rest.Form)) to.Truncate(length);
    }
}
