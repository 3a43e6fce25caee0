using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Web;

namespace Watchhouse.Monitoring.Rules.Lists;

/// <summary>Value lists over HTTP.</summary>
internal static class ValueListEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/value-lists").WithTags("Rules");
        group.MapGet("", async (ActingPrincipal actor, HttpRequest request, ValueListOperations operations, CancellationToken cancellationToken) =>
                Results.Ok(await operations.ListAsync(actor, request.Reason(), cancellationToken)))
            .Requires(Permissions.RulesRead).WithName("ValueLists")
            .WithSummary("Value lists for placeholders of rules (|expand), and which of them rules need.").Produces<ValueListsAnswer>();
        group.MapPut("/{name}", async (ActingPrincipal actor, HttpRequest request, ValueListOperations operations, string name, ListBody body,
                CancellationToken cancellationToken) =>
                (await operations.SetAsync(actor, name, body.Values, body.Version, request.Reason(), cancellationToken)).ToHttp(Results.Ok))
            .Requires(Permissions.RulesManage).WithName("SetValueList")
            .WithSummary("Sets a list of one's own organisation; 'version' is that of the list it was made from, and absent for a new one.")
            .Produces<ValueListRow>().ProducesProblem(StatusCodes.Status409Conflict);
        group.MapDelete("/{name}", async (ActingPrincipal actor, HttpRequest request, ValueListOperations operations, string name, uint? version,
                CancellationToken cancellationToken) =>
                (await operations.RemoveAsync(actor, name, version ?? 0, request.Reason(), cancellationToken)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.RulesManage).WithName("RemoveValueList").WithSummary("Removes a list of one's own organisation.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    internal sealed record ListBody(IReadOnlyList<string> Values, uint? Version = null);
}
