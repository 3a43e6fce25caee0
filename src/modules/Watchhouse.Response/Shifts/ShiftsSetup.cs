using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Overview;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Platform.Web;

namespace Watchhouse.Response.Shifts;

internal static class ShiftsSetup
{
    public static void AddShifts(this IServiceCollection services)
    {
        services.AddSingleton<RotaOperations>();
        services.AddSingleton<WatchOperations>();
        services.AddSingleton<ShiftQueries>();
        services.AddSingleton<IWatchNow, WatchReader>();
        services.AddHostedService<ShiftDemonstration>();
    }

    public static void MapShifts(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1").WithTags("Shifts");
        group.MapGet("/forces/{force}/shifts", async (ActingPrincipal actor, HttpRequest request, ShiftQueries queries, TimeProvider clock, ForceId force, DateOnly? from, int? days, CancellationToken stop) =>
                Results.Ok(await queries.ReadAsync(actor, force, from ?? HouseTime.DayOf(clock.GetUtcNow()), days ?? 14, request.Reason(), false, stop)))
            .Requires(Permissions.ShiftsRead).WithName("Shifts").WithSummary("The rota of an organisation with its gaps and overlaps, who has the watch, who is on call, and hand-over notes.").Produces<ShiftsModel>();
        group.MapGet("/shifts/people", async (ActingPrincipal actor, RotaOperations rota, CancellationToken stop) => Results.Ok(await rota.PeopleAsync(actor, stop)))
            .Requires(Permissions.ShiftsLead).WithName("ShiftPeople").WithSummary("People of one's own organisation who can take the watch.").Produces<IEnumerable<ShiftPerson>>();
        group.MapPost("/shifts/plan", async (ActingPrincipal actor, HttpRequest request, RotaOperations rota, PlanBody body, CancellationToken stop) =>
                (await rota.PlanAsync(Reasoned(actor, request), body.Options, body.Preview, stop)).ToHttp(Results.Ok))
            .Requires(Permissions.ShiftsLead).WithName("PlanShifts").WithSummary("Plans one's own rota by a repeating pattern (two-two-three, four-on-four-off, two-two-two-two); with 'preview' nothing is stored.").Produces<IEnumerable<ShiftModel>>().ProducesProblem(400).ProducesProblem(409);
        group.MapPost("/shifts", async (ActingPrincipal actor, HttpRequest request, RotaOperations rota, ShiftBody body, CancellationToken stop) =>
                (await rota.AddAsync(Reasoned(actor, request), body.StartsAt, body.EndsAt, body.Name, new(body.Team ?? "", body.People ?? [], body.Lead), stop)).ToHttp(id => Results.Created($"/api/v1/shifts/{id}", new { id })))
            .Requires(Permissions.ShiftsLead).WithName("AddShift").WithSummary("Adds a shift to one's own rota.").ProducesProblem(400);
        group.MapPost("/shifts/{id:guid}/people", async (ActingPrincipal actor, HttpRequest request, RotaOperations rota, Guid id, PeopleBody body, CancellationToken stop) =>
                (await rota.ChangeAsync(Reasoned(actor, request), id, body.People ?? [], body.Lead, body.Version, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.ShiftsLead).WithName("ChangeShift").WithSummary("Says anew who watches in a shift that has not ended.").ProducesProblem(400).ProducesProblem(409);
        group.MapDelete("/shifts/{id:guid}", async (ActingPrincipal actor, HttpRequest request, RotaOperations rota, Guid id, CancellationToken stop) =>
                (await rota.RemoveAsync(Reasoned(actor, request), id, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.ShiftsLead).WithName("RemoveShift").WithSummary("Removes a shift that has not begun.").ProducesProblem(409);
        group.MapPost("/on-call", async (ActingPrincipal actor, HttpRequest request, RotaOperations rota, CallBody body, CancellationToken stop) =>
                (await rota.CallAsync(Reasoned(actor, request), body.Person, body.Reach, body.Order, body.StartsAt, body.EndsAt, stop)).ToHttp(id => Results.Created($"/api/v1/on-call/{id}", new { id })))
            .Requires(Permissions.ShiftsLead).WithName("PutOnCall").WithSummary("Says who of one's own can be called, when and how.").ProducesProblem(400);
        group.MapDelete("/on-call/{id:guid}", async (ActingPrincipal actor, HttpRequest request, RotaOperations rota, Guid id, CancellationToken stop) =>
                (await rota.UncallAsync(Reasoned(actor, request), id, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.ShiftsLead).WithName("TakeOffCall").WithSummary("Takes somebody off call.");
        group.MapPost("/watch", async (ActingPrincipal actor, HttpRequest request, WatchOperations watch, TakeBody body, CancellationToken stop) =>
                (await watch.TakeAsync(Reasoned(actor, request), body.Note, body.Reason ?? "", stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.ShiftsTake).WithName("TakeWatch").WithSummary("Takes the watch of one's own organisation with the note that was given, or, as a lead, with a reason.").ProducesProblem(400).ProducesProblem(409);
        group.MapPost("/hand-overs", async (ActingPrincipal actor, HttpRequest request, WatchOperations watch, CancellationToken stop) =>
                (await watch.DraftAsync(Reasoned(actor, request), stop)).ToHttp(id => Results.Created($"/api/v1/hand-overs/{id}", new { id })))
            .Requires(Permissions.ShiftsTake).WithName("DraftHandOver").WithSummary("Begins a hand-over note from what is open.").ProducesProblem(409);
        group.MapGet("/hand-overs/{id:guid}", async (ActingPrincipal actor, HttpRequest request, ShiftQueries queries, Guid id, CancellationToken stop) => (await queries.NoteAsync(actor, id, request.Reason(), stop)).ToHttp(Results.Ok))
            .Requires(Permissions.ShiftsRead).WithName("HandOver").WithSummary("A hand-over note of one's own organisation.").Produces<HandOverModel>();
        group.MapPut("/hand-overs/{id:guid}", async (ActingPrincipal actor, HttpRequest request, WatchOperations watch, Guid id, NoteBody body, CancellationToken stop) =>
                (await watch.WriteAsync(Reasoned(actor, request), id, body.Words, body.Give, body.Version, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.ShiftsTake).WithName("WriteHandOver").WithSummary("Writes one's own note; with 'give' it is given and stays as it is.").ProducesProblem(400).ProducesProblem(409);
    }

    private static ActingPrincipal Reasoned(ActingPrincipal actor, HttpRequest request) => actor with { StatedReason = request.Reason() ?? actor.StatedReason };

    internal sealed record TeamBody(string Name, List<Guid>? People = null, Guid? Lead = null);

    internal sealed record PlanBody(string Pattern, DateOnly First, int Weeks = 4, string? From = null, List<TeamBody>? Teams = null, bool Replaces = false, bool Preview = false)
    {
        public PlanOptions Options => new()
        {
            Pattern = Pattern, First = First, Weeks = Weeks, From = From ?? "07:00", Replaces = Replaces, Teams = [.. (Teams ?? []).Select(team => new PlanTeam(team.Name, team.People ?? [], team.Lead))],
        };
    }

    internal sealed record ShiftBody(DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Name, string? Team = null, List<Guid>? People = null, Guid? Lead = null);

    internal sealed record PeopleBody(List<Guid>? People = null, Guid? Lead = null, uint? Version = null);

    internal sealed record CallBody(Guid Person, string Reach, DateTimeOffset StartsAt, DateTimeOffset EndsAt, int Order = 1);

    internal sealed record TakeBody(Guid? Note = null, string? Reason = null);

    internal sealed record NoteBody(string Words, bool Give = false, uint? Version = null);
}
