using System.Runtime.CompilerServices;
using System.Text;

namespace Watchhouse.Sigma;

/// <summary>
/// Tells in linear time whether an expression matches somewhere in a text of UTF-8: a deterministic automaton whose states
/// are made when a text first needs them, as in RE2 and Rust's regex. Thread-safe; the automaton is shared, and started
/// anew when it grows too large.
/// </summary>
internal sealed class LinearRegex
{
    private const int MostStates = 2048;

    private readonly RegexProgram _program;
    private readonly Lock _lock = new();
    private Automaton _automaton;

    private LinearRegex(RegexProgram program)
    {
        _program = program;
        _automaton = new(program);
    }

    /// <summary>The compiled expression, or null where it is beyond <see cref="RegexReader"/> or too large.</summary>
    public static LinearRegex? TryCompile(RegexMatch match) =>
        RegexReader.Read(match) is { } tree && RegexProgram.Compile(tree) is { } program ? new(program) : null;

    /// <summary>True where the expression matches somewhere. Bytes that are no UTF-8 count as U+FFFD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        var automaton = Volatile.Read(ref _automaton);
        var rows = automaton.Rows;
        var state = Automaton.StartState;
        var ascii = _program.ClassOfAscii;
        for (var at = 0; at < text.Length;)
        {
            if (state == automaton.Idle && automaton.Beginnings is { } beginnings)
            {
                var jump = text[at..].IndexOfAny(beginnings);
                if (jump < 0) break;
                at += jump;
            }

            int input = text[at];
            if (input < 0x80)
            {
                input = ascii[input];
                at++;
            }
            else
            {
                Rune.DecodeFromUtf8(text[at..], out var rune, out var used);
                input = _program.ClassOf(rune);
                at += used;
            }

            // Another thread may have lengthened the list of rows since.
            if (state >= rows.Length) rows = automaton.Rows;
            var next = rows[state][input];
            if (next <= Automaton.Matched)
            {
                if (next == Automaton.Unknown)
                {
                    next = Extend(ref automaton, ref state, input);
                    rows = automaton.Rows;
                }

                if (next == Automaton.Matched) return true;
                if (next == Automaton.Dead) return false;
            }

            state = next;
        }

        if (state >= rows.Length) rows = automaton.Rows;
        var end = rows[state][_program.Classes];
        return (end == Automaton.Unknown ? Extend(ref automaton, ref state, _program.Classes) : end) == Automaton.Matched;
    }

    // Makes the state that follows. Where the automaton is full, a new one takes its place, from the present state on.
    private int Extend(ref Automaton automaton, ref int state, int input)
    {
        lock (_lock)
        {
            var next = automaton.Extend(state, input, MostStates);
            if (next != Automaton.Unknown) return next;
            var fresh = new Automaton(_program);
            state = fresh.Adopt(automaton, state);
            automaton = fresh;
            Volatile.Write(ref _automaton, fresh);
            return fresh.Extend(state, input, MostStates);
        }
    }
}
