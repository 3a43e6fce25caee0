using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Watchhouse.Response.Clocks;

/// <summary>Looks at the clocks that are due, for as long as the program runs.</summary>
internal sealed partial class ClockWorker(ClockWork work, ILogger<ClockWorker> log) : BackgroundService
{
    private const int MostAtOnce = 100;
    // How often it looks goes by real time; what it looks for goes by the house's clock.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Leaves the caller, so that the start goes on.
        await Task.Yield();
        for (var isFirst = true; !stoppingToken.IsCancellationRequested; isFirst = false)
        {
            try
            {
                if (isFirst) await work.RefreshAsync(stoppingToken);
                await RoundAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OutOfMemoryException && !stoppingToken.IsCancellationRequested)
            {
                Failed(log, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                await Task.Delay(Every, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task RoundAsync(CancellationToken stoppingToken)
    {
        foreach (var id in await work.DueAsync(MostAtOnce, stoppingToken))
        {
            try
            {
                await work.StepAsync(id, stoppingToken);
            }
            catch (Exception e) when (e is not OutOfMemoryException and not OperationCanceledException)
            {
                // One clock that cannot be dealt with keeps no other waiting; it stays due.
                OneFailed(log, id, e);
            }
        }
    }

    [LoggerMessage(4521, LogLevel.Error, "The clocks could not be looked through; it is tried again in seconds.")]
    private static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(4522, LogLevel.Error, "The clock of incident {Incident} could not be looked at; it is tried again.")]
    private static partial void OneFailed(ILogger logger, Guid incident, Exception exception);
}
