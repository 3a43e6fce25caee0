using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Overview;
using Watchhouse.Response.Clocks;

namespace Watchhouse.Response.Wall;

/// <summary>
/// What waits for the reader's own organisation: of the Centre, alerts that nobody has taken on and incidents that it is to acknowledge or advise on; of
/// a force, decisions on its estate, incidents that it is to act on, and bulletins that it has not answered.
/// </summary>
internal sealed class WallMatters(WallQueries queries, IClockReader clocks, IAlertsInBrief alerts, IAlertTimes times) : IAttentionSource
{
    public async Task<IReadOnlyList<AttentionItem>> ReadAsync(ActingPrincipal principal, int most, CancellationToken cancellationToken)
    {
        var (home, found) = (principal.Home, new List<AttentionItem>());
        if (principal.IsCentre)
        {
            await PartAsync(Permissions.AlertsTriage, async () => (await alerts.OldestNewAsync(principal, null, most, null, true, cancellationToken))
                .Select(alert => new AttentionItem(alert.Force, alert.Title, $"/alerts/{alert.Id}", times.Of(alert.Force, alert.Level, "new", alert.RaisedAt)?.Until, "Alert that nobody has taken on")));
        }
        else
        {
            await PartAsync(Permissions.ActionsApprove, async () => (await queries.ApprovalsAsync(principal, home, most, null, true, cancellationToken)).Items
                .Select(approval => new AttentionItem(home, $"Decide: {approval.Kind}, {approval.Target}", $"/approvals/{approval.Id}", approval.ExpiresAt, "Approval")));
            await PartAsync(Permissions.BulletinsAnswer, async () => (await queries.OwnBulletinsAsync(principal, most, null, true, cancellationToken)).Items
                .Select(bulletin => new AttentionItem(home, $"Answer: {bulletin.Title}", $"/bulletins/{bulletin.Id}", bulletin.AnswerBy, "Bulletin")));
        }

        var side = principal.IsCentre ? "Centre" : "Force";
        await PartAsync(Permissions.IncidentsWork, async () => (await clocks.OpenAsync(principal, principal.IsCentre ? null : home, null, true, ClockQueries.MostTaken, cancellationToken))
            .Where(clock => clock.Side == side && clock.Due is not null).Take(most)
            .Select(clock => new AttentionItem(clock.Force, $"{clock.Stage}: {clock.Title}", $"/incidents/{clock.Incident}", clock.Due, $"Incident {clock.Reference}")));
        return found;

        async Task PartAsync(Permission permission, Func<Task<IEnumerable<AttentionItem>>> read)
        {
            if (!principal.Holds(permission)) return;
            try
            {
                found.AddRange(await read());
            }
            catch (AccessRefusedException)
            {
                // Nothing of it is in sight, so nothing of it waits.
            }
        }
    }
}
