using System.Globalization;
using System.Text.Json.Serialization;

namespace Watchhouse.Monitoring.Coverage;

/// <summary>The matrix as a layer of the ATT&amp;CK Navigator (layer format 4.5). Pure.</summary>
internal static class NavigatorLayer
{
    private static readonly (CoverageState State, string Colour, string Label)[] Shades =
    [
        (CoverageState.Covered, "#6bb36b", "Live rules look for it in what arrives"),
        (CoverageState.Partly, "#b9dcb3", "Covered for some of the forces"),
        (CoverageState.RulesOnly, "#f4c27a", "Live rules, and nothing arrives that they could see it in"),
        (CoverageState.DataOnly, "#a9cdf0", "Events arrive, and only rules in testing look for it"),
    ];

    public static Layer Of(CoverageAnswer answer, string name) => new(
        name, new("19", "5.1.0", "4.5"), "enterprise-attack",
        $"What live rules and the events of the last {(answer.Days == 1 ? "24 hours" : $"{answer.Days} days")} cover, over {answer.Forces} {(answer.Forces == 1 ? "force" : "forces")}.",
        [.. answer.Techniques.Where(technique => technique.State != CoverageState.Nothing).SelectMany(technique => technique.Tactics, (technique, tactic) => new LayerTechnique(
            technique.Id, tactic, Score(technique, answer.Forces), Shades.First(shade => shade.State == technique.State).Colour,
            string.Create(CultureInfo.InvariantCulture, $"{technique.FedRules} of {technique.LiveRules} live rules see events; covered for {technique.Forces} of {answer.Forces} forces; {technique.TestingRules} in testing."),
            technique.SubTechniques > 0))],
        new(["#f4c27a", "#b9dcb3", "#6bb36b"], 0, 100),
        [.. Shades.Select(shade => new LayerLegend(shade.Label, shade.Colour))]);

    // How many of the forces it is covered for, in hundredths.
    private static int Score(TechniqueCoverage technique, int forces) => forces == 0 ? 0 : technique.Forces * 100 / forces;

    internal sealed record Layer(
        string Name, LayerVersions Versions, string Domain, string Description, IReadOnlyList<LayerTechnique> Techniques, LayerGradient Gradient,
        IReadOnlyList<LayerLegend> LegendItems);

    internal sealed record LayerVersions(string Attack, string Navigator, string Layer);

    internal sealed record LayerTechnique(
        [property: JsonPropertyName("techniqueID")] string TechniqueId, string Tactic, int Score, string Color, string Comment, bool ShowSubtechniques);

    internal sealed record LayerGradient(IReadOnlyList<string> Colors, int MinValue, int MaxValue);

    internal sealed record LayerLegend(string Label, string Color);
}
