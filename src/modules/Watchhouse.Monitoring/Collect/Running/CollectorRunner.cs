using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Monitoring.Collect.EventHubs;
using Watchhouse.Monitoring.Collect.Http;
using Watchhouse.Monitoring.Collect.Pulling;
using Watchhouse.Monitoring.Ingest;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Monitoring.Collect.Running;

/// <summary>How a run ended.</summary>
/// <param name="Problem">What it met; null when nothing.</param>
/// <param name="NextAt">When the next one must not be before; null leaves it to the schedule.</param>
/// <param name="More">Whether there is more to be done at once.</param>
internal sealed record RunEnd(string? Problem, DateTimeOffset? NextAt, bool More);

/// <summary>
/// Runs a collector once. All that it knows is stored, so that any run, of any process, goes on where the last one stopped.
/// </summary>
internal sealed class CollectorRunner(
    IHouse house, IEventIntake intake, CredentialVault vault, ApiHttp web, TokenCache cache, IMessageSourceFactory hubs, IngestLimits limits,
    IOptions<CollectOptions> options, TimeProvider clock)
{
    // After so many windows in a row the fault is not theirs.
    private const int MostFailures = 3;
    private static readonly TimeSpan AccessPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(4);
    private static readonly TimeSpan KeepEvery = TimeSpan.FromHours(6);

    private readonly ConcurrentDictionary<Guid, SemaphoreSlim> _gates = new();
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _kept = new();

    /// <summary>Runs it, and writes down how it fared.</summary>
    public async Task<RunEnd> RunAsync(Collector collector, CancellationToken stop)
    {
        var principal = CollectorPrincipal.Of(collector);
        RunEnd end;
        try
        {
            end = await CollectAsync(collector, principal, stop);
        }
        catch (ApiException e)
        {
            end = new RunEnd(e.Message, e.RetryAt ?? (e.Fault == ApiFault.Access ? clock.GetUtcNow() + AccessPause : null), false);
        }
        catch (SinkBusyException e)
        {
            end = new RunEnd(e.Message, clock.GetUtcNow() + e.RetryAfter, false);
        }
        catch (CollectorGoneException)
        {
            return new RunEnd(null, null, false);
        }

        await FinishAsync(collector, principal, end, stop);
        return end;
    }

    private async Task<RunEnd> CollectAsync(Collector collector, ActingPrincipal principal, CancellationToken stop)
    {
        using var credential = vault.Open(CollectPurpose.Collection, collector.ForceId, collector.Kept());
        var ledger = new CoverageLedger(house, principal, collector, clock);
        var sink = new EventSink(intake, principal, collector, limits);
        if (collector.Kind == CollectorKind.EventHub)
        {
            await ledger.StreamsAsync(stop);
            using var messages = hubs.Open(collector, credential, Tokens(collector, credential, $"https://{collector.Address}/.default"));
            return await new EventHubRun(messages, new HubLedger(house, principal, collector, clock), sink, clock).RunAsync(stop);
        }

        return await PullAsync(collector, Source(collector, credential), ledger, sink, principal, stop);
    }

    private async Task<RunEnd> PullAsync(
        Collector collector, IPullSource source, CoverageLedger ledger, EventSink sink, ActingPrincipal principal, CancellationToken stop)
    {
        var settings = options.Value;
        var streams = await ledger.StreamsAsync(stop);
        await ledger.PlanAsync(source.Rules, settings.Backfill, stop);
        var wanted = collector.Streams.ToDictionary(name => name, name => streams[name].StartedAt, StringComparer.Ordinal);
        var subscriptions = await source.PrepareAsync(wanted, stop);
        await ledger.SubscriptionsAsync(subscriptions, stop);

        // A stream that is refused keeps no other from going on.
        var refused = subscriptions.Where(s => s.Problem is not null).Select(s => s.Stream).ToHashSet(StringComparer.Ordinal);
        var due = await ledger.DueAsync(settings.MaxWindows, stop);
        // Windows that are listed again hold little that is new: several go in one request.
        var together = await TogetherAsync(source, [.. due.Where(w => w is { Pass: > 0, Cursor: null, Attempts: 0 })], stop);
        var run = new WindowRun(source, ledger, sink, settings, clock);
        var problem = subscriptions.Select(s => s.Problem).FirstOrDefault(p => p is not null);
        var (failed, inARow) = (0, 0);
        foreach (var window in due)
        {
            if (refused.Contains(window.Stream)) continue;
            try
            {
                await run.RunAsync(window, together.GetValueOrDefault(window.Id), stop);
                inARow = 0;
            }
            catch (ApiException e) when (e.IsOfOneStream && collector.Streams.Count > 1)
            {
                refused.Add(window.Stream);
                await ledger.PutOffAsync(window.Stream, e.Message, AccessPause, stop);
                problem ??= $"{window.Stream}: {e.Message}";
            }
            catch (ApiException e) when (e.Fault is not (ApiFault.Access or ApiFault.Throttled))
            {
                // A page that the server knows no more is no reason to lose the window: it is listed from its beginning.
                await ledger.FailedAsync(window.Id, e.Message, fromTheBeginning: e.Fault != ApiFault.Transient || window.Attempts % 3 == 2, Jitter(), stop);
                problem ??= e.Message;
                failed++;
                if (++inARow >= MostFailures) break;
            }
        }

        await KeepAsync(collector, principal, stop);
        return problem is null
            ? new RunEnd(null, null, due.Count == settings.MaxWindows)
            : new RunEnd(failed <= 1 ? problem : $"{problem} That holds up {failed} stretches of time or more.", null, false);
    }

    private static async Task<IReadOnlyDictionary<Guid, ListedPage>> TogetherAsync(IPullSource source, IReadOnlyList<CoverageWindow> windows, CancellationToken stop)
    {
        try
        {
            // Bounded: the answers lie in memory until their turn comes.
            return await source.ListTogetherAsync([.. windows.Take(16)], stop);
        }
        catch (ApiException e) when (e.Fault is not (ApiFault.Access or ApiFault.Throttled))
        {
            return new Dictionary<Guid, ListedPage>();
        }
    }

    private async Task KeepAsync(Collector collector, ActingPrincipal principal, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        if (_kept.TryGetValue(collector.Id, out var last) && now - last < KeepEvery) return;
        await CoverageKeeper.KeepAsync(house, principal, collector.Id, options.Value.KeepWindows, now, stop);
        _kept[collector.Id] = now;
    }

    private async Task FinishAsync(Collector collector, ActingPrincipal principal, RunEnd end, CancellationToken stop)
    {
        await using var session = await house.EnterAsync(principal, new Access(Permissions.TelemetryWrite) { Logged = false }, stop);
        if (await session.Db.Set<CollectorStatus>().SingleOrDefaultAsync(s => s.Id == collector.Id, stop) is not { } status) return;
        var now = clock.GetUtcNow();
        status.LastRunAt = now;
        var every = TimeSpan.FromSeconds(collector.EverySeconds);
        if (end.Problem is null)
        {
            (status.Problem, status.ProblemSince, status.Failures, status.LastSuccessAt) = (null, null, 0, now);
            status.NextRunAt = end.More ? now : now + every;
        }
        else
        {
            status.Problem = CollectModel.Cut(end.Problem);
            status.ProblemSince ??= now;
            status.Failures++;
            var pause = every * Math.Pow(2, Math.Min(status.Failures - 1, 12));
            status.NextRunAt = end.NextAt ?? now + ((pause < LongestPause ? pause : LongestPause) * (0.75 + (Jitter() / 2)));
        }

        await session.CommitAsync(stop);
    }

    private IPullSource Source(Collector collector, OpenCredential credential)
    {
        var settings = options.Value;
        ApiClient Client(string name, ApiAddress address, string permission) => new(
            web.Client, new ApiTarget(name, address, permission), Tokens(collector, credential, $"{address.Root.GetLeftPart(UriPartial.Authority)}/.default"),
            _gates.GetOrAdd(collector.TenantId, _ => new SemaphoreSlim(settings.PerTenant)), settings, clock);
        return collector.Kind switch
        {
            CollectorKind.Office365 => new Office365Source(
                Client("The Office 365 Management Activity API", Office365Source.Address(settings, collector.TenantId), "ActivityFeed.Read (for DLP.All ActivityFeed.ReadDlp)"), collector.TenantId),
            CollectorKind.SignIns => new GraphSource(Client("Microsoft Graph", ApiAddress.Of(settings.Graph), "AuditLog.Read.All"), GraphList.SignIns),
            CollectorKind.DirectoryAudits => new GraphSource(Client("Microsoft Graph", ApiAddress.Of(settings.Graph), "AuditLog.Read.All"), GraphList.DirectoryAudits),
            CollectorKind.DefenderAlerts => new GraphSource(Client("Microsoft Graph", ApiAddress.Of(settings.Graph), "SecurityAlert.Read.All"), GraphList.Alerts),
            CollectorKind.AzureActivity => new AzureActivitySource(
                Client("Azure Resource Manager", ApiAddress.Of(settings.Azure), "Monitoring Reader on the subscription")),
            _ => throw new InvalidOperationException($"Nothing pulls {collector.Kind}."),
        };
    }

    private EntraTokens Tokens(Collector collector, OpenCredential credential, string scope) =>
        new(web.Client, cache, new ApiApplication(collector.Id, collector.Version, collector.TenantId, collector.ClientId), credential, scope,
            options.Value.TokenSettings, CollectPurpose.Collection, clock);

    // No secret depends on it.
#pragma warning disable CA5394
    private static double Jitter() => Random.Shared.NextDouble();
#pragma warning restore CA5394
}
