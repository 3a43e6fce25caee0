using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Notices;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Clocks;

/// <summary>
/// Tells people whose time runs out: at three quarters of it, when it is broken, and up the ladder between. What was told is stored
/// under a key of its own, together with the moment of the next look, so a restart tells nothing twice and leaves nothing out.
/// </summary>
internal sealed class ClockWork(IHouse house, ClockKeeper keeper, INotices notices, IDelegationsInForce delegations, RunSignal signal)
{
    private const int Page = 200;
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("clocks");

    /// <summary>Clocks that are due to be looked at, the longest waiting first.</summary>
    public async Task<IReadOnlyList<Guid>> DueAsync(int most, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(cancellationToken);
        var now = session.Now;
        return await session.Db.Set<IncidentClock>().AsNoTracking().Where(each => each.NextAt != null && each.NextAt <= now)
            .OrderBy(each => each.NextAt).Select(each => each.Id).Take(most).ToListAsync(cancellationToken);
    }

    /// <summary>Tells what is to be told of one clock. Returns whether it was looked at.</summary>
    public async Task<bool> StepAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(cancellationToken);
        if (await session.Db.Set<IncidentClock>().FirstOrDefaultAsync(each => each.Id == id, cancellationToken) is not { NextAt: { } due } clock || due > session.Now) return false;
        var now = session.Now;
        var reading = await keeper.ReadAsync(session, clock, cancellationToken);
        List<EscalationRung> rungs = [];
        if (reading is { State: ClockState.Running, Current: { } current })
        {
            var side = ClockRules.IsCentres(current.Stage) ? ForceId.Centre : clock.ForceId;
            var contacts = await session.Db.Set<ClockContact>().AsNoTracking().Where(each => each.ForceId == side).OrderBy(each => each.Order).ToListAsync(cancellationToken);
            rungs = contacts.ConvertAll(each => new EscalationRung(each.Order, each.AfterMinutes));
            await TellAsync(session, clock, current, reading.KeyOf(id, current.Stage), side, now, cancellationToken);
            foreach (var call in EscalationLadder.Due(id, reading, rungs, now))
                await CallAsync(session, clock, call.Key, side, current.Stage, contacts.First(each => each.Order == call.Rung.Order), cancellationToken);
        }

        clock.NextAt = ClockRules.Next(reading, rungs, now);
        var saved = await session.CommitAsync(cancellationToken);
        if (saved.Succeeded) signal.Raise(clock.ForceId);
        return saved.Succeeded;
    }

    /// <summary>Counts the clocks that run anew, because the nation's times may have been changed while the program did not run.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        for (var after = Guid.Empty; ;)
        {
            await using var session = await OpenAsync(cancellationToken);
            var page = await session.Db.Set<IncidentClock>().Where(each => each.State == ClockState.Running && each.Id > after).OrderBy(each => each.Id).Take(Page).ToListAsync(cancellationToken);
            if (page.Count == 0) return;
            foreach (var clock in page) await keeper.RefreshAsync(session, clock, cancellationToken);
            // Of one that somebody moved meanwhile, theirs counts; the others of its page are looked at when they are due.
            await session.CommitAsync(cancellationToken);
            after = page[^1].Id;
        }
    }

    private async Task TellAsync(HouseSession session, IncidentClock clock, StageReading current, string key, ForceId side, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (current.WarnsAt is not { } warns || current.Due is not { } due || warns > now) return;
        var does = current.Stage switch { ClockStage.Acknowledge => "acknowledged", ClockStage.Advise => "advised on", _ => "acted on" };
        Role[] first = side == ForceId.Centre ? [Role.NmcAnalyst, Role.DutyManager] : [Role.SecurityOfficer];
        await AddAsync(session, clock, $"{key}/warn", side, $"An incident is to be {does}: a quarter of the time is left.", first, cancellationToken);
        if (due > now) return;
        await AddAsync(session, clock, $"{key}/breach", side, $"An incident was not {does} in time.", side == ForceId.Centre ? [Role.DutyManager] : [Role.SecurityOfficer, Role.Siro], cancellationToken);
        if (side != ForceId.Centre)
            await AddAsync(session, clock, $"{key}/breach", ForceId.Centre, "A force has not acted on an incident in time.", [Role.DutyManager], cancellationToken);
    }

    private async Task CallAsync(HouseSession session, IncidentClock clock, string key, ForceId side, ClockStage stage, ClockContact contact, CancellationToken cancellationToken)
    {
        if (!await SeesAsync(clock, side, cancellationToken)) return;
        await notices.AddAsync(session, new Notice(side, key, "clock", clock.Severity.ToString().ToLowerInvariant(),
            $"You are the {Place(contact.Order)} contact for an incident whose time to {stage.ToString().ToLowerInvariant()} runs out.", $"/incidents/{clock.Id}") { People = [contact.PersonId] }, cancellationToken);
    }

    private async Task AddAsync(HouseSession session, IncidentClock clock, string key, ForceId side, string words, IReadOnlyList<Role> roles, CancellationToken cancellationToken)
    {
        if (!await SeesAsync(clock, side, cancellationToken)) return;
        await notices.AddAsync(session, new Notice(side, key, "clock", clock.Severity.ToString().ToLowerInvariant(), words, $"/incidents/{clock.Id}") { Roles = roles }, cancellationToken);
    }

    /// <summary>Nobody is told of what they may not see: the Centre hears of a force's incident only while the force lets it.</summary>
    private async ValueTask<bool> SeesAsync(IncidentClock clock, ForceId side, CancellationToken cancellationToken) =>
        side == clock.ForceId || await delegations.IsInForceAsync(clock.ForceId, side, DelegationScope.Response, cancellationToken);

    private static string Place(int order) => order switch { 1 => "first", 2 => "second", 3 => "third", _ => $"{order}th" };

    private Task<HouseSession> OpenAsync(CancellationToken cancellationToken) => house.EnterAsync(Job, new Access(Permissions.IncidentsRead) { Logged = false }, cancellationToken);
}
