using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Federation.Organisations;

/// <summary>The register of organisations over HTTP.</summary>
internal static class OrganisationEndpoints
{
    public static void MapOrganisations(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/organisations").WithTags("Organisations");

        group.MapGet("", async (Register register, CancellationToken cancellationToken) =>
                Results.Ok(await register.ListAsync(cancellationToken)))
            .WithName("Organisations").WithSummary("The organisations that exist today.")
            .Produces<IEnumerable<OrganisationSummary>>()
            .Requires(Permissions.OrganisationsRead);

        // The value is called 'tag' and not 'force': the register is public, so no tenancy check applies.
        group.MapGet("/{tag}", async (Register register, string tag, CancellationToken cancellationToken) =>
                ForceId.TryParse(tag, null, out var id) && await register.DetailAsync(id, cancellationToken) is { } detail
                    ? Results.Ok(detail)
                    : Failure.NotFound.ToProblem())
            .WithName("Organisation").WithSummary("One organisation with its names, districts and successions.")
            .Produces<OrganisationDetail>()
            .Requires(Permissions.OrganisationsRead);

        group.MapPost("/merge", async (ActingPrincipal principal, SuccessionOperations operations, MergeOptions body, CancellationToken cancellationToken) =>
                (await operations.MergeAsync(principal, body, cancellationToken)).ToHttp(Results.Ok))
            .WithName("Merge").WithSummary("Several organisations become one, or one absorbs others.")
            .Produces<SuccessionModel>()
            .Requires(Permissions.OrganisationsManage);

        group.MapPost("/split", async (ActingPrincipal principal, SuccessionOperations operations, SplitOptions body, CancellationToken cancellationToken) =>
                (await operations.SplitAsync(principal, body, cancellationToken)).ToHttp(Results.Ok))
            .WithName("Split").WithSummary("One organisation becomes several.")
            .Produces<SuccessionModel>()
            .Requires(Permissions.OrganisationsManage);

        group.MapPost("/rename", async (ActingPrincipal principal, SuccessionOperations operations, RenameOptions body, CancellationToken cancellationToken) =>
                (await operations.RenameAsync(principal, body, cancellationToken)).ToHttp(Results.Ok))
            .WithName("Rename").WithSummary("An organisation bears another name from a day on.")
            .Produces<SuccessionModel>()
            .Requires(Permissions.OrganisationsManage);
    }
}
