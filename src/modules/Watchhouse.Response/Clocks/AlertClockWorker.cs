using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Watchhouse.Response.Clocks;

/// <summary>Looks at alerts whose time runs out, for as long as the program runs.</summary>
internal sealed partial class AlertClockWorker(AlertClockWork work, ILogger<AlertClockWorker> log) : BackgroundService
{
    // How often it looks goes by real time; what it looks for goes by the house's clock.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            do
            {
                try
                {
                    await work.LookAsync(stoppingToken);
                }
                catch (Exception e) when (e is not OutOfMemoryException && !stoppingToken.IsCancellationRequested)
                {
                    // The place stays where it was, so the next look takes what this one did not.
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

    [LoggerMessage(4523, LogLevel.Error, "Alerts whose time runs out could not be looked at; it is tried again in seconds.")]
    private static partial void Failed(ILogger logger, Exception exception);
}
