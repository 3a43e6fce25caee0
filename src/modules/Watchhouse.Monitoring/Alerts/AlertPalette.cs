using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Modules;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>
/// Offers the views of the alert queue to the command palette. Not the alerts themselves: a list of titles at each keystroke
/// would be a consultation at each keystroke; the last entry looks for the words on the page, where it is one.
/// </summary>
internal sealed class AlertPalette(AlertViews views) : IPaletteProvider
{
    public async ValueTask<IReadOnlyList<PaletteItem>> FindAsync(
        ActingPrincipal principal, string words, int most, CancellationToken cancellationToken)
    {
        if (!principal.Holds(Permissions.AlertsRead)) return [];
        var own = await views.ListAsync(principal, cancellationToken);
        var text = words.Trim();
        return [.. AlertViews.BuiltIn.Concat(own).Where(view => $"Alerts: {view.Name}".Contains(text, StringComparison.OrdinalIgnoreCase))
            .Select(view => new PaletteItem($"Alerts: {view.Name}", "View", view.Query.Length == 0 ? "/alerts" : $"/alerts?{view.Query}"))
            .Take(most - 1)
            .Append(new PaletteItem($"Look for '{text}' in alerts", "View", $"/alerts?q={Uri.EscapeDataString(text)}"))];
    }
}
