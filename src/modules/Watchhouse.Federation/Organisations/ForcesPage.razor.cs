using System.Globalization;
using Microsoft.AspNetCore.Components;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Federation.Organisations;

public sealed partial class ForcesPage
{
    private const string Others = "others";
    private const string Partners = "partners";
    private const string Ended = "ended";
    private static readonly Dictionary<string, object?> Unfiltered = new() { ["q"] = null, ["delegated"] = null, ["page"] = null };

    private IReadOnlyList<RegisterListing> _all = [];
    private IReadOnlyList<RegisterListing> _shown = [];

    [SupplyParameterFromQuery(Name = "tab")] public string? Tab { get; set; }

    [SupplyParameterFromQuery(Name = "q")] public string? Words { get; set; }

    [SupplyParameterFromQuery(Name = "delegated")] public string? Delegated { get; set; }

    [SupplyParameterFromQuery(Name = "sort")] public string? Sort { get; set; }

    private IReadOnlyList<FilterChip> Tabs =>
    [
        new("Territorial forces", null, CountOf(null)),
        new("Other forces", Others, CountOf(Others)),
        new("Centre and partners", Partners, CountOf(Partners)),
        new("Ended", Ended, CountOf(Ended)),
    ];

    private IReadOnlyList<FilterGroup> Filters => Tab is Partners or Ended ? [] :
    [
        new("Delegated to us", "delegated", Delegated, [new("All", null), new("Something", "some"), new("Nothing", "none")]),
    ];

    private IReadOnlyList<HeaderFigure> Figures
    {
        get
        {
            if (State.Phase == LoadPhase.Loading) return [];
            var forces = _all.Where(r => r.Summary.IsForce && !r.Ended && r.Summary.Id != Principal?.Home).ToList();
            return
            [
                new(Number(forces.Count(r => Held(r) > 0)), "delegated to us", "/forces?delegated=some"),
                new(Number(forces.Count(r => Held(r) == 0)), "delegated nothing to us", "/forces?delegated=none"),
            ];
        }
    }

    private string Caption => Tabs.First(t => t.Value == Tab || (t.Value is null && Tab is null)).Title;

    private string EmptyTitle => Words is null && Delegated is null ? "Nothing of this kind is in the register" : "No organisation matches";

    private string EmptyText => Words is null && Delegated is null
        ? "The register is loaded at each start from the files of the nation, and changes by a merger, a split or a new name."
        : "Remove a filter, or look under another tab.";

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        if (Tab is not (null or Others or Partners or Ended)) Tab = null;
        var all = await Queries.ListAsync(principal, cancellationToken);
        _all = all;
        _shown = [.. Sorted(all.Where(r => TabOf(r) == Tab).Where(Fits).Where(FitsDelegation))];
        return null;
    }

    private static string? TabOf(RegisterListing row) =>
        row.Ended ? Ended
        : row.Summary.Kind == nameof(OrganisationKind.Territorial) ? null
        : row.Summary.Kind == nameof(OrganisationKind.OtherForce) ? Others
        : Partners;

    private int? CountOf(string? tab) => State.Phase == LoadPhase.Loading ? null : _all.Count(r => TabOf(r) == tab);

    private bool Fits(RegisterListing row) => string.IsNullOrWhiteSpace(Words)
        || new[] { row.Summary.Id.Value, row.Summary.Name, row.Summary.ShortName, row.Summary.Region, row.WelshName }
            .Any(text => text?.Contains(Words.Trim(), StringComparison.OrdinalIgnoreCase) is true);

    private bool FitsDelegation(RegisterListing row) => Tab is Partners or Ended || Delegated switch
    {
        "some" => Held(row) > 0,
        "none" => Held(row) == 0 && row.Summary.Id != Principal?.Home,
        _ => true,
    };

    private IEnumerable<RegisterListing> Sorted(IEnumerable<RegisterListing> rows)
    {
        var ascending = Sort is null || !Sort.StartsWith('-');
        var byName = rows.OrderBy(r => r.Summary.ShortName, StringComparer.Ordinal);
        return (Sort ?? "name").TrimStart('-') switch
        {
            "tag" => By(byName, r => r.Summary.Id.Value, ascending),
            "region" => By(byName, r => r.Summary.Region, ascending),
            "officers" => By(byName, r => r.Summary.Officers ?? -1, ascending),
            "districts" => By(byName, r => r.Districts, ascending),
            "delegated" => By(byName, Held, ascending),
            "ended" => By(byName, r => r.Until, ascending),
            _ => By(byName, r => r.Summary.Name, ascending),
        };
    }

    private static IEnumerable<RegisterListing> By<TKey>(IEnumerable<RegisterListing> rows, Func<RegisterListing, TKey> key, bool ascending) =>
        ascending ? rows.OrderBy(key) : rows.OrderByDescending(key);

    private int Held(RegisterListing row) =>
        Principal?.Delegations.Where(d => d.From == row.Summary.Id).Select(d => d.Scope).Distinct().Count() ?? 0;

    private string HeldWords(RegisterListing row) => Principal is null ? ""
        : string.Join(", ", Principal.Delegations.Where(d => d.From == row.Summary.Id).OrderBy(d => d.Scope).Select(d => d.Scope.Word()));

    private string NameOf(string tag) => _all.FirstOrDefault(r => r.Summary.Id.Value == tag)?.Summary.Name ?? tag;

    private static string AddressOf(RegisterListing row) => $"/forces/{row.Summary.Id}";

    private static string Districts(RegisterListing row) => row.Districts == 0 ? "–" : Number(row.Districts);

    private static string Day(DateOnly? day) => day?.ToString("d MMM yyyy", CultureInfo.GetCultureInfo("en-GB")) ?? "not known";

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private Task ExportAsync() => Script.SaveTextAsync("forces.csv", "text/csv", Csv.Write(
    [
        ["tag", "name", "short name", "welsh name", "kind", "region", "officers march 2025", "districts", "delegated to us", "from", "until", "followed by"],
        .. _shown.Select(r => new string?[]
        {
            r.Summary.Id.Value, r.Summary.Name, r.Summary.ShortName, r.WelshName, ForceDirectory.KindWords(r.Summary.Kind), r.Summary.Region,
            r.Summary.Officers?.ToString(CultureInfo.InvariantCulture), r.Districts.ToString(CultureInfo.InvariantCulture), HeldWords(r),
            $"{r.From:yyyy-MM-dd}", $"{r.Until:yyyy-MM-dd}", string.Join(' ', r.Successors),
        }),
    ])).AsTask();
}
