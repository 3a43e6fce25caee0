using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Clients;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.Delegations;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.People;

/// <summary>
/// Reads who acts from the records at every call: session, person, roles and delegations. Nothing is cached, so a
/// leaver is out and a revoked delegation is gone at the next request; it is four indexed reads.
/// </summary>
internal sealed class PrincipalResolver(IHouse house, TimeProvider clock) : IPrincipalResolver
{
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("sign-in");
    private static readonly Access Reading = new(Permissions.PeopleRead) { Logged = false };

    public async ValueTask<ActingPrincipal?> ResolveAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, Reading, cancellationToken);
        var db = session.Db;
        var now = clock.GetUtcNow();
        if (Guid.TryParse(user.FindFirstValue(HouseClaims.Person), out var personValue)
            && Guid.TryParse(user.FindFirstValue(HouseClaims.Session), out var sessionValue))
        {
            var (personId, sessionId) = (new PersonId(personValue), new SessionId(sessionValue));
            var signIn = await db.Set<Session>().AsNoTracking()
                .SingleOrDefaultAsync(s => s.Id == sessionId && s.PersonId == personId, cancellationToken);
            if (signIn is null || signIn.EndedAt is not null || signIn.ExpiresAt <= now) return null;
            var person = await db.Set<Person>().AsNoTracking()
                .SingleOrDefaultAsync(p => p.Id == personId, cancellationToken);
            if (person is null || !person.MaySignIn) return null;
            var roles = await db.Set<RoleAssignment>().AsNoTracking()
                .Where(r => r.PersonId == personId && r.Until == null && r.ForceId == person.ForceId)
                .Select(r => r.Role)
                .ToListAsync(cancellationToken);
            return new ActingPrincipal
            {
                Kind = PrincipalKind.Person,
                Subject = person.Id.ToString(),
                Name = person.Name,
                Home = person.ForceId,
                Roles = [.. roles],
                Delegations = await HeldAsync(db, person.ForceId, now, cancellationToken),
                SessionId = signIn.Id.Value,
            };
        }

        if (Guid.TryParse(user.FindFirstValue(HouseClaims.Client), out var clientValue))
        {
            var clientId = new ClientId(clientValue);
            var client = await db.Set<MachineClient>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == clientId, cancellationToken);
            if (client is null || !client.MayActAt(now)) return null;
            return new ActingPrincipal
            {
                Kind = PrincipalKind.Client,
                Subject = client.Id.ToString(),
                Name = client.Name,
                Home = client.ForceId,
                Roles = [client.Role],
                Delegations = await HeldAsync(db, client.ForceId, now, cancellationToken),
            };
        }

        return null;
    }

    private static async Task<ImmutableArray<DelegatedAccess>> HeldAsync(
        Platform.Data.HouseDb db, ForceId home, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. await db.Set<Delegation>().AsNoTracking()
            .Where(d => d.To == home && d.RevokedAt == null && d.From <= now && d.Until > now)
            .Select(d => new DelegatedAccess(d.Id.Value, d.ForceId, d.Scope, d.Until))
            .ToListAsync(cancellationToken)];
}
