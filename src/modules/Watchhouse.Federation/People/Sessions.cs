using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Federation.People;

/// <summary>Sign-in sessions of people. A session is a record, so it can be ended from elsewhere.</summary>
internal sealed class Sessions(IHouse house, SessionEnds ends)
{
    /// <summary>One shift and a handover.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(13);

    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("sign-in");

    /// <summary>Begins a session for somebody who has just proved who they are.</summary>
    public async Task<SessionId> StartAsync(PersonId person, string method, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, new Access(Permissions.PeopleManage), cancellationToken);
        var who = await session.Db.Set<Person>().SingleAsync(p => p.Id == person, cancellationToken);
        if (!who.MaySignIn) throw new InvalidOperationException("Somebody who may not sign in was about to be signed in.");
        if (who.Status == PersonStatus.Invited) who.Status = PersonStatus.Active;
        var started = new Session
        {
            Id = session.NewId<SessionId>(),
            PersonId = person,
            ForceId = who.ForceId,
            Method = method,
            StartedAt = session.Now,
            LastSeenAt = session.Now,
            ExpiresAt = session.Now + Lifetime,
        };
        session.Db.Add(started);
        session.Record(who.ForceId, $"person/{person}", $"{who.Name} signed in by {method}.",
            operation: AuditOperation.Collection, action: "session.started");
        await session.CommitAsync(cancellationToken);
        return started.Id;
    }

    public async Task EndAsync(SessionId id, string because, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, new Access(Permissions.PeopleManage), cancellationToken);
        var open = await session.Db.Set<Session>().Where(s => s.Id == id && s.EndedAt == null).ToListAsync(cancellationToken);
        if (open.Count == 0) return;
        End(session, open, because);
        await session.CommitAsync(cancellationToken);
        ends.Raise(open.Select(s => s.Id.Value));
    }

    public async Task EndAllAsync(PersonId person, string because, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, new Access(Permissions.PeopleManage), cancellationToken);
        var open = await OpenOfAsync(session.Db, person, cancellationToken);
        if (open.Count == 0) return;
        End(session, open, because);
        await session.CommitAsync(cancellationToken);
        ends.Raise(open.Select(s => s.Id.Value));
    }

    /// <summary>The sessions of a person that have not ended; for operations that end them in their own transaction.</summary>
    internal static Task<List<Session>> OpenOfAsync(HouseDb db, PersonId person, CancellationToken cancellationToken) =>
        db.Set<Session>().Where(s => s.PersonId == person && s.EndedAt == null).ToListAsync(cancellationToken);

    internal static void End(HouseSession session, IEnumerable<Session> open, string because)
    {
        foreach (var one in open)
        {
            one.EndedAt = session.Now;
            one.EndedBecause = because;
            session.Record(one.ForceId, $"person/{one.PersonId}", $"A session ended: {because}", action: "session.ended");
        }
    }
}
