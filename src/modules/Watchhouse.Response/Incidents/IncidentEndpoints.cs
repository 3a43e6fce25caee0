using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;
using Watchhouse.Response.Incidents.Files;

namespace Watchhouse.Response.Incidents;

/// <summary>Incidents over HTTP.</summary>
internal static class IncidentEndpoints
{
    public static void MapIncidents(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1").WithTags("Incidents");
        group.MapGet("/incidents", async (ActingPrincipal actor, HttpContext context, IncidentQueries queries, string? force, string? status, Guid? alert, Guid? before, int? take, CancellationToken stop) =>
            {
                if (ReadStatus(status) is not { } read) return Failure.Invalid("'status' takes new, open, contained, eradicated, recovered, closed or all; several are joined by commas.", "status").ToProblem();
                if (force is { Length: > 0 } && !ForceId.TryParse(force, null, out _)) return Failure.NotFound.ToProblem();
                var filter = new IncidentFilter
                {
                    Force = ForceId.TryParse(force, null, out var tag) ? tag : null, Statuses = read.Wanted, Alert = alert, Before = before, Take = take ?? 50, Reason = context.Request.Reason(),
                };
                return Results.Ok(await queries.ListAsync(actor, filter, stop));
            })
            .Requires(Permissions.IncidentsRead).WithName("Incidents")
            .WithSummary("Incidents of all forces in sight or of one, the newest first; those that are not closed, unless 'status' says others. 'alert' finds those that hold an alert; 'before' takes the last id of the page before.")
            .Produces<IEnumerable<IncidentRow>>().ProducesProblem(400);
        group.MapGet("/incidents/{id:guid}", async (ActingPrincipal actor, HttpRequest request, IncidentQueries queries, Guid id, CancellationToken stop) =>
                (await queries.FindAsync(actor, id, request.Reason(), stop)).ToHttp(Results.Ok))
            .Requires(Permissions.IncidentsRead).WithName("Incident").WithSummary("An incident whole: timeline, alerts, people and things, tasks, playbook runs, and the parts of it that are in sight.").Produces<IncidentModel>();
        group.MapGet("/incidents/{id:guid}/report", async (ActingPrincipal actor, HttpRequest request, IncidentQueries queries, Guid id, CancellationToken stop) =>
                (await queries.FindAsync(actor, id, request.Reason(), stop)).ToHttp(found => Results.Text(IncidentReport.Of(found).ToMarkdown(), "text/markdown")))
            .Requires(Permissions.IncidentsRead).WithName("IncidentReport").WithSummary("The incident as a report for chief officers, in Markdown.");
        group.MapPost("/forces/{force}/incidents", async (ActingPrincipal actor, HttpRequest request, IncidentOperations operations, ForceId force, OpenBody body, CancellationToken stop) =>
                (await operations.OpenAsync(Reasoned(actor, request), new OpenOptions
                {
                    Force = force, Title = body.Title, Summary = body.Summary ?? "", Impact = body.Impact, Urgency = body.Urgency, Handling = body.Handling, Instructions = body.Instructions ?? "",
                    Alerts = body.Alerts ?? [], Parts = body.Parts ?? [], Candidate = body.Candidate,
                }, stop)).ToHttp(id => Results.Created($"/api/v1/incidents/{id}", new { id })))
            .Requires(Permissions.IncidentsWork).WithName("OpenIncident")
            .WithSummary("Opens an incident of a force, from alerts or from nothing. Of NMC it is national: 'parts' and the forces of its alerts get a part each; 'candidate' is what it was found by.").ProducesProblem(400).ProducesProblem(409);
        Change<NoteBody>("notes", "WriteIncidentNote", "Writes into the timeline; 'happenedAt' where it happened earlier.", (actor, operations, id, body, stop) => operations.NoteAsync(actor, id, body.Words, body.HappenedAt, stop));
        Change<StatusBody>("status", "MoveIncident", "Changes the state, with a reason.", (actor, operations, id, body, stop) => operations.MoveAsync(actor, id, body.Status, body.Reason, body.Version, stop));
        Change<AssessBody>("assessment", "AssessIncident", "Says impact and urgency anew, with a reason; the severity follows from them.", (actor, operations, id, body, stop) => operations.AssessAsync(actor, id, body.Impact, body.Urgency, body.Reason, body.Version, stop));
        Change<OwnerBody>("owner", "OwnIncident", "Takes the incident upon oneself, or gives it back.", (actor, operations, id, body, stop) => operations.OwnAsync(actor, id, body.Take, body.Version, stop));
        Change<AlertsBody>("alerts", "AddIncidentAlerts", "Adds alerts of the same force.", (actor, operations, id, body, stop) => operations.AddAlertsAsync(actor, id, body.Alerts, stop));
        Change<EntityBody>("entities", "AddIncidentEntity", "Names a person or thing that belongs to it.", (actor, operations, id, body, stop) => operations.AddEntityAsync(actor, id, body.Kind, body.Value, body.Note ?? "", stop));
        Change<TaskBody>("tasks", "AddIncidentTask", "Adds a task.", (actor, operations, id, body, stop) => operations.AddTaskAsync(actor, id, body.Title, body.Owner ?? "", body.Due, stop));
        Change<ReviewBody>("review", "ReviewIncident", "Writes what was learnt.", (actor, operations, id, body, stop) => operations.ReviewAsync(actor, id, body.Review, body.Version, stop));
        Change<CategoryBody>("category", "ProposeCategory", "The Centre proposes a category of the NCSC, 1 to 6.", (actor, operations, id, body, stop) => operations.ProposeCategoryAsync(actor, id, body.Category, body.Reason, body.Version, stop));
        Change<ConfirmBody>("category/confirmation", "ConfirmCategory", "Records which body confirmed a category, and under what reference.", (actor, operations, id, body, stop) => operations.ConfirmCategoryAsync(actor, id, body.Category, body.Body, body.Reference, body.Version, stop));
        Change<NoteBody>("shared", "ShareIncident", "Writes something into every force's part of a national incident.", (actor, operations, id, body, stop) => operations.ShareAsync(actor, id, body.Words, stop));
        Change<PartBody>("parts", "AddIncidentPart", "Opens a part of a national incident for a force.", (actor, operations, id, body, stop) => operations.AddPartAsync(actor, id, body.Force, stop));
        Change<LinkBody>("links", "LinkIncident", "Links it with another incident of the same force, by its reference.", (actor, operations, id, body, stop) => new IncidentLinks(operations).LinkAsync(actor, id, body.Other, body.Why, stop));
        group.MapIncidentFiles();
        group.MapPost("/incidents/{id:guid}/tasks/{task:guid}/done", async (ActingPrincipal actor, HttpRequest request, IncidentOperations operations, Guid id, Guid task, CancellationToken stop) =>
                (await operations.DoTaskAsync(Reasoned(actor, request), id, task, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.IncidentsWork).WithName("DoIncidentTask").WithSummary("Records a task as done.").ProducesProblem(409);

        void Change<TBody>(string path, string name, string summary, Func<ActingPrincipal, IncidentOperations, Guid, TBody, CancellationToken, Task<Outcome<Guid>>> act) =>
            group.MapPost($"/incidents/{{id:guid}}/{path}", async (ActingPrincipal actor, HttpRequest request, IncidentOperations operations, Guid id, TBody body, CancellationToken stop) =>
                    (await act(Reasoned(actor, request), operations, id, body, stop)).ToHttp(_ => Results.NoContent()))
                .Requires(Permissions.IncidentsWork).WithName(name).WithSummary(summary).ProducesProblem(400).ProducesProblem(409);
    }

    /// <summary>The states that a word of an address means; null where it means none.</summary>
    public static (IReadOnlyList<IncidentStatus>? Wanted, bool IsAll)? ReadStatus(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return (null, false);
        if (text.Equals("all", StringComparison.OrdinalIgnoreCase)) return ([], true);
        var wanted = new List<IncidentStatus>();
        foreach (var word in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (char.IsAsciiDigit(word[0]) || !Enum.TryParse<IncidentStatus>(word, true, out var status)) return null;
            wanted.Add(status);
        }

        return (wanted, false);
    }

    internal static ActingPrincipal Reasoned(ActingPrincipal actor, HttpRequest request) => actor with { StatedReason = request.Reason() ?? actor.StatedReason };

    internal sealed record OpenBody(string Title, string? Summary = null, IncidentImpact Impact = IncidentImpact.Serious, IncidentUrgency Urgency = IncidentUrgency.Today,
        IncidentHandling Handling = IncidentHandling.OfficialSensitive, string? Instructions = null, List<Guid>? Alerts = null, List<ForceId>? Parts = null, Guid? Candidate = null);

    internal sealed record NoteBody(string Words, DateTimeOffset? HappenedAt = null);

    internal sealed record StatusBody(IncidentStatus Status, string Reason, uint? Version = null);

    internal sealed record AssessBody(IncidentImpact Impact, IncidentUrgency Urgency, string Reason, uint? Version = null);

    internal sealed record OwnerBody(bool Take = true, uint? Version = null);

    internal sealed record AlertsBody(List<Guid> Alerts);

    internal sealed record EntityBody(string Kind, string Value, string? Note = null);

    internal sealed record TaskBody(string Title, string? Owner = null, DateOnly? Due = null);

    internal sealed record ReviewBody(string Review, uint? Version = null);

    internal sealed record CategoryBody(int Category, string Reason, uint? Version = null);

    internal sealed record ConfirmBody(int Category, string Body, string Reference, uint? Version = null);

    internal sealed record LinkBody(string Other, string Why);

    internal sealed record PartBody(ForceId Force);
}
