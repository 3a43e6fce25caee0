namespace Watchhouse.Monitoring.Coverage;

/// <summary>Coverage in words. Pure.</summary>
internal static class CoverageWords
{
    public static IReadOnlyList<CoverageState> Shades { get; } =
        [CoverageState.Covered, CoverageState.Partly, CoverageState.RulesOnly, CoverageState.DataOnly, CoverageState.Nothing];

    public static string Word(CoverageState state) => state switch
    {
        CoverageState.Covered => "Covered",
        CoverageState.Partly => "Covered for some forces",
        CoverageState.RulesOnly => "Rules, no events",
        CoverageState.DataOnly => "Events, no live rule",
        _ => "Nothing",
    };

    public static string Meaning(CoverageState state) => state switch
    {
        CoverageState.Covered => "Live rules look for it in what arrives.",
        CoverageState.Partly => "Live rules look for it in what arrives from some of the forces.",
        CoverageState.RulesOnly => "Live rules look for it, and nothing arrives that they could see it in.",
        CoverageState.DataOnly => "Events arrive that rules in testing would see it in. No live rule looks for it.",
        _ => "No rule that runs looks for it.",
    };

    /// <summary>As it stands in the markup, for the style sheet.</summary>
    public static string Attribute(CoverageState state) => state switch
    {
        CoverageState.Covered => "covered",
        CoverageState.Partly => "partly",
        CoverageState.RulesOnly => "rules",
        CoverageState.DataOnly => "data",
        _ => "nothing",
    };

    /// <summary>What a cell says: how many forces of how many, or how many rules.</summary>
    public static string Figure(TechniqueCoverage technique, int forces) => technique.State switch
    {
        CoverageState.Covered or CoverageState.Partly when forces > 1 => $"{technique.Forces}/{forces}",
        CoverageState.Covered or CoverageState.Partly => $"{technique.FedRules}",
        CoverageState.RulesOnly => $"{technique.LiveRules}",
        CoverageState.DataOnly => $"{technique.TestingRules}",
        _ => "",
    };

    /// <summary>The same in a sentence.</summary>
    public static string Sentence(TechniqueCoverage technique, int forces)
    {
        var live = Count(technique.LiveRules, "live rule");
        return technique.State switch
        {
            CoverageState.Covered or CoverageState.Partly when forces > 1 =>
                $"{technique.FedRules} of {live} see events, for {technique.Forces} of {forces} forces.",
            CoverageState.Covered or CoverageState.Partly => $"{technique.FedRules} of {live} see events.",
            CoverageState.RulesOnly => $"{live}, and nothing arrives that {(technique.LiveRules == 1 ? "it" : "they")} could see.",
            CoverageState.DataOnly => $"Events arrive for {Count(technique.TestingRules, "rule")} in testing; none is live.",
            _ => "No rule that runs names it.",
        };
    }

    public static string Count(int number, string what) => $"{number.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)} {what}{(number == 1 ? "" : "s")}";
}
