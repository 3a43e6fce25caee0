using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Collect;
using Watchhouse.Monitoring.Collect.Running;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Contracts;

/// <summary>How the run of a collector ended.</summary>
/// <param name="Force">Whose collector.</param>
/// <param name="Kind">What it collects.</param>
/// <param name="Name">Its name.</param>
/// <param name="Problem">What it met; null when all went well.</param>
public sealed record CollectionRun(ForceId Force, string Kind, string Name, string? Problem);

/// <summary>Collection by hand.</summary>
public interface ICollectorRuns
{
    /// <summary>Runs collectors once each, and ends when they have.</summary>
    /// <param name="all">Every one that is switched on; otherwise those whose time has come.</param>
    /// <param name="cancellationToken">Stops it; what is done stays done.</param>
    Task<IReadOnlyList<CollectionRun>> RunDueAsync(bool all, CancellationToken cancellationToken);
}

/// <summary>Services of a house that collects only when it is told to.</summary>
public static class CollectionByHand
{
    /// <summary>Switches the schedule off.</summary>
    public static void Configure(IServiceCollection services) => services.PostConfigure<CollectOptions>(static options => options.Scheduled = false);
}

internal sealed class CollectionOnce(CollectorScheduler scheduler) : ICollectorRuns
{
    public async Task<IReadOnlyList<CollectionRun>> RunDueAsync(bool all, CancellationToken cancellationToken) =>
        [.. (await scheduler.RunDueAsync(all, cancellationToken)).Select(run =>
            new CollectionRun(run.Collector.ForceId, run.Collector.Kind.ToString(), run.Collector.Name, run.End.Problem))];
}
