using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Federation.SignIn.Accounts;

/// <summary>Looks people up for sign-in, before anybody is known. It gives out nothing to a caller that failed to prove who they are.</summary>
internal sealed class SignInPeople(IHouse house)
{
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("sign-in");
    private static readonly Access Reading = new(Permissions.PeopleRead) { Logged = false };

    public async Task<Person?> FindAsync(PersonId id, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, Reading, cancellationToken);
        return await session.Db.Set<Person>().AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancellationToken);
    }

    public async Task<Person?> FindByEmailAsync(string email, CancellationToken cancellationToken)
    {
        var address = email.Trim().ToLowerInvariant();
        await using var session = await house.EnterAsync(Job, Reading, cancellationToken);
        return await session.Db.Set<Person>().AsNoTracking()
            .SingleOrDefaultAsync(p => p.Email == address && p.Status != PersonStatus.Left, cancellationToken);
    }

    /// <summary>The sessions of somebody that have not ended, newest first.</summary>
    public async Task<IReadOnlyList<Session>> SessionsAsync(PersonId id, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, Reading, cancellationToken);
        var now = session.Now;
        return await session.Db.Set<Session>().AsNoTracking()
            .Where(s => s.PersonId == id && s.EndedAt == null && s.ExpiresAt > now)
            .OrderByDescending(s => s.StartedAt).Take(50).ToListAsync(cancellationToken);
    }

    /// <summary>Writes to the audit trail that somebody's way of signing in changed; never the secret itself.</summary>
    public async Task RecordAsync(PersonId id, string summary, string action, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, new Access(Permissions.PeopleManage), cancellationToken);
        if (await session.Db.Set<Person>().AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancellationToken) is not { } person) return;
        session.Record(person.ForceId, $"person/{id}", $"{person.Name} {summary}", action: action);
        await session.CommitAsync(cancellationToken);
    }
}
