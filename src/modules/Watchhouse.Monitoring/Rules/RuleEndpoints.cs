using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Monitoring.Rules;

/// <summary>Rules over HTTP.</summary>
internal static class RuleEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/rules").WithTags("Rules");
        group.MapGet("", async (ActingPrincipal actor, HttpRequest request, RuleQueries queries, string? state, string? source, string? tactic, string? text,
                ForceId? owner, bool? notInUse, int? skip, int? take, CancellationToken cancellationToken) =>
            {
                if (!Word<RuleStage>(state, out var stage) || !Word<RuleOrigin>(source, out var origin)) return Results.Ok(new RulePage(0, []));
                return Results.Ok(await queries.PageAsync(actor, new RuleFilter
                {
                    State = stage,
                    Source = origin,
                    Tactic = tactic,
                    Text = text,
                    Owner = owner,
                    NotInUse = notInUse ?? false,
                    Skip = skip ?? 0,
                    Take = take ?? 100,
                    Reason = request.Reason(),
                }, cancellationToken));
            })
            .Requires(Permissions.RulesRead).WithName("Rules")
            .WithSummary("Rules of the nation and of forces in sight by title, with what has become of each; state, source, tactic and text narrow them.")
            .Produces<RulePage>();
        group.MapGet("/status", (RuleBook book) => Results.Ok(book.Status))
            .Requires(Permissions.RulesRead).WithName("RulesStatus")
            .WithSummary("What runs, and whether the latest change does.").Produces<RuleBookStatus>();
        group.MapGet("/{id:guid}", async (ActingPrincipal actor, HttpRequest request, RuleQueries queries, Guid id, CancellationToken cancellationToken) =>
                (await queries.FindAsync(actor, id, request.Reason(), cancellationToken)).ToHttp(Results.Ok))
            .Requires(Permissions.RulesRead).WithName("Rule").WithSummary("A rule with its text, its tests, and how it differs from what was shipped.")
            .Produces<RuleDetail>().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/{id:guid}/revisions", async (ActingPrincipal actor, HttpRequest request, RuleQueries queries, Guid id, CancellationToken cancellationToken) =>
                (await queries.RevisionsAsync(actor, id, request.Reason(), cancellationToken)).ToHttp(Results.Ok))
            .Requires(Permissions.RulesRead).WithName("RuleRevisions").WithSummary("Who changed a rule, when, why and what; the latest first.")
            .Produces<IEnumerable<RevisionRow>>();
        group.MapPost("/check", async (ActingPrincipal actor, RuleOperations operations, CheckBody body, CancellationToken cancellationToken) =>
                Results.Ok(await operations.CheckAsync(actor, body.Text, cancellationToken)))
            .Requires(Permissions.RulesManage).WithName("CheckRule").WithSummary("Whether a text can be used: line, what is wrong, and what to do.")
            .Produces<RuleCheckAnswer>();
        group.MapPost("", async (ActingPrincipal actor, HttpRequest request, RuleOperations operations, CreateBody body, CancellationToken cancellationToken) =>
                (await operations.CreateAsync(actor, body.Text, body.Why, request.Reason(), cancellationToken))
                    .ToHttp(made => Results.Created($"/api/v1/rules/{made.Rule.Id}", made)))
            .Requires(Permissions.RulesManage).WithName("CreateRule").WithSummary("A draft from a text of Sigma, of one's own organisation.")
            .Produces<RuleDetail>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapPut("/{id:guid}", async (ActingPrincipal actor, HttpRequest request, RuleOperations operations, Guid id, EditBody body, CancellationToken cancellationToken) =>
                (await operations.EditAsync(actor, id, body.Version, body.Text, body.Why, request.Reason(), cancellationToken)).ToHttp(Results.Ok))
            .Requires(Permissions.RulesManage).WithName("EditRule").WithSummary("Another text for a rule; 'version' is that of the text it was made from.")
            .Produces<RuleDetail>().ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/{id:guid}/state", async (ActingPrincipal actor, HttpRequest request, RuleOperations operations, Guid id, StateBody body,
                CancellationToken cancellationToken) => (await operations.MoveAsync(actor, id, new RuleMove
                {
                    Version = body.Version,
                    To = body.State,
                    Why = body.Why,
                    UntestedBecause = body.UntestedBecause,
                }, request.Reason(), cancellationToken)).ToHttp(Results.Ok))
            .Requires(Permissions.RulesManage).WithName("MoveRule")
            .WithSummary("Draft, testing, live or retired; live only after a test on what arrived, or with a reason why not.")
            .Produces<RuleDetail>().ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/{id:guid}/shipped", async (ActingPrincipal actor, HttpRequest request, RuleOperations operations, Guid id, VersionBody body,
                CancellationToken cancellationToken) => (await operations.TakeShippedAsync(actor, id, body.Version, request.Reason(), cancellationToken)).ToHttp(Results.Ok))
            .Requires(Permissions.RulesManage).WithName("TakeShippedRule").WithSummary("Takes the shipped text in place of the one that was edited here.")
            .Produces<RuleDetail>().ProducesProblem(StatusCodes.Status409Conflict);
    }

    internal static bool Word<T>(string? text, out T? value)
        where T : struct, Enum
    {
        value = null;
        if (string.IsNullOrEmpty(text)) return true;
        if (!Enum.TryParse<T>(text, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed) || char.IsAsciiDigit(text[0])) return false;
        value = parsed;
        return true;
    }

    internal sealed record CheckBody(string Text);

    internal sealed record CreateBody(string Text, string? Why = null);

    internal sealed record EditBody(uint Version, string Text, string Why);

    internal sealed record StateBody(uint Version, RuleStage State, string Why, string? UntestedBecause = null);

    internal sealed record VersionBody(uint Version);
}
