using System.Globalization;
using System.Text;

namespace Watchhouse.Sigma;

/// <summary>A range of Unicode scalar values, both ends in it.</summary>
internal readonly record struct ScalarRange(int First, int Last);

/// <summary>A set of Unicode scalar values as sorted ranges that neither touch nor overlap.</summary>
internal sealed class ScalarSet
{
    private const int Last = 0x10FFFF;
    private const int LastAssigned = 0xE01FF;

    private static readonly Lazy<ScalarSet> DigitSet = new(() => Of(rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber));
    private static readonly Lazy<ScalarSet> SpaceSet = new(() => Of(Rune.IsWhiteSpace));
    private static readonly Lazy<ScalarSet> WordSet = new(() => Of(rune => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation));
    private static readonly Lazy<ScalarSet> BorderWordSet = new(() => Union([.. Words.Ranges, new(0x200C, 0x200D)]));

    private ScalarSet(params ScalarRange[] ranges) => Ranges = ranges;

    public ScalarRange[] Ranges { get; }

    /// <summary>\d: decimal digits of every script.</summary>
    public static ScalarSet Digits => DigitSet.Value;

    /// <summary>\s: white space.</summary>
    public static ScalarSet Spaces => SpaceSet.Value;

    /// <summary>\w: letters, digits, marks that take no space, and connectors such as the underscore.</summary>
    public static ScalarSet Words => WordSet.Value;

    /// <summary>What \b takes for a part of a word: the joiners that stand between letters, too.</summary>
    public static ScalarSet BorderWords => BorderWordSet.Value;

    /// <summary>Everything.</summary>
    public static ScalarSet Everything { get; } = new(new ScalarRange(0, Last));

    /// <summary>Everything but the line feed: the dot without the flag s.</summary>
    public static ScalarSet AllButLineFeed { get; } = new(new(0, '\n' - 1), new('\n' + 1, Last));

    public static ScalarSet Single(int scalar) => new(new ScalarRange(scalar, scalar));

    public static ScalarSet Union(params ScalarRange[] ranges)
    {
        if (ranges.Length == 0) return new();
        Array.Sort(ranges, static (left, right) => left.First.CompareTo(right.First));
        var last = 0;
        for (var at = 1; at < ranges.Length; at++)
        {
            if (ranges[at].First <= ranges[last].Last + 1) ranges[last] = new(ranges[last].First, Math.Max(ranges[last].Last, ranges[at].Last));
            else ranges[++last] = ranges[at];
        }

        return new(ranges[..(last + 1)]);
    }

    public ScalarSet Negate()
    {
        var rest = new ScalarRange[Ranges.Length + 1];
        var (next, filled) = (0, 0);
        foreach (var (first, last) in Ranges)
        {
            if (first > next) rest[filled++] = new(next, first - 1);
            next = last + 1;
        }

        if (next <= Last) rest[filled++] = new(next, Last);
        return new(rest[..filled]);
    }

    /// <summary>True where the other set holds the same.</summary>
    public bool Same(ScalarSet other) => ReferenceEquals(this, other) || Ranges.AsSpan().SequenceEqual(other.Ranges);

    public bool Contains(int scalar)
    {
        var (low, high) = (0, Ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            if (scalar < Ranges[middle].First) high = middle - 1;
            else if (scalar > Ranges[middle].Last) low = middle + 1;
            else return true;
        }

        return false;
    }

    /// <summary>The set and the other cases of all that is in it (simple case mapping of the invariant culture).</summary>
    public ScalarSet IgnoreCase()
    {
        List<ScalarRange> ranges = [.. Ranges];
        foreach (var (first, last) in Ranges)
        {
            // Beyond Latin, Greek, Cyrillic, Armenian and Georgian a range holds either both cases or none.
            for (var scalar = first; scalar <= Math.Min(last, 0x2FFF); scalar++)
            {
                if (!Rune.IsValid(scalar)) continue;
                var (lower, upper) = (Rune.ToLowerInvariant(new(scalar)).Value, Rune.ToUpperInvariant(new(scalar)).Value);
                if (lower != scalar) ranges.Add(new(lower, lower));
                if (upper != scalar) ranges.Add(new(upper, upper));
                // The Kelvin sign is a k to everybody who ignores case.
                if (scalar is 'k' or 'K') ranges.Add(new(0x212A, 0x212A));
            }
        }

        return Union([.. ranges]);
    }

    private static ScalarSet Of(Func<Rune, bool> holds)
    {
        var ranges = new List<ScalarRange>();
        for (var scalar = 0; scalar <= LastAssigned; scalar++)
        {
            // Nothing is assigned between the last ideographs and the variation selectors.
            if (scalar == 0x40000) scalar = 0xE0000;
            if (!Rune.IsValid(scalar) || !holds(new(scalar))) continue;
            if (ranges.Count > 0 && ranges[^1].Last == scalar - 1) ranges[^1] = new(ranges[^1].First, scalar);
            else ranges.Add(new(scalar, scalar));
        }

        return new([.. ranges]);
    }
}
