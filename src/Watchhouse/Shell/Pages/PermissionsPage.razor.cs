using System.Globalization;
using Microsoft.AspNetCore.Components;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;
using Watchhouse.Shell.Access;

namespace Watchhouse.Shell.Pages;

public sealed partial class PermissionsPage
{
    private const string Mine = "mine";

    private IReadOnlyList<Permission> _rows = [];
    private IReadOnlyList<RoleDescription> _roles = [];
    private HashSet<Role> _own = [];

    /// <summary>A role by its name in the API, or 'mine'.</summary>
    [SupplyParameterFromQuery(Name = "role")] public string? RoleKey { get; set; }

    [SupplyParameterFromQuery(Name = "resource")] public string? Resource { get; set; }

    private IReadOnlyList<HeaderFigure> Figures => Principal is null ? [] :
    [
        new(Permissions.All.Count.ToString(CultureInfo.InvariantCulture), "permissions", "/permissions"),
        new(Permissions.All.Count(Principal.Holds).ToString(CultureInfo.InvariantCulture), "are yours", "/permissions?role=mine"),
    ];

    private string EmptyText => Resource is not null && !PermissionTable.Resources.Contains(Resource)
        ? "There is no such resource. Clear the filters."
        : "This role has no permission on this resource. Clear a filter to see the roles that have.";

    protected override Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _own = [.. principal.Roles];
        var chosen = RoleKey == Mine ? [.. principal.Roles]
            : Enum.TryParse<Role>(RoleKey, out var role) && Enum.IsDefined(role) ? new HashSet<Role> { role }
            : null;
        _roles = [.. Roles.All.Where(r => chosen is null || chosen.Contains(r.Role))];
        _rows = [.. Permissions.All
            .Where(p => Resource is null || p.Resource == Resource)
            .Where(p => chosen is null || p.Roles.Any(chosen.Contains))];
        return Task.FromResult<Failure?>(null);
    }

    private void Choose(string parameter, ChangeEventArgs e) =>
        Navigation.NavigateTo(With(parameter, e.Value?.ToString() is { Length: > 0 } value ? value : null));

    private Task ExportAsync() => Script.SaveTextAsync("permissions.csv", "text/csv", Csv.Write(
    [
        ["resource", "action", "meaning", "purpose", "reach", "logged as", .. _roles.Select(r => r.Title)],
        .. _rows.Select(p => (IEnumerable<string?>)
        [
            p.Resource, p.Action, p.Meaning, PermissionTable.Scope(p), PermissionTable.Reach(p), p.Operation.ToString(),
            .. _roles.Select(r => p.Roles.Contains(r.Role) ? "yes" : "no"),
        ]),
    ])).AsTask();
}
