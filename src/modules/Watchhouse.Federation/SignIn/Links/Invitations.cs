using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.SignIn.Links;

/// <summary>A one-time link, as its path: <c>/invitation?token=…</c>. Shown now and never again.</summary>
internal sealed record Invitation(string Path, DateTimeOffset ExpiresAt);

/// <summary>Makes the one-time link that an administrator hands to a person.</summary>
internal sealed class Invitations(IHouse house, IServiceScopeFactory scopes)
{
    public async Task<Outcome<Invitation>> InviteAsync(
        ActingPrincipal actor, ForceId force, PersonId id, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.PeopleManage) { Force = force, Subject = $"person/{id}" }, cancellationToken);
        var who = await session.Db.Set<Person>().SingleOrDefaultAsync(p => p.Id == id && p.ForceId == force, cancellationToken);
        if (who is null) return Failure.NotFound;
        if (!who.MaySignIn)
            return Failure.Conflict("This person is suspended or has left, so there is nothing to invite to. Let them in again first.");
        // Whoever uses the link acts as that person: nobody gives themselves, or keeps, a second way in.
        if (actor.Subject == id.ToString())
            return Failure.Refused("Nobody invites themselves. Change your own sign-in on the account page.");

        await using var scope = scopes.CreateAsyncScope();
        var (token, link) = await scope.ServiceProvider.GetRequiredService<OneTimeLinks>()
            .IssueAsync(LinkPurpose.Invitation, id, cancellationToken);
        session.Record(force, $"person/{id}", $"A one-time link was made for {who.Name} to register credentials.", action: "credential.invited");
        var saved = await session.CommitAsync(cancellationToken);
        return saved.Succeeded ? new Invitation($"/invitation?token={token}", link.ExpiresAt) : saved.Failure;
    }
}
