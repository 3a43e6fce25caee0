using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Federation.Organisations;

/// <summary>Carries recorded successions out on their day, and after a crash in the middle of one.</summary>
internal sealed partial class SuccessionJob(
    IHouse house, SuccessionApplication application, TimeProvider clock, ILogger<SuccessionJob> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(10), clock);
        do
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Failed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        List<Guid> due;
        await using (var session = await house.EnterAsync(
            ActingPrincipal.ForJob("succession"), new Access(Permissions.OrganisationsRead), cancellationToken))
            due = await session.Db.Set<Succession>().Where(s => s.AppliedAt == null && s.EffectiveOn <= today)
                .OrderBy(s => s.EffectiveOn).Select(s => s.Id).ToListAsync(cancellationToken);
        foreach (var id in due) await application.ApplyAsync(id, null, cancellationToken);
    }

    [LoggerMessage(2101, LogLevel.Error, "A recorded succession could not be carried out; it is tried again in ten minutes.")]
    private static partial void Failed(ILogger logger, Exception exception);
}
