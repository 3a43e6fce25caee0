using System.Collections.Frozen;

namespace Watchhouse.Monitoring.Rules;

/// <summary>Which moves a rule may make. Pure.</summary>
internal static class RuleLifeCycle
{
    private static readonly FrozenDictionary<RuleStage, RuleStage[]> Moves = new Dictionary<RuleStage, RuleStage[]>
    {
        [RuleStage.Draft] = [RuleStage.Testing, RuleStage.Retired],
        [RuleStage.Testing] = [RuleStage.Live, RuleStage.Draft, RuleStage.Retired],
        [RuleStage.Live] = [RuleStage.Testing, RuleStage.Retired],
        [RuleStage.Retired] = [RuleStage.Draft],
    }.ToFrozenDictionary();

    /// <summary>Where a rule may go from here.</summary>
    public static IReadOnlyList<RuleStage> From(RuleStage stage) => Moves[stage];

    /// <summary>Whether rules of this stage run.</summary>
    public static bool Runs(RuleStage stage) => stage is RuleStage.Testing or RuleStage.Live;

    /// <summary>Why a move is refused, and what to do; null where it is allowed.</summary>
    /// <param name="from">Where the rule stands.</param>
    /// <param name="to">Where it is to go.</param>
    /// <param name="isTested">Whether its present text was tested on what had arrived.</param>
    /// <param name="untestedBecause">Why it goes live without a test.</param>
    public static string? Refusal(RuleStage from, RuleStage to, bool isTested, string? untestedBecause)
    {
        if (!Moves[from].Contains(to))
            return $"A rule in {Word(from)} cannot become {Word(to)}. It can become {string.Join(" or ", Moves[from].Select(Word))}.";
        return to == RuleStage.Live && !isTested && string.IsNullOrWhiteSpace(untestedBecause)
            ? "The rule's present text has not been tested on what has arrived. Test it first, or say in 'untestedBecause' why it goes live without."
            : null;
    }

    public static string Word(RuleStage stage) => stage.ToString().ToLowerInvariant();
}
