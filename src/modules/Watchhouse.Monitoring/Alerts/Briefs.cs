using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Alerts.Measures;
using Watchhouse.Monitoring.Alerts.Triage;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Monitoring.Sources;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>What other modules show of monitoring at a glance.</summary>
internal static class BriefsSetup
{
    public static void AddBriefs(this IServiceCollection services)
    {
        services.AddSingleton<IAlertsInBrief, AlertsInBrief>();
        services.AddSingleton<ISilentSources, SilentSources>();
        services.AddSingleton<IMeasuresInBrief, MeasuresInBrief>();
    }
}

internal sealed class AlertsInBrief(IHouse house) : IAlertsInBrief
{
    private static readonly List<string> Pressing = ["critical", "high"];

    public async Task<OpenAlertCounts> CountAsync(ActingPrincipal actor, ForceId? force, string? reason, bool again, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.AlertsRead) { Force = force, Reason = reason, Logged = !again }, cancellationToken);
        // The condition is that of the partial index: only what is not closed is read, and of that nothing but the index.
        var counts = await session.Db.Set<Alert>().AsNoTracking().Where(alert => alert.Status != TriageStates.Closed)
            .GroupBy(alert => new { alert.ForceId, alert.Level }).Select(group => new { group.Key.ForceId, group.Key.Level, Count = group.Count() }).ToListAsync(cancellationToken);
        return new([.. counts.Select(each => new OpenAlertCount(each.ForceId, each.Level, each.Count))], session.Withheld);
    }

    public async Task<IReadOnlyList<AlertBrief>> OldestNewAsync(ActingPrincipal actor, ForceId? force, int most, string? reason, bool again, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.AlertsRead) { Force = force, Reason = reason, Logged = !again }, cancellationToken);
        var found = await session.Db.Set<Alert>().AsNoTracking().Where(alert => alert.Status == TriageStates.New && Pressing.Contains(alert.Level))
            .OrderBy(alert => alert.RaisedAt).ThenBy(alert => alert.Id).Take(most).ToListAsync(cancellationToken);
        return [.. found.Select(AlertReader.Brief)];
    }
}

internal sealed class SilentSources(IHouse house) : ISilentSources
{
    public async Task<IReadOnlyList<SilentSource>> ListAsync(ActingPrincipal actor, ForceId? force, int most, string? reason, bool again, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.SourcesRead) { Force = force, Reason = reason, Logged = !again }, cancellationToken);
        var since = session.Now - SourceState.Silence;
        return await session.Db.Set<IngestSource>().AsNoTracking().Where(source => source.LastReceivedAt == null || source.LastReceivedAt < since)
            .OrderByDescending(source => source.LastReceivedAt != null).ThenByDescending(source => source.LastReceivedAt).ThenBy(source => source.ForceId).Take(most)
            .Select(source => new SilentSource(source.ForceId, source.Name, source.LastReceivedAt)).ToListAsync(cancellationToken);
    }
}

internal sealed class MeasuresInBrief(MeasureQueries queries) : IMeasuresInBrief
{
    private const int Days = 30;

    public async Task<IReadOnlyList<MeasureBrief>> OfAsync(ActingPrincipal actor, ForceId force, string? reason, CancellationToken cancellationToken)
    {
        var read = await queries.ReadAsync(actor, force, Days, reason, cancellationToken);
        if (!read.Succeeded) return [];
        var (own, nation) = (read.Value.Forces.FirstOrDefault(each => each.Force == force), read.Value.National);
        return
        [
            new("Time to acknowledge", MeasureWords.Duration(own?.Acknowledge.Median), Words(nation?.Acknowledge)),
            new("Time to triage", MeasureWords.Duration(own?.Triage.Median), Words(nation?.Triage)),
            new("Time to contain", MeasureWords.Duration(own?.Contain.Median), Words(nation?.Contain)),
            new("False of closed", MeasureWords.Share(own?.FalseShare), nation?.FalseShare is { } share ? MeasureWords.Share(share) : null),
        ];
    }

    private static string? Words(long? seconds) => seconds is null ? null : MeasureWords.Duration(seconds);
}
