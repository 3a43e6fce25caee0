using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Watchhouse.Response.Notices.Settings;

namespace Watchhouse.Response.Notices.Sending;

/// <summary>Spreads notices and sends messages for as long as the program runs. Each channel goes at its own pace: one that is down or slow holds up no other.</summary>
internal sealed partial class NoticesWorker(NoticeFanOut fanOut, DeliveryWork work, PreferencePruning pruning, ILogger<NoticesWorker> log) : BackgroundService
{
    private const int MostAtOnce = 4;
    // How often it looks goes by real time; what it looks for goes by the house's clock.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(10);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        [LoopAsync(fanOut.RoundAsync, Every, stoppingToken), LoopAsync(pruning.RoundAsync, TimeSpan.FromHours(1), stoppingToken), .. Enum.GetValues<NoticeChannel>().Select(channel => LoopAsync(stop => RoundAsync(channel, stop), Every, stoppingToken))]);

    private async Task LoopAsync(Func<CancellationToken, Task<int>> round, TimeSpan idle, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await round(stoppingToken) == 0) await Task.Delay(idle, stoppingToken);
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

    private async Task<int> RoundAsync(NoticeChannel channel, CancellationToken stoppingToken)
    {
        var due = await work.DueAsync(channel, MostAtOnce * 4, stoppingToken);
        var done = 0;
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = stoppingToken }, async (id, stop) =>
        {
            try
            {
                if (await work.StepAsync(id, stop)) Interlocked.Increment(ref done);
            }
            catch (Exception e) when (e is not OutOfMemoryException and not OperationCanceledException)
            {
                // One message that cannot be dealt with keeps no other waiting; its lease brings it back.
                OneFailed(log, id, e);
            }
        });
        return done;
    }

    private static async Task PauseAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(AfterFailure, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The program stops.
        }
    }

    [LoggerMessage(4531, LogLevel.Error, "Notices could not be looked through; it is tried again in seconds.")]
    private static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(4532, LogLevel.Error, "The message {Delivery} could not be taken on; it is tried again.")]
    private static partial void OneFailed(ILogger logger, Guid delivery, Exception exception);
}
