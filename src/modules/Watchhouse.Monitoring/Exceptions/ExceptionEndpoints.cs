using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Monitoring.Exceptions;

/// <summary>Exceptions over HTTP.</summary>
internal static class ExceptionEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/exceptions").WithTags("Exceptions");
        group.MapGet("", async (ActingPrincipal actor, HttpRequest request, ExceptionQueries queries, string? rule, string? state,
                CancellationToken cancellationToken) => Results.Ok(await queries.ListAsync(actor, rule, state, request.Reason(), cancellationToken)))
            .Requires(Permissions.RulesRead).WithName("Exceptions")
            .WithSummary("Exceptions from rules, with what they have suppressed; those that end soonest first, ended ones last.")
            .Produces<IEnumerable<ExceptionRow>>();
        group.MapPost("", async (ActingPrincipal actor, HttpRequest request, ExceptionOperations operations, ExceptionBody body, CancellationToken cancellationToken) =>
                (await operations.CreateAsync(actor, body.Options(), request.Reason(), cancellationToken)).ToHttp(made => Results.Created($"/api/v1/exceptions/{made.Id}", made)))
            .Requires(Permissions.ExceptionsManage).WithName("CreateException")
            .WithSummary("One known object that a rule shall not raise alerts about, until a day within a year.")
            .Produces<ExceptionRow>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapPost("/preview", async (ActingPrincipal actor, HttpRequest request, ExceptionQueries queries, PreviewBody body, CancellationToken cancellationToken) =>
                (await queries.PreviewAsync(actor, body.Options(), request.Reason(), cancellationToken)).ToHttp(Results.Ok))
            .Requires(Permissions.ExceptionsManage).WithName("PreviewException").WithSummary("How many alerts of the last 30 days it would have suppressed.")
            .Produces<ExceptionPreviewAnswer>();
        group.MapGet("/{id:guid}", async (ActingPrincipal actor, HttpRequest request, ExceptionQueries queries, Guid id, CancellationToken cancellationToken) =>
                (await queries.FindAsync(actor, id, request.Reason(), cancellationToken)).ToHttp(Results.Ok))
            .Requires(Permissions.RulesRead).WithName("Exception").WithSummary("An exception with what it has suppressed, force by force.")
            .Produces<ExceptionDetail>().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("/{id:guid}/extend", async (
                ActingPrincipal actor, HttpRequest request, ExceptionOperations operations, Guid id, ExtendBody body, CancellationToken cancellationToken) =>
                (await operations.ExtendAsync(actor, id, body.Version, body.ExpiresAt, body.Why, request.Reason(), cancellationToken)).ToHttp(Results.Ok))
            .Requires(Permissions.ExceptionsManage).WithName("ExtendException")
            .WithSummary("Moves the end of an exception, within a year from now; 'version' refuses a change of what somebody else has changed.")
            .Produces<ExceptionRow>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapDelete("/{id:guid}", async (
                ActingPrincipal actor, HttpRequest request, ExceptionOperations operations, Guid id, uint? version, string? why, CancellationToken cancellationToken) =>
                (await operations.RemoveAsync(actor, id, version, why, request.Reason(), cancellationToken)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.ExceptionsManage).WithName("RemoveException").WithSummary("Ends an exception now; it stays in the list.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    internal sealed record PartBody(string Field, string Value, ExceptionTest Test = ExceptionTest.Equal);

    internal sealed record ExceptionBody(
        string Rule, string Reason, DateTimeOffset ExpiresAt, IReadOnlyList<PartBody>? Condition = null, bool WholeRule = false, string? Owner = null,
        IReadOnlyList<ForceId>? Forces = null)
    {
        public ExceptionOptions Options() => new()
        {
            Rule = Rule,
            Condition = Parts(Condition),
            WholeRule = WholeRule,
            Reason = Reason,
            Owner = Owner,
            ExpiresAt = ExpiresAt,
            Forces = Forces ?? [],
        };
    }

    internal sealed record ExtendBody(uint Version, DateTimeOffset ExpiresAt, string Why);

    internal sealed record PreviewBody(
        string Rule, IReadOnlyList<PartBody>? Condition = null, bool WholeRule = false, IReadOnlyList<ForceId>? Forces = null)
    {
        public ExceptionOptions Options() => new()
        {
            Rule = Rule,
            Condition = Parts(Condition),
            WholeRule = WholeRule,
            Reason = "",
            ExpiresAt = default,
            Forces = Forces ?? [],
        };
    }

    private static List<ExceptionPart> Parts(IReadOnlyList<PartBody>? condition) =>
        [.. (condition ?? []).Select(part => new ExceptionPart(part.Field, part.Test, part.Value))];
}
