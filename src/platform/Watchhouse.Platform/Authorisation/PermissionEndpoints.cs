using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Authorisation;

/// <summary>The permission table, and who one is, over HTTP.</summary>
internal static class PermissionEndpoints
{
    public static void MapPermissions(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1").WithTags("Permissions");

        group.MapGet("/permissions", () => Results.Ok(Permissions.All.Select(PermissionModel.Of)))
            .WithName("Permissions").WithSummary("The permission table: role x resource x action.")
            .Produces<IEnumerable<PermissionModel>>()
            .Requires(Permissions.PermissionsRead);

        group.MapGet("/me", (ActingPrincipal principal) => Results.Ok(MeModel.Of(principal)))
            .WithName("Me").WithSummary("Who acts: roles, home organisation and delegations in force.")
            .Produces<MeModel>()
            .RequiresSignIn();
    }

    internal sealed record PermissionModel(
        string Key, string Resource, string Action, string Meaning, string? Scope, bool UnderDelegation, string Operation, IEnumerable<string> Roles)
    {
        public static PermissionModel Of(Permission p) => new(p.Key, p.Resource, p.Action, p.Meaning, p.Scope?.Word(),
            p.Reach == Reach.OwnAndDelegated, p.Operation.ToString(), p.Roles.Select(r => r.ToString()));
    }

    internal sealed record MeModel(
        string Kind, string Id, string Name, ForceId Home, IEnumerable<string> Roles, IEnumerable<MeDelegation> Delegations,
        IEnumerable<string> Permissions)
    {
        public static MeModel Of(ActingPrincipal p) => new(p.Kind.ToString(), p.Subject, p.Name, p.Home,
            p.Roles.Select(r => r.ToString()),
            p.Delegations.Select(d => new MeDelegation(d.Id, d.From, d.Scope.Word(), d.Until)),
            Authorisation.Permissions.All.Where(p.Holds).Select(x => x.Key));
    }

    internal sealed record MeDelegation(Guid Id, ForceId From, string Scope, DateTimeOffset Until);
}
