using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Overview;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Response.Wall;

/// <summary>The duty manager's wall, and a force's own view.</summary>
internal static class WallSetup
{
    /// <summary>How many of each an answer of the API holds.</summary>
    private const int First = 50;

    public static void AddWall(this IServiceCollection services)
    {
        services.AddSingleton<WallQueries>();
        services.AddSingleton<WallReader>();
        services.AddSingleton<IForceFigure, WallFigure>();
        services.AddSingleton<IAttentionSource, WallMatters>();
    }

    public static void MapWall(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1").WithTags("Wall");
        group.MapGet("/wall", async (ActingPrincipal actor, HttpRequest request, WallReader reader, CancellationToken stop) =>
                Results.Ok(await reader.WallAsync(actor with { StatedReason = request.Reason() ?? actor.StatedReason }, First, false, stop)))
            .Requires(Permissions.WallRead).WithName("Wall")
            .WithSummary("The nation at a glance: open alerts by force, incidents and what hinders them, alerts that nobody has taken on, approvals that wait, silent sources, bulletins not answered.").Produces<WallModel>();
        group.MapGet("/forces/{force}/view", async (ActingPrincipal actor, HttpRequest request, WallReader reader, ForceId force, CancellationToken stop) =>
                Results.Ok(await reader.ForceAsync(actor, force, First, request.Reason(), false, stop)))
            .Requires(Permissions.IncidentsRead).WithName("ForceView")
            .WithSummary("A force at a glance: what waits for its decision, its alerts, incidents and silent sources, authorities that end soon, and its measures beside the nation's.").Produces<ForceViewModel>();
    }
}
