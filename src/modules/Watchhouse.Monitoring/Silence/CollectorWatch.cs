using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Collect;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Silence;

/// <summary>Looks at collectors and at the keys of machine clients, and raises alerts for their forces.</summary>
internal sealed class CollectorWatch(IHouse house, ILapsingClients clients)
{
    private const int MostGaps = 1_000;
    private static readonly TimeSpan GapsLookedAt = TimeSpan.FromDays(30);
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("silence");
    private static readonly Access Writing = new(Permissions.TelemetryWrite) { Logged = false };

    /// <summary>One round. Returns the forces that have new alerts.</summary>
    public async Task<IReadOnlyCollection<ForceId>> LookAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Ends of the last days count too: a centre that was down when a key lapsed still tells of it.
        var lapsing = await clients.FindAsync(now - CollectorRules.Early, now + CollectorRules.Early, cancellationToken);
        await using var session = await house.EnterAsync(Job, Writing, cancellationToken);
        var found = new HashSet<ForceId>();
        foreach (var client in lapsing)
        {
            if (CollectorRules.Judge(client, now) is { } finding
                && await SilenceAlerts.RaiseAsync(session, client.Force, client.Name, client.Id, finding, cancellationToken)) found.Add(client.Force);
        }

        var collectors = await session.Db.Set<Collector>().AsNoTracking().Where(collector => collector.Enabled).ToListAsync(cancellationToken);
        var statuses = await session.Db.Set<CollectorStatus>().AsNoTracking().ToDictionaryAsync(status => status.Id, cancellationToken);
        var gaps = await GapsAsync(session, now, cancellationToken);
        foreach (var collector in collectors)
        {
            var status = statuses.GetValueOrDefault(collector.Id);
            var health = new CollectorHealth(
                collector.Name, collector.Credential == CredentialKind.Certificate, collector.CredentialExpiresAt, status?.Problem, status?.ProblemSince);
            var findings = CollectorRules.Judge(health, now)
                .Concat(gaps[collector.Id].GroupBy(gap => DateOnly.FromDateTime(gap.From.UtcDateTime)).Select(day => CollectorRules.Judge(collector.Name, day.Key, [.. day])));
            foreach (var finding in findings)
            {
                if (await SilenceAlerts.RaiseAsync(session, collector.ForceId, collector.Source, collector.Id.ToString(), finding, cancellationToken))
                    found.Add(collector.ForceId);
            }
        }

        if (found.Count == 0) return found;
        var done = await session.CommitAsync(cancellationToken);
        return done.Succeeded ? found : throw new InvalidOperationException(done.Failure.Message);
    }

    private static async Task<ILookup<Guid, CoverageGap>> GapsAsync(HouseSession session, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now - GapsLookedAt;
        var windows = await session.Db.Set<CoverageWindow>().AsNoTracking()
            .Where(window => window.State == WindowState.Gap && window.To >= since).OrderByDescending(window => window.From).Take(MostGaps)
            .Select(window => new { window.CollectorId, window.Stream, window.From, window.To, window.Reason }).ToListAsync(cancellationToken);
        return windows.ToLookup(window => window.CollectorId, window => new CoverageGap(window.Stream, window.From, window.To, window.Reason ?? "The reason is not known."));
    }
}
