using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Bulletins;
using Watchhouse.Response.Clocks;
using Watchhouse.Response.Incidents;
using Watchhouse.Response.Playbooks;
using Watchhouse.Response.Shifts;

namespace Watchhouse.Response.Wall;

/// <summary>What the wall and a force's view read of response: one query for each part, of at most 200 rows.</summary>
internal sealed class WallQueries(IHouse house)
{
    public const int Most = 200;

    /// <summary>Incidents that are not closed, the gravest and oldest first, with what hinders them.</summary>
    public async Task<FirstOf<OpenIncident>> IncidentsAsync(ActingPrincipal actor, ForceId? force, int first, string? reason, bool again, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, Permissions.IncidentsRead, force, reason, again, cancellationToken);
        var (db, now, today) = (session.Db, session.Now, HouseTime.DayOf(session.Now));
        var found = await db.Set<Incident>().AsNoTracking().Where(each => each.Status != IncidentStatus.Closed && (force == null || each.ForceId == force))
            .OrderBy(each => each.Severity == Severity.Critical ? 0 : each.Severity == Severity.High ? 1 : each.Severity == Severity.Medium ? 2 : 3).ThenBy(each => each.OpenedAt).ThenBy(each => each.Id).Take(Most + 1)
            .Select(each => new
            {
                each.Id, each.ForceId, each.Reference, each.Title, each.Severity, each.Status, each.Owner, each.OpenedAt,
                Clock = db.Set<IncidentClock>().Where(clock => clock.Id == each.Id && clock.Due < now).Select(clock => clock.Stage).FirstOrDefault(),
                Overdue = db.Set<IncidentTask>().Count(task => task.IncidentId == each.Id && task.DoneAt == null && task.Due < today),
                Parts = db.Set<Incident>().Count(part => part.ParentId == each.Id && part.Status != IncidentStatus.Closed),
                Approvals = db.Set<EstateRequest>().Count(request => request.State == RequestState.Waiting && request.ExpiresAt > now
                    && db.Set<PlaybookRun>().Any(run => run.Id == request.RunId && run.IncidentId == each.Id)),
            }).ToListAsync(cancellationToken);
        return Cut(found, first, each => new OpenIncident(each.Id, each.ForceId, each.Reference, each.Title, each.Severity.ToString(), each.Status.ToString(), each.Owner, each.ForceId == ForceId.Centre, each.OpenedAt,
            WallWords.Hindrances(each.Owner, each.Overdue, each.Parts, each.Approvals, each.Clock)));
    }

    /// <summary>Who has the Centre's watch, and whom one can call.</summary>
    public async Task<CentreWatch> WatchAsync(ActingPrincipal actor, bool again, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, Permissions.ShiftsRead, ForceId.Centre, null, again, cancellationToken);
        var (db, now, centre) = (session.Db, session.Now, ForceId.Centre);
        var watch = await db.Set<Watch>().AsNoTracking().Where(each => each.ForceId == centre).Select(each => new { each.Person, each.Since }).FirstOrDefaultAsync(cancellationToken);
        var calls = await db.Set<OnCallSpan>().AsNoTracking().Where(each => each.ForceId == centre && each.StartsAt <= now && each.EndsAt > now).OrderBy(each => each.Order).ThenBy(each => each.Id).Take(3).Select(each => each.Name).ToListAsync(cancellationToken);
        return new(watch?.Person, watch?.Since, calls);
    }

    /// <summary>What waits for a force's decision, the soonest to expire first.</summary>
    public async Task<FirstOf<WaitingApproval>> ApprovalsAsync(ActingPrincipal actor, ForceId? force, int first, string? reason, bool again, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, Permissions.RunsRead, force, reason, again, cancellationToken);
        var (db, now) = (session.Db, session.Now);
        var found = await db.Set<EstateRequest>().AsNoTracking().Where(each => each.State == RequestState.Waiting && each.ExpiresAt > now && (force == null || each.ForceId == force))
            .OrderBy(each => each.ExpiresAt).ThenBy(each => each.Id).Take(Most + 1)
            .Select(each => new
            {
                each.Id, each.ForceId, each.Kind, each.Target, each.Severity, each.Needed, each.RequestedAt, each.ExpiresAt,
                Decided = db.Set<EstateDecision>().Count(decision => decision.RequestId == each.Id && decision.Agrees),
            }).ToListAsync(cancellationToken);
        return Cut(found, first, each => new WaitingApproval(each.Id, each.ForceId, FlowWords.Kind(each.Kind), each.Target, each.Severity.ToString(), each.Decided, each.Needed, each.RequestedAt, each.ExpiresAt));
    }

    /// <summary>Bulletins of the Centre that are out and that some force has not answered, the soonest due first.</summary>
    public async Task<FirstOf<UnansweredBulletin>> BulletinsAsync(ActingPrincipal actor, int first, string? reason, bool again, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, Permissions.BulletinsRead, ForceId.Centre, reason, again, cancellationToken);
        var (db, now) = (session.Db, session.Now);
        var found = await db.Set<Bulletin>().AsNoTracking().Where(each => each.State == BulletinState.Published && db.Set<BulletinReceipt>().Any(receipt => receipt.BulletinId == each.Id && receipt.AnsweredAt == null))
            .OrderBy(each => each.AnswerBy).ThenBy(each => each.Id).Take(Most + 1)
            .Select(each => new
            {
                each.Id, each.Number, each.Title, each.Severity, each.AnswerBy,
                Of = db.Set<BulletinReceipt>().Count(receipt => receipt.BulletinId == each.Id), Answered = db.Set<BulletinReceipt>().Count(receipt => receipt.BulletinId == each.Id && receipt.AnsweredAt != null),
            }).ToListAsync(cancellationToken);
        return Cut(found, first, each => new UnansweredBulletin(each.Id, each.Number, each.Title, each.Severity.ToString(), each.AnswerBy, each.Answered, each.Of, each.AnswerBy < now));
    }

    /// <summary>Bulletins that the force has not answered, the soonest due first.</summary>
    public async Task<FirstOf<OwnBulletin>> OwnBulletinsAsync(ActingPrincipal actor, int first, string? reason, bool again, CancellationToken cancellationToken)
    {
        var home = actor.Home;
        await using var session = await EnterAsync(actor, Permissions.BulletinsRead, home, reason, again, cancellationToken);
        var now = session.Now;
        var found = await session.Db.Set<BulletinCopy>().AsNoTracking().Where(each => each.ForceId == home && each.State == BulletinState.Published && each.AnsweredAt == null)
            .OrderBy(each => each.AnswerBy).ThenBy(each => each.Id).Take(Most + 1).Select(each => new { each.BulletinId, each.Title, each.Severity, each.AnswerBy }).ToListAsync(cancellationToken);
        return Cut([.. found.DistinctBy(each => each.BulletinId)], first, each => new OwnBulletin(each.BulletinId, each.Title, each.Severity.ToString(), each.AnswerBy, each.AnswerBy < now));
    }

    /// <summary>Standing authorities of a force that end within thirty days, the soonest first.</summary>
    public async Task<FirstOf<LapsingAuthority>> LapsingAsync(ActingPrincipal actor, ForceId force, int first, string? reason, bool again, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, Permissions.AuthoritiesRead, force, reason, again, cancellationToken);
        var (now, soon) = (session.Now, session.Now.AddDays(30));
        var found = await session.Db.Set<StandingAuthority>().AsNoTracking().Where(each => each.ForceId == force && each.RevokedAt == null && each.Until > now && each.Until <= soon)
            .OrderBy(each => each.Until).ThenBy(each => each.Id).Take(Most + 1).Select(each => new { each.Id, each.Purpose, each.Until }).ToListAsync(cancellationToken);
        return Cut(found, first, each => new LapsingAuthority(each.Id, each.Purpose, each.Until));
    }

    internal static FirstOf<TMade> Cut<T, TMade>(IReadOnlyList<T> found, int first, Func<T, TMade> make) => new([.. found.Take(first).Select(make)], Math.Min(found.Count, Most), found.Count > Most);

    private Task<HouseSession> EnterAsync(ActingPrincipal actor, Permission permission, ForceId? force, string? reason, bool again, CancellationToken cancellationToken) =>
        house.EnterAsync(actor, new Access(permission) { Force = force, Reason = reason, Logged = !again }, cancellationToken);
}

/// <summary>What the wall says. Pure.</summary>
internal static class WallWords
{
    /// <summary>What stands in an incident's way, the gravest first.</summary>
    public static IReadOnlyList<string> Hindrances(string? owner, int overdueTasks, int openParts, int approvals, ClockStage? broken = null)
    {
        var hindrances = new List<string>();
        if (broken is { } stage) hindrances.Add(ClockRules.IsCentres(stage) ? "The Centre is late" : "The force is late");
        if (owner is null) hindrances.Add("Nobody owns it");
        if (approvals > 0) hindrances.Add(approvals == 1 ? "1 approval waits" : $"{approvals} approvals wait");
        if (overdueTasks > 0) hindrances.Add(overdueTasks == 1 ? "1 task overdue" : $"{overdueTasks} tasks overdue");
        if (openParts > 0) hindrances.Add(openParts == 1 ? "1 force's part open" : $"{openParts} forces' parts open");
        return hindrances;
    }

    /// <summary>How a force's tile is coloured: red where a critical alert is open, amber where one of high level is.</summary>
    public static TileFigure Tile(ForceAlerts? alerts) => alerts is null || alerts.All == 0
        ? new(0, "no open alert", 0)
        : new(alerts.Pressing, $"{(alerts.Pressing == 0 ? "none" : alerts.Pressing)} of {alerts.All} open alerts high or critical", alerts.Critical > 0 ? 4 : alerts.Pressing > 0 ? 3 : 1);

    public static Severity Severity(string level) => level switch
    {
        "critical" => Platform.Ui.Severity.Critical,
        "high" => Platform.Ui.Severity.High,
        "medium" => Platform.Ui.Severity.Medium,
        _ => Platform.Ui.Severity.Low,
    };

    public static readonly TileMapScale Scale = new("Open alerts, high and critical",
        [new(0, "None open", 0), new(0, "Lower only", 1), new(0, "High", 3), new(0, "Critical", 4)]);
}
