using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Incidents;
using Watchhouse.Response.Notices;

namespace Watchhouse.Response.Clocks;

/// <summary>
/// Tells people of alerts that stand in no incident and whose time runs out: the Centre's, and where a force lets the Centre see no alerts, the
/// force's. Each look takes the alerts whose moment fell between the last look and now; the moment of the look is stored with what
/// was told, so a restart tells nothing twice and leaves nothing out.
/// </summary>
internal sealed class AlertClockWork(IHouse house, IAlertFeed feed, ClockPolicyBook book, INotices notices, IDelegationsInForce delegations)
{
    /// <summary>So many are told of singly; more at once are one message, as an alarm of a hundred messages is none.</summary>
    public const int MostSingly = 3;
    private const string PlaceId = "alerts";
    private const int MostOfOneMoment = 500;
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("clocks");

    /// <summary>Looks once. Returns of how many alerts somebody was told.</summary>
    public async Task<int> LookAsync(CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, new Access(Permissions.IncidentsRead) { Logged = false }, cancellationToken);
        var now = session.Now;
        var place = await session.Db.Set<AlertClockPlace>().FirstOrDefaultAsync(each => each.Id == PlaceId, cancellationToken);
        if (place is null)
        {
            // Of what was raised before there was anybody to tell, nobody is told.
            session.Db.Add(new AlertClockPlace { Id = PlaceId, LookedAt = now });
            await session.CommitAsync(cancellationToken);
            return 0;
        }

        if (place.LookedAt >= now) return 0;
        var from = place.LookedAt;
        var contacts = (await session.Db.Set<ClockContact>().AsNoTracking().OrderBy(each => each.Order).ToListAsync(cancellationToken)).ToLookup(each => each.ForceId);
        var minutes = contacts.SelectMany(each => each).Select(each => each.AfterMinutes).Distinct().Order().ToList();
        var told = 0;
        foreach (var moment in AlertMoment.All(severity => book.Policies.For(ForceId.Centre, severity).Targets, minutes))
        {
            var alerts = await feed.WaitingAsync(moment.Status, moment.Level, from - moment.After, now - moment.After, MostOfOneMoment, cancellationToken);
            if (alerts.Count > 0) told += await TellAsync(session, moment, alerts, contacts, from, cancellationToken);
        }

        place.LookedAt = now;
        return (await session.CommitAsync(cancellationToken)).Succeeded ? told : 0;
    }

    private async Task<int> TellAsync(HouseSession session, AlertMoment moment, IReadOnlyList<AlertBrief> alerts, ILookup<ForceId, ClockContact> contacts, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var ids = alerts.Select(each => each.Id).ToList();
        // What stands in an incident is measured, and called for, by the incident's clock.
        var inIncidents = (await session.Db.Set<IncidentAlert>().Where(each => ids.Contains(each.AlertId)).Select(each => each.AlertId).ToListAsync(cancellationToken)).ToHashSet();
        var bySide = new Dictionary<ForceId, List<Guid>>();
        foreach (var alert in alerts.Where(each => !inIncidents.Contains(each.Id)))
        {
            var side = await delegations.IsInForceAsync(alert.Force, ForceId.Centre, DelegationScope.Monitoring, cancellationToken) ? ForceId.Centre : alert.Force;
            if (!bySide.TryGetValue(side, out var its)) bySide.Add(side, its = []);
            its.Add(alert.Id);
        }

        var told = 0;
        foreach (var (side, its) in bySide)
        {
            List<Guid> people = moment.Kind == AlertMomentKind.Call ? [.. contacts[side].Where(each => each.AfterMinutes == moment.Minutes).Select(each => each.PersonId)] : [];
            if (moment.Kind == AlertMomentKind.Call && people.Count == 0) continue;
            told += its.Count;
            if (its.Count <= MostSingly)
            {
                foreach (var id in its) await AddAsync(session, moment, side, people, $"clock/alert/{id}/{moment.Name}", $"/alerts/{id}", cancellationToken);
            }
            else
            {
                await AddAsync(session, moment, side, people, $"clock/alerts/{moment.Level}/{moment.Name}/{from.UtcTicks}", "/alerts", cancellationToken);
            }
        }

        return told;
    }

    private Task AddAsync(HouseSession session, AlertMoment moment, ForceId side, List<Guid> people, string key, string link, CancellationToken cancellationToken)
    {
        var isCentre = side == ForceId.Centre;
        IReadOnlyList<Role> roles = moment.Kind switch
        {
            AlertMomentKind.Call => [],
            AlertMomentKind.Warning => isCentre ? [Role.NmcAnalyst, Role.DutyManager] : [Role.SecurityOfficer],
            _ => isCentre ? [Role.DutyManager] : [Role.SecurityOfficer],
        };
        return notices.AddAsync(session, new Notice(side, key, "clock", moment.Level, moment.Words, link) { Roles = roles, People = people }, cancellationToken);
    }
}
