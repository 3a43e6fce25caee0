using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using Watchhouse.Federation.SignIn.Links;
using Watchhouse.Platform.Data;

namespace Watchhouse.Federation.Clients;

/// <summary>Removes what has run out: tokens that expired, links that nobody can use. Their use is in the audit trail.</summary>
internal sealed partial class TokenPruning(IServiceScopeFactory scopes, TimeProvider clock, ILogger<TokenPruning> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(6);
    private static readonly TimeSpan Keep = TimeSpan.FromDays(7);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await PruneAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Failed(log, e);
            }
        }
    }

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - Keep;
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(before, cancellationToken);
        await scope.ServiceProvider.GetRequiredService<CredentialDb>().Set<OneTimeLink>()
            .Where(l => l.ExpiresAt < before).ExecuteDeleteAsync(cancellationToken);
    }

    [LoggerMessage(3201, LogLevel.Warning, "Expired tokens could not be removed; it is tried again in six hours.")]
    private static partial void Failed(ILogger logger, Exception e);
}
