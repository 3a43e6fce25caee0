using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;
using Watchhouse.Response.Incidents;

namespace Watchhouse.Response.Clocks;

/// <summary>Clocks over HTTP.</summary>
internal static class ClockEndpoints
{
    public static void MapClocks(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1").WithTags("Clocks");
        group.MapGet("/clocks", async (ActingPrincipal actor, HttpRequest request, IClockReader clocks, string? force, int? take, CancellationToken stop) =>
                force is { Length: > 0 } && !ForceId.TryParse(force, null, out _) ? Failure.NotFound.ToProblem()
                    : Results.Ok(await clocks.OpenAsync(actor, ForceId.TryParse(force, null, out var tag) ? tag : null, request.Reason(), false, take ?? 100, stop)))
            .Requires(Permissions.IncidentsRead).WithName("Clocks").WithSummary("Clocks that run or are paused, of all forces in sight or of one: the soonest to break first, paused ones last.").Produces<IEnumerable<OpenClock>>();
        group.MapGet("/incidents/{id:guid}/clock", async (ActingPrincipal actor, HttpRequest request, ClockQueries clocks, Guid id, CancellationToken stop) =>
                (await clocks.FindAsync(actor, id, request.Reason(), stop)).ToHttp(Results.Ok))
            .Requires(Permissions.IncidentsRead).WithName("IncidentClock").WithSummary("Both clocks of an incident, and what happened to them.").Produces<ClockModel>().ProducesProblem(404);
        Move("acknowledge", "AcknowledgeIncident", "The Centre says that it knows.", (actor, operations, id, stop) => operations.AcknowledgeAsync(actor, id, stop));
        Move("resume", "ResumeClock", "The side that paused the clock resumes it.", (actor, operations, id, stop) => operations.ResumeAsync(actor, id, stop));
        Say<WordsBody>("advise", "AdviseForce", "The Centre advises the force: its time ends, and the force's begins.", (actor, operations, id, body, stop) => operations.AdviseAsync(actor, id, body.Words ?? "", stop));
        Say<WordsBody>("acted", "RecordActed", "The force says what it did: both clocks end.", (actor, operations, id, body, stop) => operations.ActedAsync(actor, id, body.Words ?? "", stop));
        Say<ReasonBody>("pause", "PauseClock", "The side whose time runs stops it for a while, with a reason.", (actor, operations, id, body, stop) => operations.PauseAsync(actor, id, body.Reason ?? "", stop));
        group.MapGet("/clocks/settings", async (ActingPrincipal actor, HttpRequest request, ClockSettingOperations settings, CancellationToken stop) => Results.Ok(await settings.ReadAsync(actor, request.Reason(), stop)))
            .Requires(Permissions.IncidentsRead).WithName("ClockSettings").WithSummary("Hours and ladder of one's own organisation.").Produces<ClockSettingsModel>();
        group.MapGet("/clocks/settings/people", async (ActingPrincipal actor, ClockSettingOperations settings, CancellationToken stop) => Results.Ok(await settings.PeopleAsync(actor, stop)))
            .Requires(Permissions.ClocksManage).WithName("ClockPeople").WithSummary("People of one's own organisation whom a ladder can call.").Produces<IEnumerable<Colleague>>();
        group.MapPut("/clocks/settings", async (ActingPrincipal actor, HttpRequest request, ClockSettingOperations settings, SettingsBody body, CancellationToken stop) =>
                (await settings.SaveAsync(actor with { StatedReason = request.Reason() ?? actor.StatedReason }, body.Options, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.ClocksManage).WithName("SetClocks").WithSummary("Sets hours and ladder of one's own organisation; the Centre's hours are always round the clock.").ProducesProblem(400).ProducesProblem(409);

        void Move(string path, string name, string summary, Func<ActingPrincipal, IncidentOperations, Guid, CancellationToken, Task<Outcome<Guid>>> act) =>
            group.MapPost($"/incidents/{{id:guid}}/clock/{path}", async (ActingPrincipal actor, HttpRequest request, IncidentOperations operations, Guid id, CancellationToken stop) =>
                    (await act(actor with { StatedReason = request.Reason() ?? actor.StatedReason }, operations, id, stop)).ToHttp(_ => Results.NoContent()))
                .Requires(Permissions.IncidentsWork).WithName(name).WithSummary(summary).ProducesProblem(409);

        void Say<TBody>(string path, string name, string summary, Func<ActingPrincipal, IncidentOperations, Guid, TBody, CancellationToken, Task<Outcome<Guid>>> act) =>
            group.MapPost($"/incidents/{{id:guid}}/clock/{path}", async (ActingPrincipal actor, HttpRequest request, IncidentOperations operations, Guid id, TBody body, CancellationToken stop) =>
                    (await act(actor with { StatedReason = request.Reason() ?? actor.StatedReason }, operations, id, body, stop)).ToHttp(_ => Results.NoContent()))
                .Requires(Permissions.IncidentsWork).WithName(name).WithSummary(summary).ProducesProblem(400).ProducesProblem(409);
    }

    internal sealed record WordsBody(string? Words = null);

    internal sealed record ReasonBody(string? Reason = null);

    internal sealed record ContactBody(Guid Person, int AfterMinutes = 0);

    internal sealed record SettingsBody(bool IsAlways = true, List<string>? Days = null, string? From = null, string? Until = null, string? Holidays = null, List<ContactBody>? Contacts = null, uint? Version = null)
    {
        public ClockSettingOptions Options => new()
        {
            IsAlways = IsAlways, Days = Days ?? [], From = From ?? "08:00", Until = Until ?? "18:00", Holidays = Holidays ?? "england-and-wales",
            Contacts = [.. (Contacts ?? []).Select(each => (each.Person, each.AfterMinutes))], Version = Version,
        };
    }
}
