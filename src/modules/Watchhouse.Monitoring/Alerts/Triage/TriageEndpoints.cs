using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Monitoring.Alerts.Triage;

/// <summary>Triage over HTTP.</summary>
internal static class TriageEndpoints
{
    public static void MapTriage(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/alerts").WithTags("Alerts");
        group.MapGet("/to-do", async (ActingPrincipal actor, HttpRequest request, TriageQueries queries, string? force, CancellationToken cancellationToken) =>
            {
                ForceId? one = null;
                if (force is { Length: > 0 })
                {
                    if (!ForceId.TryParse(force, null, out var parsed)) return Failure.NotFound.ToProblem();
                    one = parsed;
                }

                return Results.Ok(await queries.CountsAsync(actor, one, request.Reason(), cancellationToken));
            })
            .Requires(Permissions.AlertsRead).WithName("AlertsToDo")
            .WithSummary("How many alerts are not closed, nobody's, one's own, and wait for their force; each up to 1,000.").Produces<TriageCounts>();
        group.MapGet("/people", async (ActingPrincipal actor, TriageQueries queries, CancellationToken cancellationToken) =>
                Results.Ok(await queries.PeopleAsync(actor, cancellationToken)))
            .Requires(Permissions.AlertsTriage).WithName("AlertPeople").WithSummary("People of one's own organisation to whom alerts can be given.")
            .Produces<IEnumerable<Colleague>>();
        group.MapGet("/{id:guid}/history", async (ActingPrincipal actor, HttpRequest request, TriageQueries queries, Guid id, CancellationToken cancellationToken) =>
                (await queries.HistoryAsync(actor, id, request.Reason(), logged: true, cancellationToken)).ToHttp(Results.Ok))
            .Requires(Permissions.AlertsRead).WithName("AlertHistory").WithSummary("What people decided on an alert, newest first.")
            .Produces<IEnumerable<AlertStepRow>>().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/{id:guid}/similar", async (ActingPrincipal actor, HttpRequest request, TriageQueries queries, Guid id, CancellationToken cancellationToken) =>
                (await queries.SimilarAsync(actor, id, request.Reason(), cancellationToken)).ToHttp(Results.Ok))
            .Requires(Permissions.AlertsTriage).WithName("SimilarAlerts")
            .WithSummary("Alerts of the same rule that are not closed, about the same entity or with the same title, within one's sight.")
            .Produces<SimilarAlerts>().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("/{id:guid}/triage", async (
                ActingPrincipal actor, HttpRequest request, TriageOperations operations, Guid id, OrderBody body, CancellationToken cancellationToken) =>
            {
                var order = body.Order(actor);
                if (!order.Succeeded) return order.Failure.ToProblem();
                return (await operations.DecideAsync(actor, new TriageSubject(id, body.Version), order.Value, request.Reason(), cancellationToken)).ToHttp(Results.Ok);
            })
            .Requires(Permissions.AlertsTriage).WithName("TriageAlert")
            .WithSummary("Decides on an alert: 'act' is assign (with 'owner': me, nobody or an id), open, wait or close (with 'verdict' and 'reason'). "
                + "'version' refuses a decision on what somebody else decided meanwhile.")
            .Produces<TriageResult>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/triage", async (
                ActingPrincipal actor, HttpRequest request, TriageOperations operations, ManyBody body, CancellationToken cancellationToken) =>
            {
                var order = body.Order(actor);
                if (!order.Succeeded) return order.Failure.ToProblem();
                return (await operations.DecideAsync(actor, body.Alerts ?? [], order.Value, request.Reason(), cancellationToken)).ToHttp(Results.Ok);
            })
            .Requires(Permissions.AlertsTriage).WithName("TriageAlerts")
            .WithSummary("Decides the same on up to 200 alerts; those that it does not fit are named with the reason.")
            .Produces<TriageAnswer>().ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapPost("/triage/undo", async (
                ActingPrincipal actor, HttpRequest request, TriageOperations operations, UndoBody body, CancellationToken cancellationToken) =>
                (await operations.UndoAsync(actor, body.Alerts ?? [], request.Reason(), cancellationToken)).ToHttp(Results.Ok))
            .Requires(Permissions.AlertsTriage).WithName("UndoTriage").WithSummary("Takes one's own last decision back, within a minute.")
            .Produces<TriageAnswer>().ProducesProblem(StatusCodes.Status400BadRequest);
    }

    internal sealed record OrderBody(string? Act = null, int Version = 0, string? Owner = null, string? Verdict = null, string? Reason = null)
    {
        public Outcome<TriageOrder> Order(ActingPrincipal actor)
        {
            if (!Enum.TryParse<TriageAct>(Act, ignoreCase: true, out var act) || !Enum.IsDefined(act) || int.TryParse(Act, out _))
                return Failure.Invalid("Say what to do: assign, open, wait or close.", "act");
            if (act == TriageAct.Assign && string.IsNullOrWhiteSpace(Owner)) return Failure.Invalid("Say to whom: me, nobody, or the id of a person.", "owner");
            return new TriageOrder(act)
            {
                Owner = Owner switch { "me" => actor.Subject, "nobody" or null => "", _ => Owner },
                Verdict = Verdict,
                Reason = Reason ?? "",
            };
        }
    }

    internal sealed record ManyBody(
        IReadOnlyList<TriageSubject>? Alerts = null, string? Act = null, string? Owner = null, string? Verdict = null, string? Reason = null)
    {
        public Outcome<TriageOrder> Order(ActingPrincipal actor) => new OrderBody(Act, 0, Owner, Verdict, Reason).Order(actor);
    }

    internal sealed record UndoBody(IReadOnlyList<TriageSubject>? Alerts = null);
}
