using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Modules;

namespace Watchhouse.Monitoring.Sources;

/// <summary>Offers the pages beside the sources to the command palette, in the words that people look for.</summary>
internal sealed class SourcePalette : IPaletteProvider
{
    private static readonly (string Title, string Words, string Address, Permission Permission)[] Pages =
    [
        ("Collectors", "collectors microsoft 365 entra azure defender event hub coverage gaps credential", "/sources/collectors", Permissions.SourcesRead),
        ("Set up a collector", "set up collector add new", "/sources/collectors?do=set-up", Permissions.CollectorsManage),
        ("Syslog listeners", "syslog listeners rsyslog syslog-ng ports", "/sources/listeners", Permissions.SourcesManage),
        ("Open a listener", "open listener syslog add new", "/sources/listeners?do=open", Permissions.SourcesManage),
        ("Retention and holds", "retention holds legal hold archive keep delete", "/sources/retention", Permissions.SourcesRead),
    ];

    public ValueTask<IReadOnlyList<PaletteItem>> FindAsync(ActingPrincipal principal, string words, int most, CancellationToken cancellationToken)
    {
        var asked = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return ValueTask.FromResult<IReadOnlyList<PaletteItem>>(
        [
            .. Pages.Where(page => principal.Holds(page.Permission) && asked.All(word => Array.Exists(page.Words.Split(' '), each => each.StartsWith(word, StringComparison.OrdinalIgnoreCase))))
                .Select(page => new PaletteItem(page.Title, "Page", page.Address)).Take(most),
        ]);
    }
}
