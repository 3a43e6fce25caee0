using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Modules;

namespace Watchhouse.Monitoring.Rules.Pages;

/// <summary>Offers the pages about rules to the command palette, and to look for the words among rules.</summary>
internal sealed class RulePalette : IPaletteProvider
{
    private static readonly (string Title, string Address, bool Manages)[] Pages =
    [
        ("Rules: unusable", "/rules?show=unusable", false),
        ("Rules: noisy", "/rules/noise", false),
        ("Rules: value lists", "/rules/lists", false),
        ("Rules: write a rule", "/rules/new", true),
        ("Rules: import a release", "/rules/import", true),
    ];

    public ValueTask<IReadOnlyList<PaletteItem>> FindAsync(ActingPrincipal principal, string words, int most, CancellationToken cancellationToken)
    {
        if (!principal.Holds(Permissions.RulesRead)) return new([]);
        var text = words.Trim();
        return new([.. Pages.Where(page => page.Title.Contains(text, StringComparison.OrdinalIgnoreCase) && (!page.Manages || principal.Holds(Permissions.RulesManage)))
            .Select(page => new PaletteItem(page.Title, "Page", page.Address))
            .Take(most - 1)
            .Append(new PaletteItem($"Look for '{text}' in rules", "View", $"/rules?q={Uri.EscapeDataString(text)}"))]);
    }
}
