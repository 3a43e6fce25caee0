using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Watchhouse.Response.Correlation;

/// <summary>Compares alerts across forces for as long as the program runs.</summary>
internal sealed partial class CorrelationWorker(CorrelationWork work, TimeProvider clock, ILogger<CorrelationWorker> log) : BackgroundService
{
    // How often it looks goes by real time; what it looks for goes by the house's clock.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PruneEvery = TimeSpan.FromHours(6);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pruned = clock.GetUtcNow();
        using var timer = new PeriodicTimer(Every);
        try
        {
            do
            {
                try
                {
                    await work.PassAsync(stoppingToken);
                    if (clock.GetUtcNow() - pruned < PruneEvery) continue;
                    await work.PruneAsync(stoppingToken);
                    pruned = clock.GetUtcNow();
                }
                catch (Exception e) when (e is not OutOfMemoryException and not OperationCanceledException)
                {
                    Failed(log, e);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The program stops.
        }
    }

    [LoggerMessage(4551, LogLevel.Error, "Alerts could not be compared across forces; it is tried again in seconds, from the same place.")]
    private static partial void Failed(ILogger logger, Exception exception);
}
