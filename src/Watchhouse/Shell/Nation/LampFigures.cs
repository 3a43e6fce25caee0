using System.Globalization;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Shell.Nation;

/// <summary>A figure of the row above the map.</summary>
internal sealed record LampFigure(string Label, string Value, string? Unit, string? Note, string Href, Tone Tone = Tone.Neutral);

/// <summary>
/// The row of figures: of the nation for the Centre, of one force for its people. Only what is truly counted stands
/// here; a figure that a role cannot see is not there.
/// </summary>
internal static class LampFigures
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    public static IReadOnlyList<LampFigure> Of(
        OverviewView view, ActingPrincipal principal, ForceId? focus, Func<FigureReading, string> choice) => focus is { } force
        ? [.. OfForce(view, force, choice), .. OfDelegations(view, principal, force)]
        : [.. OfNation(view, principal), .. OfDelegations(view, principal, null)];

    private static IEnumerable<LampFigure> OfNation(OverviewView view, ActingPrincipal principal)
    {
        var forces = view.Forces.ToList();
        var territorial = forces.Count(f => f.Kind == "Territorial");
        yield return new LampFigure("Forces in the federation", Number(forces.Count), null,
            $"{territorial} territorial, {forces.Count - territorial} others", "/forces");

        var held = principal.Delegations.Select(d => d.From).Distinct().Count(id => forces.Exists(f => f.Id == id));
        yield return new LampFigure("Forces that delegated to us", Number(held), $"of {forces.Count}",
            held == forces.Count ? "every force" : $"{forces.Count - held} let us see nothing yet", "/forces?delegated=some");
    }

    private static IEnumerable<LampFigure> OfForce(OverviewView view, ForceId force, Func<FigureReading, string> choice) =>
        from figure in view.Figures
        let value = figure.Values.GetValueOrDefault(force)
        where value is not null
        select new LampFigure(figure.Title, value.Words, null,
            figure.Median is null ? null : $"national median {figure.Median}", choice(figure), value.Tone.Tone());

    private static IEnumerable<LampFigure> OfDelegations(OverviewView view, ActingPrincipal principal, ForceId? focus)
    {
        var about = focus is { } force && force != principal.Home
            ? [.. principal.Delegations.Where(d => d.From == force)]
            : principal.Delegations;
        var page = principal.Holds(Permissions.DelegationsRead) ? "/delegations?view=held" : "/forces?delegated=some";
        yield return new LampFigure("Delegations held", Number(about.Length), null,
            $"{Count(about.Select(d => d.Scope).Distinct().Count(), "purpose")}", page);

        var ending = about.Where(d => d.Until <= view.At + Soon).ToList();
        yield return new LampFigure("Held, lapse within 30 days", Number(ending.Count), null,
            ending.Count == 0 ? "none needs renewing" : $"first on {HouseTime.Date(ending.Min(d => d.Until))}", page,
            ending.Count == 0 ? Tone.Neutral : Tone.Warning);

        if (view.Granted is not { } granted || focus != principal.Home) yield break;
        var lapsing = granted.Where(g => g.Until <= view.At + Soon).ToList();
        yield return new LampFigure("Granted, lapse within 30 days", Number(lapsing.Count), $"of {granted.Count}",
            lapsing.Count == 0 ? "none needs renewing" : $"first on {HouseTime.Date(lapsing.Min(d => d.Until))}", "/delegations",
            lapsing.Count == 0 ? Tone.Neutral : Tone.Warning);
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
