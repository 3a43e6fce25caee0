using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Platform.Web;

namespace Watchhouse.Response.Playbooks;

/// <summary>Playbooks, runs, approvals and standing authorities over HTTP.</summary>
internal static class PlaybookEndpoints
{
    public static void MapPlaybooks(this IEndpointRouteBuilder endpoints)
    {
        var playbooks = endpoints.MapGroup("/api/v1/playbooks").WithTags("Playbooks");
        playbooks.MapGet("", (RunQueries queries) => Results.Ok(queries.Playbooks()))
            .Requires(Permissions.PlaybooksRead).WithName("Playbooks").WithSummary("The playbooks of this house.").Produces<IEnumerable<PlaybookModel>>();
        playbooks.MapGet("/{id:guid}", (PlaybookBook book, Guid id) => book.Find(id) is { } found ? Results.Text(found.Text, "application/json") : Failure.NotFound.ToProblem())
            .Requires(Permissions.PlaybooksRead).WithName("Playbook").WithSummary("A playbook as CACAO 2.0 JSON.");
        MapRuns(endpoints.MapGroup("/api/v1").WithTags("Playbook runs"));
        MapActions(endpoints.MapGroup("/api/v1").WithTags("Approvals"));
        MapAuthorities(endpoints.MapGroup("/api/v1/authorities").WithTags("Standing authorities"));
    }

    private static void MapRuns(RouteGroupBuilder group)
    {
        group.MapGet("/runs", async (ActingPrincipal actor, HttpRequest request, RunQueries queries, string? force, string? status, Guid? before, CancellationToken stop) =>
            {
                if (Mistyped(force)) return Failure.NotFound.ToProblem();
                ForceId? one = ForceId.TryParse(force, null, out var tag) ? tag : null;
                RunStatus? state = Enum.TryParse<RunStatus>(status, true, out var known) ? known : null;
                return Results.Ok(await queries.ListAsync(actor, one, state, request.Reason(), stop, before: before));
            })
            .Requires(Permissions.RunsRead).WithName("Runs").WithSummary("Runs of playbooks of all forces in sight or of one, the newest first, 200 at a time: 'status' takes running, ended, failed or stopped, 'before' the last id of the page before.").Produces<IEnumerable<RunRow>>();
        group.MapGet("/runs/{id:guid}", async (ActingPrincipal actor, HttpRequest request, RunQueries queries, Guid id, CancellationToken stop) =>
                (await queries.FindAsync(actor, id, request.Reason(), stop)).ToHttp(found => Results.Ok(found.Model)))
            .Requires(Permissions.RunsRead).WithName("Run").WithSummary("A run: what waits, what was done, its actions and their approvals.").Produces<RunModel>();
        group.MapPost("/forces/{force}/runs", async (ActingPrincipal actor, HttpRequest request, RunOperations operations, ForceId force, StartBody body, CancellationToken stop) =>
                (await operations.StartAsync(Reasoned(actor, request), new(body.Playbook, force, body.Severity) { AlertId = body.Alert, IncidentId = body.Incident, Variables = body.Variables ?? new() }, stop))
                    .ToHttp(id => Results.Created($"/api/v1/runs/{id}", new { id })))
            .Requires(Permissions.RunsWork).WithName("StartRun").WithSummary("Begins a playbook for one force.").ProducesProblem(400);
        Change<CompleteBody>("steps/{step}/complete", "CompleteStep", "Records a step as done, or as one that could not be done, with a note.",
            (actor, operations, id, step, body, stop) => operations.CompleteAsync(actor, id, step, body.Succeeded, body.Note, body.Version, stop));
        Change<DecideBody>("steps/{step}/decide", "DecideStep", "Chooses a branch: true, false, the key of a case, or none; with a reason.",
            (actor, operations, id, step, body, stop) => operations.DecideAsync(actor, id, step, body.Choice, body.Reason, body.Version, stop));
        group.MapPost("/runs/{id:guid}/variables", async (ActingPrincipal actor, HttpRequest request, RunOperations operations, Guid id, VariableBody body, CancellationToken stop) =>
                (await operations.AssignAsync(Reasoned(actor, request), id, body.Name, body.Value, body.Version, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.RunsWork).WithName("AssignVariable").WithSummary("Gives a variable of the run a value.");
        group.MapPost("/runs/{id:guid}/stop", async (ActingPrincipal actor, HttpRequest request, RunOperations operations, Guid id, ReasonBody body, CancellationToken stop) =>
                (await operations.StopAsync(Reasoned(actor, request), id, body.Reason, null, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.RunsWork).WithName("StopRun").WithSummary("Ends a run before its end.");
        group.MapPost("/runs/{id:guid}/steps/{step}/plan", async (ActingPrincipal actor, HttpRequest request, RequestOperations operations, Guid id, string step, CancellationToken stop) =>
                (await operations.PlanAsync(Reasoned(actor, request), id, step, stop)).ToHttp(Results.Ok))
            .Requires(Permissions.RunsWork).WithName("PlanStep").WithSummary("The dry run of an estate step: what it would do. Changes nothing.").Produces<PlannedAction>();
        group.MapPost("/runs/{id:guid}/steps/{step}/ask", async (ActingPrincipal actor, HttpRequest request, RequestOperations operations, Guid id, string step, ReasonBody body, CancellationToken stop) =>
                (await operations.AskAsync(Reasoned(actor, request), id, step, body.Reason, stop)).ToHttp(action => Results.Created($"/api/v1/actions/{action}", new { id = action })))
            .Requires(Permissions.RunsWork).WithName("AskForStep").WithSummary("Asks the force for the action of an estate step; a standing authority of the force may cover it.");

        void Change<TBody>(string path, string name, string summary, Func<ActingPrincipal, RunOperations, Guid, string, TBody, CancellationToken, Task<Outcome<Guid>>> act) =>
            group.MapPost($"/runs/{{id:guid}}/{path}", async (ActingPrincipal actor, HttpRequest request, RunOperations operations, Guid id, string step, TBody body, CancellationToken stop) =>
                    (await act(Reasoned(actor, request), operations, id, step, body, stop)).ToHttp(_ => Results.NoContent()))
                .Requires(Permissions.RunsWork).WithName(name).WithSummary(summary).ProducesProblem(409);
    }

    private static void MapActions(RouteGroupBuilder group)
    {
        group.MapGet("/approvals", async (ActingPrincipal actor, HttpRequest request, RunQueries queries, string? force, CancellationToken stop) =>
                Mistyped(force) ? Failure.NotFound.ToProblem() : Results.Ok(await queries.WaitingAsync(actor, ForceId.TryParse(force, null, out var tag) ? tag : null, request.Reason(), stop)))
            .Requires(Permissions.RunsRead).WithName("Approvals").WithSummary("Actions that wait for a force's decision, the soonest to expire first.").Produces<IEnumerable<ActionModel>>();
        group.MapGet("/actions/{id:guid}", async (ActingPrincipal actor, HttpRequest request, RunQueries queries, Guid id, CancellationToken stop) =>
                (await queries.ActionAsync(actor, id, request.Reason(), stop)).ToHttp(found => Results.Ok(found.Action)))
            .Requires(Permissions.RunsRead).WithName("Action").WithSummary("An action in a force's estate: plan, decisions, what was asked and answered, proof.").Produces<ActionModel>();
        group.MapPost("/actions/{id:guid}/approve", async (ActingPrincipal actor, HttpRequest request, RequestOperations operations, Guid id, ReasonBody body, CancellationToken stop) =>
                (await operations.DecideAsync(Reasoned(actor, request), id, true, body.Reason, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.ActionsApprove).WithName("ApproveAction").WithSummary("A person of the force agrees to an action; a destructive one needs two.").ProducesProblem(409);
        group.MapPost("/actions/{id:guid}/refuse", async (ActingPrincipal actor, HttpRequest request, RequestOperations operations, Guid id, ReasonBody body, CancellationToken stop) =>
                (await operations.DecideAsync(Reasoned(actor, request), id, false, body.Reason, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.ActionsApprove).WithName("RefuseAction").WithSummary("A person of the force refuses an action.").ProducesProblem(409);
        group.MapPost("/actions/{id:guid}/withdraw", async (ActingPrincipal actor, HttpRequest request, RequestOperations operations, Guid id, ReasonBody body, CancellationToken stop) =>
                (await operations.WithdrawAsync(Reasoned(actor, request), id, body.Reason, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.RunsWork).WithName("WithdrawAction").WithSummary("Takes back what was not sent yet.").ProducesProblem(409);
        group.MapPost("/actions/{id:guid}/unproven", async (ActingPrincipal actor, HttpRequest request, RequestOperations operations, Guid id, ReasonBody body, CancellationToken stop) =>
                (await operations.GiveUpAsync(Reasoned(actor, request), id, body.Reason, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.RunsWork).WithName("GiveUpProof").WithSummary("No longer waits for the proof of an action that was sent, so that its step can be recorded as it was found.").ProducesProblem(409);
        group.MapPost("/actions/{id:guid}/undo", async (ActingPrincipal actor, HttpRequest request, RequestOperations operations, Guid id, ReasonBody body, CancellationToken stop) =>
                (await operations.AskUndoAsync(Reasoned(actor, request), id, body.Reason, stop)).ToHttp(action => Results.Created($"/api/v1/actions/{action}", new { id = action })))
            .Requires(Permissions.RunsWork).WithName("UndoAction").WithSummary("Asks the force to let an action be undone; approved as the action was.").ProducesProblem(409);
    }

    private static void MapAuthorities(RouteGroupBuilder group)
    {
        group.MapGet("", async (ActingPrincipal actor, HttpRequest request, RunQueries queries, string? force, CancellationToken stop) =>
                Mistyped(force) ? Failure.NotFound.ToProblem() : Results.Ok(await queries.AuthoritiesAsync(actor, ForceId.TryParse(force, null, out var tag) ? tag : null, request.Reason(), stop)))
            .Requires(Permissions.AuthoritiesRead).WithName("Authorities").WithSummary("Standing authorities of all forces in sight or of one, ended ones included.").Produces<IEnumerable<AuthorityModel>>();
        group.MapPost("", async (ActingPrincipal actor, HttpRequest request, AuthorityOperations operations, AuthorityBody body, CancellationToken stop) =>
                (await operations.GrantAsync(Reasoned(actor, request), new()
                {
                    Purpose = body.Purpose, Kinds = body.Kinds, Target = body.Target, MostPerDay = body.MostPerDay, LeastSeverity = body.LeastSeverity, Until = body.Until,
                }, stop)).ToHttp(id => Results.Created($"/api/v1/authorities/{id}", new { id })))
            .Requires(Permissions.AuthoritiesGrant).WithName("GrantAuthority").WithSummary("Gives a standing authority of one's own force; one that covers destructive actions holds when a second person has confirmed it.").ProducesProblem(400);
        group.MapPost("/{id:guid}/confirm", async (ActingPrincipal actor, HttpRequest request, AuthorityOperations operations, Guid id, VersionBody body, CancellationToken stop) =>
                (await operations.ConfirmAsync(Reasoned(actor, request), id, body.Version, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.AuthoritiesGrant).WithName("ConfirmAuthority").WithSummary("A second person agrees to a standing authority over destructive actions.").ProducesProblem(409);
        group.MapPost("/{id:guid}/revoke", async (ActingPrincipal actor, HttpRequest request, AuthorityOperations operations, Guid id, ReasonBody body, CancellationToken stop) =>
                (await operations.RevokeAsync(Reasoned(actor, request), id, body.Reason, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.AuthoritiesGrant).WithName("RevokeAuthority").WithSummary("Takes a standing authority back.");
    }

    // A filter that nobody understands is not one that lets everything through.
    private static bool Mistyped(string? force) => force is { Length: > 0 } && !ForceId.TryParse(force, null, out _);

    private static ActingPrincipal Reasoned(ActingPrincipal actor, HttpRequest request) => actor with { StatedReason = request.Reason() ?? actor.StatedReason };

    internal sealed record StartBody(Guid Playbook, Severity Severity = Severity.Medium, Guid? Alert = null, Guid? Incident = null, Dictionary<string, string>? Variables = null);

    internal sealed record CompleteBody(string Note, bool Succeeded = true, uint? Version = null);

    internal sealed record DecideBody(string Choice, string Reason, uint? Version = null);

    internal sealed record VariableBody(string Name, string Value, uint? Version = null);

    internal sealed record ReasonBody(string Reason);

    internal sealed record VersionBody(uint? Version = null);

    internal sealed record AuthorityBody(string Purpose, List<string> Kinds, string Target, int MostPerDay, Severity LeastSeverity, DateTimeOffset Until);
}
