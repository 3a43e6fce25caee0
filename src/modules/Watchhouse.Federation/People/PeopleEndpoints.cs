using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Federation.People;

/// <summary>People over HTTP.</summary>
internal static class PeopleEndpoints
{
    public static void MapPeople(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/forces/{force}/people").WithTags("People");

        group.MapGet("", async (ActingPrincipal principal, HttpRequest request, PeopleQueries queries, ForceId force, string? text,
                bool? leavers, int? skip, int? take, CancellationToken cancellationToken) =>
                Results.Ok(await queries.ListAsync(principal, new PeopleQuery
                {
                    Force = force,
                    Text = text,
                    WithLeavers = leavers ?? false,
                    Skip = skip ?? 0,
                    Take = take ?? 50,
                    Reason = request.Reason(),
                }, cancellationToken)))
            .WithName("People").WithSummary("The people of an organisation.").Produces<PeopleFound>()
            .Requires(Permissions.PeopleRead);

        group.MapGet("/{person:guid}", async (ActingPrincipal principal, HttpRequest request, PeopleQueries queries, ForceId force,
                Guid person, CancellationToken cancellationToken) =>
                (await queries.DetailAsync(principal, force, new PersonId(person), request.Reason(), cancellationToken)).ToHttp(Results.Ok))
            .WithName("Person").WithSummary("One person with roles and sessions, past ones included.").Produces<PersonDetail>()
            .Requires(Permissions.PeopleRead);

        group.MapPost("", async (ActingPrincipal principal, HttpRequest request, PeopleOperations operations, ForceId force, JoinBody body,
                CancellationToken cancellationToken) =>
                (await operations.JoinAsync(principal, new JoinOptions
                {
                    Force = force,
                    Name = body.Name,
                    Email = body.Email,
                    JobTitle = body.JobTitle,
                    Roles = body.Roles ?? [],
                    Reason = request.Reason(),
                }, cancellationToken)).ToHttp(p => Results.Created($"/api/v1/forces/{force}/people/{p.Id}", new CreatedBody(p.Id.Value))))
            .WithName("Join").WithSummary("Takes a person in.").Produces<CreatedBody>(StatusCodes.Status201Created)
            .Requires(Permissions.PeopleManage);

        // The value is called 'tag' and not 'force': the force is not the caller's, and the rule that hides other forces
        // would hide this door too. The operation itself opens it only while the force has no administrator.
        endpoints.MapPost("/api/v1/forces/{tag}/people/first-administrator", async (ActingPrincipal principal, HttpRequest request,
                PeopleOperations operations, string tag, JoinBody body, CancellationToken cancellationToken) =>
                ForceId.TryParse(tag, null, out var force)
                    ? (await operations.JoinAsync(principal, new JoinOptions
                    {
                        Force = force,
                        Name = body.Name,
                        Email = body.Email,
                        JobTitle = body.JobTitle,
                        Roles = [Role.ForceAdministrator],
                        Reason = request.Reason(),
                    }, cancellationToken)).ToHttp(p => Results.Created($"/api/v1/forces/{force}/people/{p.Id}", new CreatedBody(p.Id.Value)))
                    : Failure.NotFound.ToProblem())
            .WithName("AppointFirstAdministrator").WithSummary("Appoints the first administrator of a force that has none.")
            .WithTags("People")
            .Produces<CreatedBody>(StatusCodes.Status201Created)
            .Requires(Permissions.PeopleAppoint);

        group.MapPatch("/{person:guid}", async (ActingPrincipal principal, HttpRequest request, PeopleOperations operations, ForceId force,
                Guid person, ChangeBody body, CancellationToken cancellationToken) =>
                Answer(await operations.ChangeAsync(principal, new PersonId(person), new ChangeOptions
                {
                    Force = force,
                    Name = body.Name,
                    Email = body.Email,
                    JobTitle = body.JobTitle,
                    Reason = request.Reason(),
                }, cancellationToken)))
            .WithName("ChangePerson").WithSummary("Corrects what is known of a person.")
            .Requires(Permissions.PeopleManage);

        group.MapPut("/{person:guid}/roles", async (ActingPrincipal principal, HttpRequest request, PeopleOperations operations, ForceId force,
                Guid person, RolesBody body, CancellationToken cancellationToken) =>
                Answer(await operations.SetRolesAsync(principal, new PersonId(person), Options(force, request), body.Roles, cancellationToken)))
            .WithName("SetRoles").WithSummary("Gives a person exactly these roles.")
            .Requires(Permissions.PeopleManage);

        group.MapPost("/{person:guid}/move", async (ActingPrincipal principal, HttpRequest request, PeopleOperations operations, ForceId force,
                Guid person, MoveBody body, CancellationToken cancellationToken) =>
                Answer(await operations.MoveAsync(principal, new PersonId(person), Options(force, request), body.To, cancellationToken)))
            .WithName("MovePerson").WithSummary("Moves a person to another organisation; every role and session ends.")
            .Requires(Permissions.PeopleManage);

        MapStatus(group, "leave", "Leave", "Records that a person left; they are signed out everywhere at once.",
            (o, p, id, s, c) => o.LeaveAsync(p, id, s, c));
        MapStatus(group, "suspend", "Suspend", "Keeps a person out for a time.", (o, p, id, s, c) => o.SuspendAsync(p, id, s, c));
        MapStatus(group, "reinstate", "Reinstate", "Lets a suspended person in again.", (o, p, id, s, c) => o.ReinstateAsync(p, id, s, c));
        MapStatus(group, "sign-out", "SignOutPerson", "Signs a person out everywhere.", (o, p, id, s, c) => o.SignOutAsync(p, id, s, c));
    }

    private static void MapStatus(RouteGroupBuilder group, string verb, string name, string summary,
        Func<PeopleOperations, ActingPrincipal, PersonId, StatusOptions, CancellationToken, Task<Outcome<Person>>> operation) =>
        group.MapPost($"/{{person:guid}}/{verb}", async (ActingPrincipal principal, HttpRequest request, PeopleOperations operations,
                ForceId force, Guid person, CancellationToken cancellationToken) =>
                Answer(await operation(operations, principal, new PersonId(person), Options(force, request), cancellationToken)))
            .WithName(name).WithSummary(summary)
            .Requires(Permissions.PeopleManage);

    private static StatusOptions Options(ForceId force, HttpRequest request) => new() { Force = force, Reason = request.Reason() };

    private static IResult Answer(Outcome<Person> outcome) => outcome.ToHttp(_ => Results.NoContent());

    internal sealed record JoinBody(string Name, string Email, string? JobTitle = null, IReadOnlyList<Role>? Roles = null);

    internal sealed record ChangeBody(string? Name = null, string? Email = null, string? JobTitle = null);

    internal sealed record RolesBody(IReadOnlyList<Role> Roles);

    internal sealed record MoveBody(ForceId To);

    internal sealed record CreatedBody(Guid Id);
}
