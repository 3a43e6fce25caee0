using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Modules;

/// <summary>
/// Opens the house: brings the database to this version and opens the ledger, before anything listens. Damage in either
/// stops here, with what to do.
/// </summary>
public sealed class HouseStart
{
    private readonly IServiceProvider _services;

    public HouseStart(IServiceProvider services) => _services = services;

    /// <summary>Brings the database alone to this version: for commands that work on the records while the house may be open.</summary>
    public async Task PrepareStorageAsync(CancellationToken cancellationToken)
    {
        await using var scope = _services.CreateAsyncScope();
        var storage = scope.ServiceProvider.GetRequiredService<IHouseStorage>();
        await using var house = scope.ServiceProvider.GetRequiredService<HouseDbFactory>().Open(Sight.All);
        await storage.PrepareAsync(house, scope.ServiceProvider.GetRequiredService<CredentialDb>(), cancellationToken);
    }

    /// <param name="nationalData">The directory <c>national/</c>: the nation as data.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public async Task OpenAsync(string nationalData, CancellationToken cancellationToken)
    {
        await PrepareStorageAsync(cancellationToken);
        await _services.GetRequiredService<LedgerAuditTrail>().OpenAsync(cancellationToken);
        foreach (var module in _services.GetRequiredService<ModuleSet>().All)
            await module.OpenAsync(_services, nationalData, cancellationToken);
    }
}
