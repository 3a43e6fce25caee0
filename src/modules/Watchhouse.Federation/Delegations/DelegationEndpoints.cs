using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Federation.Delegations;

/// <summary>Delegations over HTTP.</summary>
internal static class DelegationEndpoints
{
    public static void MapDelegations(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1").WithTags("Delegations");

        group.MapGet("/delegations/held", async (ActingPrincipal principal, DelegationQueries queries, CancellationToken cancellationToken) =>
                Results.Ok(await queries.HeldAsync(principal, cancellationToken)))
            .WithName("DelegationsHeld").WithSummary("Delegations that your organisation holds from forces.")
            .Produces<IEnumerable<DelegationModel>>()
            .Requires(Permissions.DelegationsRead);

        group.MapGet("/forces/{force}/delegations", async (ActingPrincipal principal, HttpRequest request, DelegationQueries queries,
                ForceId force, CancellationToken cancellationToken) =>
                Results.Ok(await queries.GrantedAsync(principal, force, request.Reason(), cancellationToken)))
            .WithName("Delegations").WithSummary("Delegations that a force granted, ended ones included.")
            .Produces<IEnumerable<DelegationModel>>()
            .Requires(Permissions.DelegationsRead);

        group.MapPost("/forces/{force}/delegations", async (ActingPrincipal principal, HttpRequest request, DelegationOperations operations,
                ForceId force, GrantBody body, CancellationToken cancellationToken) =>
                (await operations.GrantAsync(principal, new GrantOptions
                {
                    Force = force,
                    To = body.To,
                    Scope = body.Scope,
                    Purpose = body.Purpose,
                    From = body.From,
                    Until = body.Until,
                    Reason = request.Reason(),
                }, cancellationToken)).ToHttp(d => Results.Created($"/api/v1/forces/{force}/delegations/{d.Id}", d)))
            .WithName("GrantDelegation").WithSummary("Grants a delegation of one's own force.")
            .Produces<DelegationModel>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest)
            .Requires(Permissions.DelegationsGrant);

        group.MapPatch("/forces/{force}/delegations/{id:guid}", async (ActingPrincipal principal, HttpRequest request,
                DelegationOperations operations, ForceId force, Guid id, EndBody body, CancellationToken cancellationToken) =>
                (await operations.ChangeEndAsync(principal, force, new DelegationId(id), body.Until, body.Version, request.Reason(), cancellationToken))
                    .ToHttp(Results.Ok))
            .WithName("ChangeDelegation").WithSummary("Moves the end of a delegation.")
            .Produces<DelegationModel>()
            .Requires(Permissions.DelegationsGrant);

        group.MapPost("/forces/{force}/delegations/{id:guid}/revoke", async (ActingPrincipal principal, HttpRequest request,
                DelegationOperations operations, ForceId force, Guid id, RevokeBody body, CancellationToken cancellationToken) =>
                (await operations.RevokeAsync(principal, force, new DelegationId(id), body.Because, request.Reason(), cancellationToken))
                    .ToHttp(Results.Ok))
            .WithName("RevokeDelegation").WithSummary("Revokes a delegation; it is gone at the receiver's next request.")
            .Produces<DelegationModel>()
            .Requires(Permissions.DelegationsGrant);
    }

    internal sealed record GrantBody(ForceId To, DelegationScope Scope, string Purpose, DateTimeOffset Until, DateTimeOffset? From = null);

    internal sealed record EndBody(DateTimeOffset Until, uint? Version = null);

    internal sealed record RevokeBody(string Because);
}
