using System.Buffers;

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
    private readonly int[] _open;
    private readonly int[] _reached;
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
        AfterWord = 16,
        BeforeWord = 32,
        NextKnown = 64,
    }

    // Steps that wait for a character or for an end, in ascending order, and the place before which they wait.
    private sealed record State(int[] Steps, Place Place)
    {
        public bool Equals(State? other) => other is not null && Place == other.Place && Steps.AsSpan().SequenceEqual(other.Steps);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add((int)Place);
            foreach (var step in Steps) hash.Add(step);
            return hash.ToHashCode();
        }
    }

    public Automaton(RegexProgram program)
    {
        _program = program;
        _seen = new bool[program.StepCount];
        _open = new int[program.StepCount * 2 + 1];
        _reached = new int[program.StepCount];
        for (var reserved = Unknown; reserved <= Matched; reserved++) _states.Add(new([], Place.Inside));
        _mayStartLater = program.AsksForWords || Close([program.Start], Place.Inside).Length > 0 || Close([program.Start], Place.AfterLineFeed).Length > 0;
        Add(new(Close([program.Start], Place.TextStart), Place.TextStart));
        FindIdle();
    }

    /// <summary>The state in which nothing has begun, or -1 where the expression has none such.</summary>
    public int Idle { get; private set; } = -1;

    /// <summary>The bytes that lead out of <see cref="Idle"/>; the search may jump to the next of them.</summary>
    public SearchValues<byte>? Beginnings { get; private set; }

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

    // Where what came before makes no difference, most of a text is passed over in one state.
    private void FindIdle()
    {
        var idle = Close([_program.Start], Place.Inside);
        if (!_mayStartLater || _program.AsksForWhatCameBefore || HoldsMatch(idle)) return;
        Idle = Add(new(idle, Place.Inside));
        var leaves = new bool[_program.Classes];
        for (var each = 0; each < leaves.Length; each++)
            leaves[each] = Follow(_states[Idle], each, out _) is not { } next || !next.AsSpan().SequenceEqual(idle);
        var (beginnings, count) = (new byte[256], 0);
        for (var each = 0; each < 256; each++)
        {
            if (each >= 0x80 || leaves[_program.ClassOfAscii[each]]) beginnings[count++] = (byte)each;
        }

        // Of too many a plain step is no dearer.
        if (count <= 128 + 40) Beginnings = SearchValues.Create(beginnings.AsSpan(0, count));
    }

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
        var isWord = _program.IsWord(input);
        place = (isLineFeed ? Place.AfterLineFeed : Place.Inside) | (isWord ? Place.AfterWord : Place.Inside);
        var ahead = state.Place | Place.NextKnown | (atEnd ? Place.TextEnd : isLineFeed ? Place.BeforeLineFeed : isWord ? Place.BeforeWord : Place.Inside);
        var here = Close(state.Steps, ahead);
        if (HoldsMatch(here)) return null;
        if (atEnd) return [];
        var next = new int[here.Length + 1];
        var count = 0;
        foreach (var step in here)
        {
            ref readonly var taken = ref _program.Steps[step];
            if (taken.Kind == StepKind.Take && _program.Takes(taken.Set, input)) next[count++] = taken.Next;
        }

        next[count++] = _program.Start;
        var follower = Close(next.AsSpan(0, count), place);
        return HoldsMatch(follower) ? null : follower;
    }

    // All that can be reached without a character. Anchors that ask for what comes next stay until it is known.
    private int[] Close(ReadOnlySpan<int> from, Place place)
    {
        Array.Clear(_seen);
        var (reached, open) = (0, 0);
        foreach (var start in from)
        {
            _open[open++] = start;
            while (open > 0)
            {
                var at = _open[--open];
                if (_seen[at]) continue;
                _seen[at] = true;
                ref readonly var step = ref _program.Steps[at];
                switch (step.Kind)
                {
                    case StepKind.Fork:
                        _open[open++] = step.Next;
                        _open[open++] = step.Other;
                        break;
                    case StepKind.Anchor:
                        if (Holds((AnchorKind)step.Other, place)) _open[open++] = step.Next;
                        else if ((place & Place.NextKnown) == 0 && (AnchorKind)step.Other >= AnchorKind.TextEnd) _reached[reached++] = at;
                        break;
                    default:
                        _reached[reached++] = at;
                        break;
                }
            }
        }

        var steps = _reached.AsSpan(0, reached).ToArray();
        Array.Sort(steps);
        return steps;
    }

    private bool HoldsMatch(int[] steps)
    {
        foreach (var step in steps)
        {
            if (_program.Steps[step].Kind == StepKind.Match) return true;
        }

        return false;
    }

    private static bool Holds(AnchorKind anchor, Place place)
    {
        var isBorder = ((place & Place.AfterWord) != 0) != ((place & Place.BeforeWord) != 0);
        return anchor switch
        {
            AnchorKind.TextStart => (place & Place.TextStart) != 0,
            AnchorKind.LineStart => (place & (Place.TextStart | Place.AfterLineFeed)) != 0,
            AnchorKind.TextEnd => (place & Place.TextEnd) != 0,
            AnchorKind.LineEnd => (place & (Place.TextEnd | Place.BeforeLineFeed)) != 0,
            _ => (place & Place.NextKnown) != 0 && isBorder == (anchor == AnchorKind.WordBorder),
        };
    }
}
