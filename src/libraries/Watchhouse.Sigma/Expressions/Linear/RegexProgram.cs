using System.Text;

namespace Watchhouse.Sigma;

/// <summary>What a step of a program does.</summary>
internal enum StepKind : byte
{
    /// <summary>Takes one character of a set and goes on.</summary>
    Take,

    /// <summary>Goes on at two places.</summary>
    Fork,

    /// <summary>Goes on where the anchor holds.</summary>
    Anchor,

    /// <summary>The expression has matched.</summary>
    Match,
}

/// <summary>A step of a program.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Next">Where to go on.</param>
/// <param name="Other">The second place of a fork; the kind of an anchor.</param>
/// <param name="Set">Index of the set of a step that takes a character.</param>
internal record struct Step(StepKind Kind, int Next, int Other, int Set);

/// <summary>
/// A tree compiled to steps (Thompson's construction), and the characters reduced to classes that no set of the
/// expression tells apart: the alphabet of the automaton.
/// </summary>
internal sealed class RegexProgram
{
    private const int MostSteps = 20_000;
    private const int MostSets = 63;

    private readonly List<ScalarSet> _sets = [];
    private readonly ushort[] _classOfAscii = new ushort[128];
    private Step[] _steps = new Step[32];
    private int _stepCount;
    private int[] _starts = [];
    private ushort[] _classOfRange = [];
    private bool[][] _members = [];
    private int _words = -1;

    private RegexProgram()
    {
    }

    // An array: code over spans of one's own types cannot be compiled beforehand.
    public Step[] Steps => _steps;

    public int StepCount => _stepCount;

    public int Start { get; private set; }

    /// <summary>Number of classes of characters.</summary>
    public int Classes { get; private set; }

    /// <summary>The class of the line feed.</summary>
    public int LineFeedClass => _classOfAscii['\n'];

    public ReadOnlySpan<ushort> ClassOfAscii => _classOfAscii;

    /// <summary>True where the expression asks for borders of words.</summary>
    public bool AsksForWords => _words >= 0;

    /// <summary>The program, or null where it would be too large.</summary>
    public static RegexProgram? Compile(RegexTree tree)
    {
        var program = new RegexProgram();
        var match = program.Add(new(StepKind.Match, -1, -1, -1));
        program.Start = program.Emit(tree, match);
        if (program.Start < 0 || program._sets.Count > MostSets) return null;
        program.Classify();
        return program;
    }

    /// <summary>True where <see cref="Compile"/> will give a program; costs next to nothing as a rule.</summary>
    public static bool Fits(RegexTree tree) => Size(tree) < MostSteps && (Sets(tree) <= MostSets || Compile(tree) is not null);

    // At least as many as there are different ones.
    private static int Sets(RegexTree tree) => tree switch
    {
        RegexCharacter => 1,
        RegexSequence sequence => sequence.Parts.Sum(Sets),
        RegexChoice choice => choice.Parts.Sum(Sets),
        RegexRepeat repeat => Sets(repeat.Part),
        _ => 0,
    };

    private static double Size(RegexTree tree) => tree switch
    {
        RegexSequence sequence => sequence.Parts.Sum(Size),
        RegexChoice choice => choice.Parts.Sum(part => 1 + Size(part)),
        RegexRepeat repeat => (1 + Size(repeat.Part)) * Math.Max(1, repeat.Most ?? repeat.Least + 1),
        _ => 1,
    };

    /// <summary>True where the expression asks which character came before.</summary>
    public bool AsksForWhatCameBefore { get; private set; }

    public bool Takes(int set, int characterClass) => _members[set][characterClass];

    /// <summary>True where the characters of a class belong to words.</summary>
    public bool IsWord(int characterClass) => _words >= 0 && characterClass < Classes && _members[_words][characterClass];

    public int ClassOf(Rune rune)
    {
        if (rune.IsAscii) return _classOfAscii[rune.Value];
        var at = Array.BinarySearch(_starts, rune.Value);
        return _classOfRange[at < 0 ? ~at - 1 : at];
    }

    private int Add(Step step)
    {
        if (_stepCount == MostSteps) return -1;
        if (_stepCount == _steps.Length) Array.Resize(ref _steps, _stepCount * 2);
        _steps[_stepCount] = step;
        return _stepCount++;
    }

    // Emits the steps of a tree that go on at next, and returns the first, or -1 where there is no more room.
    private int Emit(RegexTree tree, int next)
    {
        if (next < 0) return -1;
        switch (tree)
        {
            case RegexCharacter character: return Add(new(StepKind.Take, next, -1, SetOf(character.Set)));
            case RegexAnchor anchor:
                if (anchor.Kind is AnchorKind.WordBorder or AnchorKind.NoWordBorder) _words = SetOf(ScalarSet.BorderWords);
                AsksForWhatCameBefore |= AsksForWords || anchor.Kind == AnchorKind.LineStart;
                return Add(new(StepKind.Anchor, next, (int)anchor.Kind, -1));
            case RegexSequence sequence:
                for (var part = sequence.Parts.Count - 1; part >= 0; part--) next = Emit(sequence.Parts[part], next);
                return next;
            case RegexChoice choice:
                var entry = Emit(choice.Parts[^1], next);
                for (var part = choice.Parts.Count - 2; part >= 0 && entry >= 0; part--)
                    entry = Emit(choice.Parts[part], next) is >= 0 and var first ? Add(new(StepKind.Fork, first, entry, -1)) : -1;
                return entry;
            case RegexRepeat repeat: return EmitRepeat(repeat, next);
            default: throw new InvalidOperationException($"Unknown tree {tree.GetType().Name}.");
        }
    }

    private int EmitRepeat(RegexRepeat repeat, int next)
    {
        var entry = next;
        if (repeat.Most is not { } most)
        {
            var loop = Add(new(StepKind.Fork, -1, next, -1));
            if (loop < 0) return -1;
            var body = Emit(repeat.Part, loop);
            if (body < 0) return -1;
            _steps[loop] = _steps[loop] with { Next = body };
            // x+ is entered at its body, x* at the fork.
            entry = repeat.Least > 0 ? body : loop;
            for (var count = 1; count < repeat.Least; count++) entry = Emit(repeat.Part, entry);
            return entry;
        }

        for (var count = repeat.Least; count < most; count++)
        {
            var body = Emit(repeat.Part, entry);
            entry = body < 0 ? -1 : Add(new(StepKind.Fork, body, next, -1));
            if (entry < 0) return -1;
        }

        for (var count = 0; count < repeat.Least; count++) entry = Emit(repeat.Part, entry);
        return entry;
    }

    private int SetOf(ScalarSet set)
    {
        for (var known = 0; known < _sets.Count; known++)
        {
            if (_sets[known].Same(set)) return known;
        }

        _sets.Add(set);
        return _sets.Count - 1;
    }

    // Between two neighbouring borders of the sets all characters are alike; ranges that are in the same sets share a class.
    // A bit of the signature stands for a set, and the last for the line feed.
    private void Classify()
    {
        var count = 3;
        foreach (var set in _sets) count += set.Ranges.Length * 2;
        var borders = new int[count];
        (borders[1], borders[2]) = ('\n', '\n' + 1);
        count = 3;
        foreach (var set in _sets)
        {
            foreach (var (first, last) in set.Ranges)
            {
                borders[count++] = first;
                borders[count++] = last + 1;
            }
        }

        Array.Sort(borders);
        var next = new int[_sets.Count];
        var signatures = new ulong[8];
        (_starts, _classOfRange) = (new int[count], new ushort[count]);
        var ranges = 0;
        for (var at = 0; at < count; at++)
        {
            var border = borders[at];
            if (border > 0x10FFFF || (at > 0 && border == borders[at - 1])) continue;
            var signature = border == '\n' ? 1UL << MostSets : 0;
            for (var set = 0; set < _sets.Count; set++)
            {
                var own = _sets[set].Ranges;
                while (next[set] < own.Length && own[next[set]].Last < border) next[set]++;
                if (next[set] < own.Length && own[next[set]].First <= border) signature |= 1UL << set;
            }

            var known = signatures.AsSpan(0, Classes).IndexOf(signature);
            if (known < 0)
            {
                known = Classes++;
                if (known == signatures.Length) Array.Resize(ref signatures, known * 2);
                signatures[known] = signature;
            }

            _starts[ranges] = border;
            _classOfRange[ranges++] = (ushort)known;
        }

        Array.Resize(ref _starts, ranges);
        _members = new bool[_sets.Count][];
        for (var set = 0; set < _sets.Count; set++)
        {
            _members[set] = new bool[Classes];
            for (var each = 0; each < Classes; each++) _members[set][each] = (signatures[each] >> set & 1) != 0;
        }

        for (var (range, ascii) = (0, 0); ascii < 128; ascii++)
        {
            while (range + 1 < _starts.Length && _starts[range + 1] <= ascii) range++;
            _classOfAscii[ascii] = _classOfRange[range];
        }
    }
}
