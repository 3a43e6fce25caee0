#pragma warning disable CA1822
using Microsoft.Extensions.Hosting;

namespace Watchhouse.Platform.Audit;

internal sealed class AuditIndexer : BackgroundService
{
    public Task CaughtUpOnce => Task.CompletedTask;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
}
