using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Web;

namespace Watchhouse.Response.Correlation;

internal static class CandidatesSetup
{
    public static void AddCorrelation(this IServiceCollection services)
    {
        services.AddSingleton<CorrelationBook>();
        services.AddSingleton<CorrelationWork>();
        services.AddSingleton<CandidateQueries>();
        services.AddSingleton<CandidateOperations>();
        services.AddHostedService<CorrelationWorker>();
    }

    public static void MapCandidates(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/candidates").WithTags("Candidates");
        group.MapGet("/", async (ActingPrincipal actor, HttpRequest request, CandidateQueries queries, string? status, CancellationToken stop) =>
                status is null or "" or "open" ? Results.Ok(await queries.ListAsync(actor, CandidateStatus.Open, request.Reason(), false, stop))
                : status == "all" ? Results.Ok(await queries.ListAsync(actor, null, request.Reason(), false, stop))
                : status is "raised" or "dismissed" ? Results.Ok(await queries.ListAsync(actor, Enum.Parse<CandidateStatus>(status, true), request.Reason(), false, stop))
                : Failure.Invalid("'status' takes open, raised, dismissed or all.", "status").ToProblem())
            .Requires(Permissions.CandidatesRead).WithName("Candidates").WithSummary("The same thing in several forces, which may be a national incident: those that wait for a decision, unless 'status' says others; the newest first, at most 200.")
            .Produces<IEnumerable<CandidateRow>>().ProducesProblem(400);
        group.MapGet("/{id:guid}", async (ActingPrincipal actor, HttpRequest request, CandidateQueries queries, Guid id, CancellationToken stop) =>
                (await queries.FindAsync(actor, id, request.Reason(), stop)).ToHttp(Results.Ok))
            .Requires(Permissions.CandidatesRead).WithName("Candidate").WithSummary("A candidate: why it was raised, and the alerts of forces in sight. Forces out of sight are a number.").Produces<CandidateModel>();
        group.MapPost("/{id:guid}/dismissal", async (ActingPrincipal actor, HttpRequest request, CandidateOperations operations, Guid id, DismissBody body, CancellationToken stop) =>
                (await operations.DismissAsync(Reasoned(actor, request), id, body.Reason, body.Ever, body.Version, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.CandidatesWork).WithName("DismissCandidate").WithSummary("Says that it is no incident; with 'ever' what it rests on is no longer compared.").ProducesProblem(400).ProducesProblem(409);
        group.MapPost("/{id:guid}/opening", async (ActingPrincipal actor, HttpRequest request, CandidateOperations operations, Guid id, ReopenBody body, CancellationToken stop) =>
                (await operations.ReopenAsync(Reasoned(actor, request), id, body.Reason, body.Version, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.CandidatesWork).WithName("ReopenCandidate").WithSummary("Takes a dismissal back.").ProducesProblem(400).ProducesProblem(409);
        group.MapGet("/ignored", async (ActingPrincipal actor, CandidateQueries queries, CancellationToken stop) => Results.Ok(await queries.IgnoredAsync(actor, stop)))
            .Requires(Permissions.CandidatesRead).WithName("IgnoredTraces").WithSummary("What is no longer compared across forces, and why.").Produces<IEnumerable<IgnoredModel>>();
        group.MapDelete("/ignored/{id:guid}", async (ActingPrincipal actor, CandidateOperations operations, Guid id, CancellationToken stop) =>
                (await operations.CompareAgainAsync(actor, id, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.CandidatesWork).WithName("CompareAgain").WithSummary("Compares something again.");
    }

    private static ActingPrincipal Reasoned(ActingPrincipal actor, HttpRequest request) => actor with { StatedReason = request.Reason() ?? actor.StatedReason };

    internal sealed record DismissBody(string Reason, bool Ever = false, uint? Version = null);

    internal sealed record ReopenBody(string Reason, uint? Version = null);
}
