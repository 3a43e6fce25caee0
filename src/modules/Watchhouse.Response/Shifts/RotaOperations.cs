using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Incidents;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Shifts;

/// <summary>A team of a plan.</summary>
internal sealed record PlanTeam(string Name, IReadOnlyList<Guid> People, Guid? Lead = null);

/// <summary>A repeating plan for some weeks.</summary>
internal sealed record PlanOptions
{
    /// <summary>Key of a <see cref="RotaPattern"/>.</summary>
    public required string Pattern { get; init; }

    /// <summary>The day in London on which its first shift begins.</summary>
    public required DateOnly First { get; init; }

    public int Weeks { get; init; } = 4;

    /// <summary>07:00: when the first part of the day begins.</summary>
    public string From { get; init; } = "07:00";

    public IReadOnlyList<PlanTeam> Teams { get; init; } = [];

    /// <summary>Shifts in that time that have not begun are replaced; else the plan is refused where there are any.</summary>
    public bool Replaces { get; init; }
}

/// <summary>Plans the rota of one's own organisation and says who is on call.</summary>
internal sealed class RotaOperations(IHouse house, IColleagues colleagues, RunSignal signal)
{
    private const int MostOnCall = 200;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>Who can be named: people of one's own who can take the watch.</summary>
    public async Task<IReadOnlyList<ShiftPerson>> PeopleAsync(ActingPrincipal actor, CancellationToken cancellationToken) =>
        [.. (await colleagues.HoldingAsync(actor.Home, Permissions.ShiftsTake, cancellationToken)).Select(each => Guid.TryParse(each.Id, out var id) ? new ShiftPerson(id, each.Name) : null).OfType<ShiftPerson>()];

    /// <summary>The shifts that a plan would make, stored unless it is only looked at.</summary>
    public async Task<Outcome<IReadOnlyList<ShiftModel>>> PlanAsync(ActingPrincipal actor, PlanOptions options, bool isPreview, CancellationToken cancellationToken)
    {
        var home = actor.Home;
        await using var session = await EnterAsync(actor, cancellationToken);
        if (RotaPattern.All.FirstOrDefault(each => each.Key == options.Pattern) is not { } pattern) return Failure.Invalid($"The pattern is one of {string.Join(", ", RotaPattern.All.Select(each => each.Key))}.", "pattern");
        if (options.Weeks is < 1 or > RotaPattern.MostWeeks) return Failure.Invalid($"A plan is for 1 to {RotaPattern.MostWeeks} weeks.", "weeks");
        if (!TimeOnly.TryParseExact(options.From, "HH:mm", out var from)) return Failure.Invalid("Write the time as 07:00.", "from");
        if (options.Teams.Count != pattern.Cycles.Count) return Failure.Invalid($"This pattern is for {pattern.Cycles.Count} teams.", "teams");
        var people = (await PeopleAsync(actor, cancellationToken)).ToDictionary(each => each.Id);
        foreach (var team in options.Teams)
        {
            if (Fault(team.Name, team.People, team.Lead, people) is { } fault) return fault;
        }

        var now = session.Now;
        var shifts = pattern.Plan(options.First, options.Weeks, (from.Hour * 60) + from.Minute).Select(each => Make(session, home, each.StartsAt, each.EndsAt, each.Name, options.Teams[each.Team], people)).ToList();
        if (shifts[0].StartsAt < now.AddDays(-1)) return Failure.Invalid("A plan begins today or later: what has been watched is not planned anew.", "first");
        var (start, end) = (shifts[0].StartsAt, shifts[^1].EndsAt);
        var there = await session.Db.Set<Shift>().Where(each => each.ForceId == home && each.StartsAt < end && each.EndsAt > start).ToListAsync(cancellationToken);
        if (!isPreview && there.Count > 0 && (!options.Replaces || there.Exists(each => each.StartsAt <= now)))
            return Failure.Conflict(there.Exists(each => each.StartsAt <= now) ? "A shift of that time has begun already. Begin the plan after its end." : $"There are {there.Count} shifts in that time already. Say that the plan replaces them, or plan another time.");
        if (isPreview) return shifts.ConvertAll(Model);
        session.Db.RemoveRange(there);
        session.Db.AddRange(shifts);
        session.Record(home, "rota", $"The rota was planned by {pattern.Title} for {options.Weeks} weeks from {options.First:yyyy-MM-dd}{(there.Count > 0 ? $"; {there.Count} shifts were replaced" : "")}.");
        var saved = await SavedAsync(session, cancellationToken);
        return saved.Succeeded ? shifts.ConvertAll(Model) : saved.Failure;
    }

    /// <summary>Adds one shift outside any pattern.</summary>
    public async Task<Outcome<Guid>> AddAsync(ActingPrincipal actor, DateTimeOffset startsAt, DateTimeOffset endsAt, string name, PlanTeam team, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, cancellationToken);
        if (IncidentInput.Sentence(name, "name", Shift.LongestName, 1) is { } fault) return fault;
        if (endsAt <= startsAt || endsAt - startsAt > Longest) return Failure.Invalid("A shift ends after it begins, and is at most 24 hours long.", "endsAt");
        if (endsAt <= session.Now) return Failure.Invalid("That time has passed.", "endsAt");
        var people = (await PeopleAsync(actor, cancellationToken)).ToDictionary(each => each.Id);
        if (Fault(team.Name, team.People, team.Lead, people) is { } wrong) return wrong;
        var shift = Make(session, actor.Home, startsAt.ToUniversalTime(), endsAt.ToUniversalTime(), name.Trim(), team, people);
        session.Db.Add(shift);
        session.Record(actor.Home, $"shift/{shift.Id}", "A shift was added to the rota.");
        var saved = await SavedAsync(session, cancellationToken);
        return saved.Succeeded ? shift.Id : saved.Failure;
    }

    /// <summary>Says anew who watches in a shift that has not ended.</summary>
    public async Task<Outcome<Done>> ChangeAsync(ActingPrincipal actor, Guid id, IReadOnlyList<Guid> names, Guid? lead, uint? version, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, cancellationToken);
        var home = actor.Home;
        if (await session.Db.Set<Shift>().FirstOrDefaultAsync(each => each.Id == id && each.ForceId == home, cancellationToken) is not { } shift) return Failure.NotFound;
        if (version is { } known && known != shift.Version) return Failure.Conflict("Somebody else changed this shift in the meantime. Look at it again and repeat your change.");
        if (shift.EndsAt <= session.Now) return Failure.Conflict("This shift has ended. Who watched then stays as it is written.");
        var people = (await PeopleAsync(actor, cancellationToken)).ToDictionary(each => each.Id);
        if (Fault(shift.Team, names, lead, people) is { } fault) return fault;
        (shift.PersonIds, shift.People) = ([.. names], [.. names.Select(each => people[each].Name)]);
        (shift.LeadId, shift.Lead) = (lead, lead is { } one ? people[one].Name : null);
        session.Record(home, $"shift/{id}", "Who watches in a shift was changed.");
        return await SavedAsync(session, cancellationToken);
    }

    public async Task<Outcome<Done>> RemoveAsync(ActingPrincipal actor, Guid id, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, cancellationToken);
        var home = actor.Home;
        if (await session.Db.Set<Shift>().FirstOrDefaultAsync(each => each.Id == id && each.ForceId == home, cancellationToken) is not { } shift) return Failure.NotFound;
        if (shift.StartsAt <= session.Now) return Failure.Conflict("This shift has begun, so it is not removed. Change who is in it.");
        session.Db.Remove(shift);
        session.Record(home, $"shift/{id}", "A shift was removed from the rota.");
        return await SavedAsync(session, cancellationToken);
    }

    /// <summary>Says who can be called in a span of time, and how.</summary>
    public async Task<Outcome<Guid>> CallAsync(ActingPrincipal actor, Guid person, string reach, int order, DateTimeOffset startsAt, DateTimeOffset endsAt, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, cancellationToken);
        var home = actor.Home;
        if (IncidentInput.Sentence(reach, "reach", OnCallSpan.LongestReach) is { } fault) return fault with { Message = "Say how the person is reached: a duty telephone, a bridge." };
        if (order is < 1 or > 9) return Failure.Invalid("The order is 1 to 9; 1 is called first.", "order");
        if (endsAt <= startsAt || endsAt <= session.Now || endsAt - startsAt > TimeSpan.FromDays(92)) return Failure.Invalid("A span ends after it begins, has not passed, and is at most three months long.", "endsAt");
        var people = (await PeopleAsync(actor, cancellationToken)).ToDictionary(each => each.Id);
        if (!people.TryGetValue(person, out var found)) return Failure.Invalid("Who is on call is a person of your own organisation who can take the watch.", "person");
        if (await session.Db.Set<OnCallSpan>().CountAsync(each => each.ForceId == home && each.EndsAt > startsAt, cancellationToken) >= MostOnCall) return Failure.Conflict($"At most {MostOnCall} spans are planned. Remove some first.");
        var span = new OnCallSpan
        {
            Id = Guid.CreateVersion7(session.Now), ForceId = home, PersonId = person, Name = found.Name, Reach = reach.Trim(), Order = order, StartsAt = startsAt.ToUniversalTime(), EndsAt = endsAt.ToUniversalTime(),
        };
        session.Db.Add(span);
        session.Record(home, $"on-call/{span.Id}", "Somebody was put on call.");
        var saved = await SavedAsync(session, cancellationToken);
        return saved.Succeeded ? span.Id : saved.Failure;
    }

    public async Task<Outcome<Done>> UncallAsync(ActingPrincipal actor, Guid id, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, cancellationToken);
        var home = actor.Home;
        if (await session.Db.Set<OnCallSpan>().FirstOrDefaultAsync(each => each.Id == id && each.ForceId == home, cancellationToken) is not { } span) return Failure.NotFound;
        session.Db.Remove(span);
        session.Record(home, $"on-call/{id}", "Somebody was taken off call.");
        return await SavedAsync(session, cancellationToken);
    }

    public static ShiftModel Model(Shift shift) => new(shift.Id, shift.StartsAt, shift.EndsAt, shift.Name, shift.Team, shift.LeadId is { } lead ? new(lead, shift.Lead ?? "") : null,
        [.. shift.PersonIds.Zip(shift.People, (id, name) => new ShiftPerson(id, name))], shift.Version);

    private static Failure? Fault(string team, IReadOnlyList<Guid> names, Guid? lead, Dictionary<Guid, ShiftPerson> people)
    {
        if (team.Trim().Length > Shift.LongestName) return Failure.Invalid($"A team's name has at most {Shift.LongestName} characters.", "team");
        if (names.Count > Shift.MostPeople || names.Distinct().Count() != names.Count) return Failure.Invalid($"A shift has at most {Shift.MostPeople} people, each of them once.", "people");
        if (names.Any(each => !people.ContainsKey(each))) return Failure.Invalid("Somebody named is not of your organisation, or may not take the watch. Choose from the list.", "people");
        return lead is { } one && !names.Contains(one) ? Failure.Invalid("Who leads a shift is one of its people.", "lead") : null;
    }

    private static Shift Make(HouseSession session, ForceId home, DateTimeOffset startsAt, DateTimeOffset endsAt, string name, PlanTeam team, Dictionary<Guid, ShiftPerson> people) => new()
    {
        Id = Guid.CreateVersion7(session.Now),
        ForceId = home,
        StartsAt = startsAt,
        EndsAt = endsAt,
        Name = name,
        Team = team.Name.Trim(),
        LeadId = team.Lead,
        Lead = team.Lead is { } lead ? people[lead].Name : null,
        PersonIds = [.. team.People],
        People = [.. team.People.Select(each => people[each].Name)],
    };

    private Task<HouseSession> EnterAsync(ActingPrincipal actor, CancellationToken cancellationToken) =>
        house.EnterAsync(actor, new Access(Permissions.ShiftsLead) { Force = actor.Home, Subject = "rota", Reason = actor.StatedReason }, cancellationToken);

    private async Task<Outcome<Done>> SavedAsync(HouseSession session, CancellationToken cancellationToken)
    {
        var saved = await session.CommitAsync(cancellationToken);
        if (saved.Succeeded) signal.Raise(session.Principal.Home);
        return saved;
    }
}
