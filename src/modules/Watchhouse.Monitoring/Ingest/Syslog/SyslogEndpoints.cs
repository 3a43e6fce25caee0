using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>A listener that is wanted. It is of the force of whoever asks.</summary>
internal sealed record ListenerInput(
    string Source, string Transport, string Address, int Port, IReadOnlyList<string>? Networks = null, IReadOnlyList<string>? Thumbprints = null);

/// <summary>A listener and how it fares since the centre was started.</summary>
/// <param name="State">"open", "opening", or a sentence that says why it is not.</param>
internal sealed record ListenerAnswer(
    Guid Id, ForceId Force, string Source, string Transport, string Address, int Port, IReadOnlyList<string> Networks,
    IReadOnlyList<string> Thumbprints, DateTimeOffset CreatedAt, string State, int Connections, long Messages);

/// <summary>Listeners for syslog over HTTP.</summary>
internal static class SyslogEndpoints
{
    public static void MapSyslog(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/ingest/listeners").WithTags("Sources");
        group.MapGet("", async (ActingPrincipal actor, ListenerOperations listeners, CancellationToken stop) =>
                Results.Ok(await listeners.ListAsync(actor, stop)))
            .Requires(Permissions.SourcesManage).WithName("SyslogListeners")
            .WithSummary("Where one's own force's syslog comes in.").Produces<IEnumerable<ListenerAnswer>>();
        group.MapPost("", async (ActingPrincipal actor, HttpRequest request, ListenerOperations listeners, ListenerInput body, CancellationToken stop) =>
                (await listeners.AddAsync(actor, body, request.Reason(), stop))
                    .ToHttp(added => Results.Created($"/api/v1/ingest/listeners/{added.Id}", added)))
            .Requires(Permissions.SourcesManage).WithName("AddSyslogListener")
            .WithSummary("Opens a listener for one's own force; it opens within seconds.")
            .Produces<ListenerAnswer>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapDelete("/{id:guid}", async (Guid id, ActingPrincipal actor, HttpRequest request, ListenerOperations listeners, CancellationToken stop) =>
                (await listeners.RemoveAsync(actor, id, request.Reason(), stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.SourcesManage).WithName("RemoveSyslogListener")
            .WithSummary("Closes a listener. What it has read is still written down.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }
}
