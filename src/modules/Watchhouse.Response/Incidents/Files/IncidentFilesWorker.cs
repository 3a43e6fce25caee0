using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Watchhouse.Response.Incidents.Files;

/// <summary>Removes what uploads that broke off have left, once in a while.</summary>
internal sealed partial class IncidentFilesWorker(IncidentFiles files, TimeProvider clock, ILogger<IncidentFilesWorker> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(6);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await files.PruneAsync(stoppingToken);
                }
                catch (Exception e) when (e is not OutOfMemoryException and not OperationCanceledException)
                {
                    Failed(log, e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The program stops.
        }
    }

    [LoggerMessage(4541, LogLevel.Error, "What broken uploads left could not be removed; it is tried again in hours.")]
    private static partial void Failed(ILogger logger, Exception exception);
}
