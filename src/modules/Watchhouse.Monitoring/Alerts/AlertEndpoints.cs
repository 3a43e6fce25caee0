using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Web;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>Alerts over HTTP.</summary>
internal static class AlertEndpoints
{
    public static void MapAlerts(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/alerts").WithTags("Alerts");
        group.MapGet("", async (ActingPrincipal actor, HttpContext context, AlertQueries queries, TimeProvider clock, string? force, string? level,
                string? rule, string? entity, string? technique, string? since, string? until, string? q,
                string? status, string? owner, string? verdict, Guid? before, int? take,
                CancellationToken cancellationToken) =>
            {
                var read = new AlertAddress
                {
                    Force = force, Level = level, Rule = rule, Entity = entity, Technique = technique, Since = since, Until = until, Text = q,
                    Status = status, Owner = owner, Verdict = verdict,
                }.Read(clock.GetUtcNow(), actor.Subject);
                if (!read.Succeeded) return read.Failure.ToProblem();
                var page = await queries.PageAsync(
                    actor, read.Value with { Before = before, Take = take ?? 50, Reason = context.Request.Reason() }, cancellationToken);
                // A page may be short, or empty, although the list goes on: a text is looked for in so many alerts at a time.
                if (page.Next is { } next) context.Response.Headers.Link = $"<{Following(context.Request, next)}>; rel=\"next\"";
                return Results.Ok(page.Rows);
            })
            .Requires(Permissions.AlertsRead).WithName("Alerts")
            .WithSummary("Alerts of all forces in sight or of one, the newest first; the header Link names the next page while there is one. 'level' takes "
                + "several, joined by commas; 'since' and 'until' take 24h, 7d, a day or a moment; 'q' takes words of the title, entity or rule; 'status' unclosed or a status, 'owner' me, nobody or an id.")
            .Produces<IEnumerable<AlertRow>>().ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/views", async (ActingPrincipal actor, AlertViews views, CancellationToken cancellationToken) => Results.Ok((NamedView[])[.. AlertViews.BuiltIn, .. await views.ListAsync(actor, cancellationToken)]))
            .Requires(Permissions.AlertsRead).WithName("AlertViews").WithSummary("Views of the queue: those that everybody has, without an id, and one's own.").Produces<IEnumerable<NamedView>>();
        group.MapPut("/views", async (ActingPrincipal actor, HttpRequest request, AlertViews views, ViewBody body, CancellationToken cancellationToken) =>
                (await views.SaveAsync(actor with { StatedReason = request.Reason() ?? actor.StatedReason }, body.Name ?? "", body.Query ?? "", cancellationToken)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.AlertsRead).WithName("KeepAlertView").WithSummary("Keeps filters under a name, as the address has them ('level=critical&owner=me'); one of that name is replaced.").ProducesProblem(400).ProducesProblem(409);
        group.MapDelete("/views/{id:guid}", async (ActingPrincipal actor, HttpRequest request, AlertViews views, Guid id, CancellationToken cancellationToken) =>
                (await views.RemoveAsync(actor with { StatedReason = request.Reason() ?? actor.StatedReason }, id, cancellationToken)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.AlertsRead).WithName("RemoveAlertView").WithSummary("Removes a view of one's own.").ProducesProblem(404);
        group.MapGet("/{id:guid}", async (ActingPrincipal actor, HttpRequest request, AlertQueries queries, Guid id, CancellationToken cancellationToken) =>
                (await queries.FindAsync(actor, id, request.Reason(), cancellationToken)).ToHttp(Results.Ok))
            .Requires(Permissions.AlertsRead).WithName("Alert")
            .WithSummary("An alert with its evidence, related alerts in sight, in how many other forces the rule saw the entity, its rule's "
                + "recommendation to the force and known causes of false alarms.")
            .Produces<AlertDetail>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    internal sealed record ViewBody(string? Name = null, string? Query = null);

    private static string Following(HttpRequest request, Guid before)
    {
        var query = request.Query.Where(each => each.Key != "before").SelectMany(each => each.Value, (each, value) => KeyValuePair.Create(each.Key, value))
            .Append(new("before", before.ToString()));
        return request.Path + QueryString.Create(query);
    }
}
