using System.Text;

namespace Watchhouse.Sigma;

/// <summary>
/// Text of which every match of a regular expression must hold one, for the prefilter: what can be spelled out of the
/// expression, in folded form, as in RE2's prefilter. "No literal" means that the expression is asked for every value,
/// never that it cannot match.
/// </summary>
internal static class RegexLiterals
{
    private const int Shortest = 3;
    private const int Longest = 24;
    private const int MostSpelled = 16;
    private const int MostAlternatives = 48;

    /// <param name="Exact">All texts that the part can be, where they are few; else null.</param>
    /// <param name="OneOf">Texts of which one must occur; null where nothing is known.</param>
    private readonly record struct Known(IReadOnlyCollection<string>? Exact, IReadOnlyCollection<string>? OneOf)
    {
        public static Known Nothing => new(null, null);

        public static Known Empty => new([""], null);

        /// <summary>What must occur of the part: its best-known texts.</summary>
        public IReadOnlyCollection<string>? Required => Exact is null ? OneOf : Better(OneOf, Exact);
    }

    /// <summary>Texts of which one must occur, or none at all.</summary>
    public static IReadOnlyCollection<string> Required(RegexMatch match) =>
        RegexReader.Read(match) is { } tree && Of(tree).Required is { } texts && texts.All(text => text.Length >= Shortest) ? texts : [];

    private static Known Of(RegexTree tree) => tree switch
    {
        RegexCharacter character => Spell(character.Set),
        RegexAnchor => Known.Empty,
        RegexSequence sequence => Follow(sequence.Parts.Select(Of)),
        RegexChoice choice => Choose([.. choice.Parts.Select(Of)]),
        RegexRepeat { Least: 0, Most: 1 } repeat => Of(repeat.Part) is { Exact: { Count: < MostSpelled } exact } ? new(Distinct(exact.Append("")), null) : Known.Nothing,
        RegexRepeat { Least: 0 } => Known.Nothing,
        RegexRepeat repeat when repeat.Most == repeat.Least && repeat.Least <= Longest => Follow(Enumerable.Repeat(Of(repeat.Part), repeat.Least)),
        // At least one, and more may follow: what one needs is needed.
        RegexRepeat repeat => new(null, Of(repeat.Part).Required),
        _ => Known.Nothing,
    };

    private static Known Spell(ScalarSet set)
    {
        var texts = new HashSet<string>();
        foreach (var (first, last) in set.Ranges)
        {
            if (last - first > MostSpelled) return Known.Nothing;
            for (var scalar = first; scalar <= last; scalar++)
            {
                if (!Rune.IsValid(scalar)) return Known.Nothing;
                texts.Add(Rune.ToLowerInvariant(Rune.ToUpperInvariant(new(scalar))).ToString());
                if (texts.Count > 4) return Known.Nothing;
            }
        }

        return new(texts, null);
    }

    private static Known Follow(IEnumerable<Known> parts)
    {
        IReadOnlyCollection<string> run = [""];
        IReadOnlyCollection<string>? best = null;
        var isExact = true;
        foreach (var part in parts)
        {
            if (part.Exact is { } exact && run.Count * exact.Count <= MostSpelled && run.Max(text => text.Length) < Longest)
            {
                run = Distinct(run.SelectMany(before => exact.Select(after => before + after)));
                continue;
            }

            isExact = false;
            best = Better(Better(best, run), part.OneOf);
            run = part.Exact ?? [""];
        }

        return isExact ? new(run, null) : new(null, Better(best, run));
    }

    private static Known Choose(IReadOnlyList<Known> parts)
    {
        if (parts.All(part => part.Exact is not null) && Distinct(parts.SelectMany(part => part.Exact!)) is { Count: <= MostSpelled } exact) return new(exact, null);
        if (parts.Any(part => part.Required is null)) return Known.Nothing;
        var texts = Distinct(parts.SelectMany(part => part.Required!));
        return texts.Count <= MostAlternatives ? new(null, texts) : Known.Nothing;
    }

    // The longer the shortest text, the rarer; of equals the fewer.
    private static IReadOnlyCollection<string>? Better(IReadOnlyCollection<string>? left, IReadOnlyCollection<string>? right)
    {
        int Worth(IReadOnlyCollection<string>? texts) => texts is null || texts.Count == 0 ? 0 : texts.Min(text => Math.Min(text.Length, 12)) * 100 - texts.Count;
        return Worth(right) > Math.Max(0, Worth(left)) ? right : Worth(left) > 0 ? left : null;
    }

    private static HashSet<string> Distinct(IEnumerable<string> texts) => [.. texts];
}
