using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Watchhouse.Response.Playbooks;

/// <summary>Sends what was approved and looks for proof, for as long as the program runs.</summary>
internal sealed partial class EstateWorker(EstateWork work, RunSignal signal, TimeProvider clock, ILogger<EstateWorker> log) : BackgroundService
{
    private const int MostAtOnce = 8;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RoundAsync(stoppingToken);
                await signal.WaitAsync(Every, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Failed(log, e);
                await PauseAsync(stoppingToken);
            }
        }
    }

    private async Task RoundAsync(CancellationToken stoppingToken)
    {
        var due = await work.DueAsync(MostAtOnce * 4, stoppingToken);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = stoppingToken }, async (id, stop) =>
        {
            try
            {
                await work.StepAsync(id, stop);
            }
            catch (Exception e) when (e is not OutOfMemoryException and not OperationCanceledException)
            {
                // One request that cannot be dealt with keeps no other waiting; its lease brings it back.
                OneFailed(log, id, e);
            }
        });
    }

    private async Task PauseAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(10), clock, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The program stops.
        }
    }

    [LoggerMessage(4511, LogLevel.Error, "Requests for actions could not be looked through; it is tried again in seconds.")]
    private static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(4512, LogLevel.Error, "The request {Request} could not be taken on; it is tried again.")]
    private static partial void OneFailed(ILogger logger, Guid request, Exception exception);
}
