using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Modules;

namespace Watchhouse.Platform.Ui;

/// <summary>The pages in the navigation, from every module, in the order of the list.</summary>
public sealed class NavigationCatalogue(IReadOnlyList<IModule> modules)
{
    private readonly NavigationEntry[] _entries =
        [.. modules.SelectMany(m => m.Navigation).OrderBy(e => e.Order).ThenBy(e => e.Title, StringComparer.Ordinal)];

    /// <summary>What the principal can open.</summary>
    public IReadOnlyList<NavigationEntry> For(ActingPrincipal principal) =>
        [.. _entries.Where(e => principal.Holds(e.Permission) && (e.Unless is null || !principal.Holds(e.Unless)))];

    /// <summary>The same in groups; a group changes at each hundred of the order.</summary>
    public IEnumerable<IGrouping<int, NavigationEntry>> GroupsFor(ActingPrincipal principal) =>
        For(principal).GroupBy(e => e.Order / 100);
}
