using System.Globalization;
using System.Text;

namespace Watchhouse.Sigma;

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

    private ScalarSet(List<(int First, int Last)> ranges) => Ranges = ranges;

    public IReadOnlyList<(int First, int Last)> Ranges { get; }

    /// <summary>\d: decimal digits of every script.</summary>
    public static ScalarSet Digits => DigitSet.Value;

    /// <summary>\s: white space.</summary>
    public static ScalarSet Spaces => SpaceSet.Value;

    /// <summary>\w: letters, digits, marks that take no space, and connectors such as the underscore.</summary>
    public static ScalarSet Words => WordSet.Value;

    /// <summary>Everything.</summary>
    public static ScalarSet Everything { get; } = new([(0, Last)]);

    /// <summary>Everything but the line feed: the dot without the flag s.</summary>
    public static ScalarSet AllButLineFeed { get; } = new([(0, '\n' - 1), ('\n' + 1, Last)]);

    public static ScalarSet Single(int scalar) => new([(scalar, scalar)]);

    public static ScalarSet Union(IEnumerable<(int First, int Last)> ranges)
    {
        var joined = new List<(int First, int Last)>();
        foreach (var range in ranges.Order())
        {
            if (joined.Count > 0 && range.First <= joined[^1].Last + 1) joined[^1] = (joined[^1].First, Math.Max(joined[^1].Last, range.Last));
            else joined.Add(range);
        }

        return new(joined);
    }

    public ScalarSet Negate()
    {
        var rest = new List<(int, int)>();
        var next = 0;
        foreach (var (first, last) in Ranges)
        {
            if (first > next) rest.Add((next, first - 1));
            next = last + 1;
        }

        if (next <= Last) rest.Add((next, Last));
        return new(rest);
    }

    public bool Contains(int scalar)
    {
        var (low, high) = (0, Ranges.Count - 1);
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
        var ranges = new List<(int First, int Last)>(Ranges);
        foreach (var (first, last) in Ranges)
        {
            // Beyond Latin, Greek, Cyrillic, Armenian and Georgian a range holds either both cases or none.
            for (var scalar = first; scalar <= Math.Min(last, 0x2FFF); scalar++)
            {
                if (!Rune.IsValid(scalar)) continue;
                var (lower, upper) = (Rune.ToLowerInvariant(new(scalar)).Value, Rune.ToUpperInvariant(new(scalar)).Value);
                if (lower != scalar) ranges.Add((lower, lower));
                if (upper != scalar) ranges.Add((upper, upper));
                // The Kelvin sign is a k to everybody who ignores case.
                if (scalar is 'k' or 'K') ranges.Add((0x212A, 0x212A));
            }
        }

        return Union(ranges);
    }

    private static ScalarSet Of(Func<Rune, bool> holds)
    {
        var ranges = new List<(int First, int Last)>();
        for (var scalar = 0; scalar <= LastAssigned; scalar++)
        {
            // Nothing is assigned between the last ideographs and the variation selectors.
            if (scalar == 0x40000) scalar = 0xE0000;
            if (!Rune.IsValid(scalar) || !holds(new(scalar))) continue;
            if (ranges.Count > 0 && ranges[^1].Last == scalar - 1) ranges[^1] = (ranges[^1].First, scalar);
            else ranges.Add((scalar, scalar));
        }

        return new(ranges);
    }
}
