using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;

namespace Watchhouse.Sigma;

/// <summary>Which shape a pattern has; everything but General needs no search for wildcards.</summary>
internal enum PatternShape : byte
{
    Exact,
    Prefix,
    Suffix,
    Contains,
    Everything,
    General,
}

/// <summary>A <see cref="SigmaPattern"/> compiled to bytes: folded ones unless the match is case-sensitive.</summary>
internal sealed class BytePattern
{
    private readonly Piece[][] _segments;
    private readonly bool _fromStart;
    private readonly bool _toEnd;

    private BytePattern(PatternShape shape, byte[] literal, Piece[][] segments, bool fromStart, bool toEnd)
    {
        Shape = shape;
        Literal = literal;
        _segments = segments;
        _fromStart = fromStart;
        _toEnd = toEnd;
    }

    /// <summary>So many characters of any kind, and then the text.</summary>
    private readonly record struct Piece(int Skip, byte[] Text);

    public PatternShape Shape { get; }

    /// <summary>The text that every match holds: all of it, or the longest literal of a general pattern (possibly empty).</summary>
    public byte[] Literal { get; }

    public static BytePattern Compile(SigmaPattern pattern, bool cased)
    {
        byte[] Bytes(string text) => cased ? Encoding.UTF8.GetBytes(text) : TextFold.Fold(text);
        var parts = pattern.Parts;
        var shape = ShapeOf(parts);
        if (shape != PatternShape.General)
            return new(shape, Bytes(string.Concat(parts.Select(part => part.Text))), [], false, false);

        var segments = ImmutableArray.CreateBuilder<ImmutableArray<Piece>>();
        var segment = ImmutableArray.CreateBuilder<Piece>();
        var skip = 0;
        foreach (var part in parts.Append(new(PatternPartKind.Many, "")))
        {
            switch (part.Kind)
            {
                case PatternPartKind.One:
                    skip++;
                    break;
                case PatternPartKind.Literal:
                    segment.Add(new(skip, Bytes(part.Text)));
                    skip = 0;
                    break;
                default:
                    if (skip > 0) segment.Add(new(skip, []));
                    skip = 0;
                    if (segment.Count > 0) segments.Add(segment.DrainToImmutable());
                    break;
            }
        }

        var longest = segments.SelectMany(each => each).MaxBy(piece => piece.Text.Length).Text;
        return new(
            shape, longest, [.. segments.Select(each => each.ToArray())], parts[0].Kind != PatternPartKind.Many, parts[^1].Kind != PatternPartKind.Many);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Matches(ReadOnlySpan<byte> text) => Shape switch
    {
        PatternShape.Exact => text.SequenceEqual(Literal),
        PatternShape.Prefix => text.StartsWith(Literal),
        PatternShape.Suffix => text.EndsWith(Literal),
        PatternShape.Contains => text.IndexOf(Literal) >= 0,
        PatternShape.Everything => true,
        _ => MatchesSegments(text),
    };

    private static PatternShape ShapeOf(ImmutableArray<PatternPart> parts) =>
        string.Concat(parts.Select(part => part.Kind switch
        {
            PatternPartKind.Literal => 'a',
            PatternPartKind.Many => '*',
            _ => '?',
        })) switch
        {
            "" or "a" => PatternShape.Exact,
            "a*" => PatternShape.Prefix,
            "*a" => PatternShape.Suffix,
            "*a*" => PatternShape.Contains,
            "*" => PatternShape.Everything,
            _ => PatternShape.General,
        };

    // What stands between two stars has a fixed number of characters, so the leftmost place is as good as any, and the
    // last segment of an anchored pattern is tried at every place that is left: |text| x |pattern| steps at the worst.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool MatchesSegments(ReadOnlySpan<byte> text)
    {
        var at = 0;
        for (var index = 0; index < _segments.Length; index++)
        {
            var segment = _segments[index];
            var last = index == _segments.Length - 1 && _toEnd;
            if (index == 0 && _fromStart)
            {
                if (!TryTake(text, 0, segment, out at)) return false;
                if (last) return at == text.Length;
                continue;
            }

            // A segment that begins with text can only stand where that text does.
            var first = segment[0].Skip == 0 ? segment[0].Text : [];
            while (true)
            {
                if (first.Length > 0)
                {
                    var found = text[at..].IndexOf(first);
                    if (found < 0) return false;
                    at += found;
                }

                if (TryTake(text, at, segment, out var end) && (!last || end == text.Length))
                {
                    at = end;
                    break;
                }

                if (at >= text.Length) return false;
                at += RuneLength(text[at..]);
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryTake(ReadOnlySpan<byte> text, int at, Piece[] segment, out int end)
    {
        end = at;
        foreach (var piece in segment)
        {
            for (var skipped = 0; skipped < piece.Skip; skipped++)
            {
                if (end >= text.Length) return false;
                end += RuneLength(text[end..]);
            }

            if (!text[end..].StartsWith(piece.Text)) return false;
            end += piece.Text.Length;
        }

        return true;
    }

    private static int RuneLength(ReadOnlySpan<byte> text)
    {
        if (text[0] < 0x80) return 1;
        Rune.DecodeFromUtf8(text, out _, out var used);
        return used;
    }
}
