namespace Watchhouse.Sigma;

/// <summary>
/// The deterministic automaton of a program, as far as it has been made. Rows are read without a lock: a row's cells go
/// from unknown to their final value once, and the array of rows is only ever replaced by a longer copy.
/// </summary>
internal sealed class Automaton
{
    /// <summary>The follower has not been made yet.</summary>
    public const int Unknown = 0;

    /// <summary>Nothing can match any more.</summary>
    public const int Dead = 1;

    /// <summary>The expression has matched.</summary>
    public const int Matched = 2;

    /// <summary>The state before the first character.</summary>
    public const int StartState = 3;

    private readonly RegexProgram _program;
    private readonly List<State> _states = [];
    private readonly Dictionary<State, int> _known = [];
    private readonly bool[] _seen;
    private readonly bool _mayStartLater;
    private int[][] _rows = new int[8][];

    // What is true of the place between two characters.
    [Flags]
    private enum Place : byte
    {
        Inside = 0,
        TextStart = 1,
        AfterLineFeed = 2,
        TextEnd = 4,
        BeforeLineFeed = 8,
    }

    // Steps that wait for a character or for an end, in ascending order, and the place before which they wait.
    private sealed record State(int[] Steps, Place Place)
    {
        public bool Equals(State? other) => other is not null && Place == other.Place && Steps.AsSpan().SequenceEqual(other.Steps);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(Place);
            foreach (var step in Steps) hash.Add(step);
            return hash.ToHashCode();
        }
    }

    public Automaton(RegexProgram program)
    {
        _program = program;
        _seen = new bool[program.Steps.Count];
        for (var reserved = Unknown; reserved <= Matched; reserved++) _states.Add(new([], Place.Inside));
        foreach (var place in (ReadOnlySpan<Place>)[Place.Inside, Place.AfterLineFeed])
            _mayStartLater |= Close([program.Start], place).Length > 0;
        Add(new(Close([program.Start], Place.TextStart), Place.TextStart));
    }

    /// <summary>Rows by state; a row has a cell for each class of characters and one for the end.</summary>
    public int[][] Rows => Volatile.Read(ref _rows);

    /// <summary>The state that follows; <see cref="Unknown"/> where there would be too many. Under the owner's lock.</summary>
    public int Extend(int state, int input, int mostStates)
    {
        if (_rows[state][input] is var known and not Unknown) return known;
        var follower = Follow(_states[state], input, out var place);
        int next;
        if (follower is null) next = Matched;
        else if (input == _program.Classes || (follower.Length == 0 && !_mayStartLater)) next = Dead;
        else if (!_known.TryGetValue(new(follower, place), out next))
        {
            if (_states.Count >= mostStates) return Unknown;
            next = Add(new(follower, place));
        }

        Volatile.Write(ref _rows[state][input], next);
        return next;
    }

    /// <summary>Takes over a state of another automaton of the same program.</summary>
    public int Adopt(Automaton other, int state) =>
        _known.TryGetValue(other._states[state], out var known) ? known : Add(other._states[state]);

    private int Add(State state)
    {
        var index = _states.Count;
        _states.Add(state);
        _known.Add(state, index);
        if (index >= _rows.Length)
        {
            var longer = new int[_rows.Length * 2][];
            _rows.CopyTo(longer, 0);
            longer[index] = new int[_program.Classes + 1];
            Volatile.Write(ref _rows, longer);
        }
        else
        {
            _rows[index] = new int[_program.Classes + 1];
        }

        return index;
    }

    // The steps after a character (or the end), the expression's own beginning among them: it may start at any place.
    // Null where the expression has matched.
    private int[]? Follow(State state, int input, out Place place)
    {
        var atEnd = input == _program.Classes;
        var isLineFeed = input == _program.LineFeedClass;
        place = isLineFeed ? Place.AfterLineFeed : Place.Inside;
        var ahead = state.Place | (atEnd ? Place.TextEnd : isLineFeed ? Place.BeforeLineFeed : 0);
        var here = Close(state.Steps, ahead);
        if (here.AsSpan().ContainsAnyMatch(_program)) return null;
        if (atEnd) return [];
        var next = new List<int>(here.Length + 1);
        foreach (var step in here)
        {
            var taken = _program.Steps[step];
            if (taken.Kind == StepKind.Take && _program.Takes(taken.Set, input)) next.Add(taken.Next);
        }

        next.Add(_program.Start);
        var follower = Close(next, place);
        return follower.AsSpan().ContainsAnyMatch(_program) ? null : follower;
    }

    // All that can be reached without a character. Anchors that ask for what comes next stay until it is known.
    private int[] Close(IEnumerable<int> from, Place place)
    {
        Array.Clear(_seen);
        var reached = new List<int>();
        var open = new Stack<int>(from);
        while (open.TryPop(out var at))
        {
            if (_seen[at]) continue;
            _seen[at] = true;
            var step = _program.Steps[at];
            switch (step.Kind)
            {
                case StepKind.Fork:
                    open.Push(step.Next);
                    open.Push(step.Other);
                    break;
                case StepKind.Anchor:
                    if (Holds((AnchorKind)step.Other, place)) open.Push(step.Next);
                    else if ((AnchorKind)step.Other is AnchorKind.TextEnd or AnchorKind.LineEnd) reached.Add(at);
                    break;
                default:
                    reached.Add(at);
                    break;
            }
        }

        reached.Sort();
        return [.. reached];
    }

    private static bool Holds(AnchorKind anchor, Place place) => anchor switch
    {
        AnchorKind.TextStart => (place & Place.TextStart) != 0,
        AnchorKind.LineStart => (place & (Place.TextStart | Place.AfterLineFeed)) != 0,
        AnchorKind.TextEnd => (place & Place.TextEnd) != 0,
        _ => (place & (Place.TextEnd | Place.BeforeLineFeed)) != 0,
    };
}

file static class Steps
{
    public static bool ContainsAnyMatch(this Span<int> steps, RegexProgram program)
    {
        foreach (var step in steps)
        {
            if (program.Steps[step].Kind == StepKind.Match) return true;
        }

        return false;
    }
}
