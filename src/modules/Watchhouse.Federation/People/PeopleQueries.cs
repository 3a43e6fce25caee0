using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.People;

/// <summary>A person in a list.</summary>
internal sealed record PersonModel(
    Guid Id, ForceId Force, string Name, string Email, string? JobTitle, string Status, IReadOnlyList<Role> Roles,
    DateTimeOffset JoinedAt, DateTimeOffset? LeftAt, DateTimeOffset? LastSeenAt, int OpenSessions, uint Version);

/// <summary>A role with its dates.</summary>
internal sealed record RoleModel(Role Role, string Title, ForceId Force, DateTimeOffset From, DateTimeOffset? Until, string GivenBy, string? EndedBy);

internal sealed record SessionModel(Guid Id, string Method, DateTimeOffset StartedAt, DateTimeOffset LastSeenAt, DateTimeOffset? EndedAt, string? EndedBecause);

/// <summary>Everything about one person that an administrator sees.</summary>
internal sealed record PersonDetail(PersonModel Person, string? ExternalId, IReadOnlyList<RoleModel> Roles, IReadOnlyList<SessionModel> Sessions);

/// <summary>What to list.</summary>
internal sealed record PeopleQuery
{
    public required ForceId Force { get; init; }

    /// <summary>Part of a name or address.</summary>
    public string? Text { get; init; }

    public bool WithLeavers { get; init; }

    public int Skip { get; init; }

    /// <summary>At most 200.</summary>
    public int Take { get; init; } = 50;

    public string? Reason { get; init; }
}

internal sealed record PeopleFound(IReadOnlyList<PersonModel> People, int Total);

/// <summary>Reads people.</summary>
internal sealed class PeopleQueries(IHouse house)
{
    public async Task<PeopleFound> ListAsync(ActingPrincipal principal, PeopleQuery query, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            principal, new Access(Permissions.PeopleRead) { Force = query.Force, Reason = query.Reason }, cancellationToken);
        var people = session.Db.Set<Person>().AsNoTracking().Where(p => p.ForceId == query.Force);
        if (!query.WithLeavers) people = people.Where(p => p.Status != PersonStatus.Left);
        if (query.Text?.Trim() is { Length: > 0 and <= 100 } text)
        {
            var upper = text.ToUpperInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // Translated to SQL, where no culture exists.
            people = people.Where(p => p.Name.ToUpper().Contains(upper) || p.Email.ToUpper().Contains(upper));
#pragma warning restore CA1304, CA1311, CA1862
        }

        var total = await people.CountAsync(cancellationToken);
        var page = await people.OrderBy(p => p.Name).ThenBy(p => p.Id)
            .Skip(Math.Max(0, query.Skip)).Take(Math.Clamp(query.Take, 1, 200)).ToListAsync(cancellationToken);
        return new PeopleFound(await WithRolesAsync(session, page, cancellationToken), total);
    }

    public async Task<Outcome<PersonDetail>> DetailAsync(
        ActingPrincipal principal, ForceId force, PersonId id, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(principal,
            new Access(Permissions.PeopleRead) { Force = force, Subject = $"person/{id}", Reason = reason }, cancellationToken);
        var db = session.Db;
        var person = await db.Set<Person>().AsNoTracking().SingleOrDefaultAsync(p => p.Id == id && p.ForceId == force, cancellationToken);
        if (person is null) return Failure.NotFound;
        var roles = await db.Set<RoleAssignment>().AsNoTracking().Where(r => r.PersonId == id)
            .OrderByDescending(r => r.From).ToListAsync(cancellationToken);
        var sessions = await db.Set<Session>().AsNoTracking().Where(s => s.PersonId == id)
            .OrderByDescending(s => s.StartedAt).Take(50).ToListAsync(cancellationToken);
        var model = (await WithRolesAsync(session, [person], cancellationToken))[0];
        return new PersonDetail(model, person.ExternalId,
            [.. roles.Select(r => new RoleModel(r.Role, r.Role.Describe().Title, r.ForceId, r.From, r.Until, r.GivenBy, r.EndedBy))],
            [.. sessions.Select(s => new SessionModel(s.Id.Value, s.Method, s.StartedAt, s.LastSeenAt, s.EndedAt, s.EndedBecause))]);
    }

    private static async Task<List<PersonModel>> WithRolesAsync(
        HouseSession session, IReadOnlyList<Person> people, CancellationToken cancellationToken)
    {
        var ids = people.Select(p => p.Id).ToList();
        var roles = (await session.Db.Set<RoleAssignment>().AsNoTracking()
            .Where(r => ids.Contains(r.PersonId) && r.Until == null).ToListAsync(cancellationToken)).ToLookup(r => r.PersonId);
        var now = session.Now;
        var sessions = (await session.Db.Set<Session>().AsNoTracking()
            .Where(s => ids.Contains(s.PersonId) && s.EndedAt == null && s.ExpiresAt > now).ToListAsync(cancellationToken)).ToLookup(s => s.PersonId);
        return [.. people.Select(p => new PersonModel(p.Id.Value, p.ForceId, p.Name, p.Email, p.JobTitle, p.Status.ToString(),
            [.. roles[p.Id].Select(r => r.Role).Order()], p.JoinedAt, p.LeftAt,
            sessions[p.Id].Select(s => (DateTimeOffset?)s.LastSeenAt).Max(), sessions[p.Id].Count(), p.Version))];
    }
}
