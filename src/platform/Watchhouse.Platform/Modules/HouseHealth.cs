using Microsoft.Extensions.Diagnostics.HealthChecks;
using Watchhouse.Ledger;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Modules;

/// <summary>
/// Ready means that records can be read and the audit trail is open: without either, no request could be answered.
/// The reason stays in the log; a load balancer gets one word.
/// </summary>
internal sealed class HouseHealth(HouseDbFactory databases, LedgerAuditTrail audit) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await using var db = databases.Open(Sight.Nothing);
        if (!await db.Database.CanConnectAsync(cancellationToken))
            return HealthCheckResult.Unhealthy("The database does not answer.");
        try
        {
            return HealthCheckResult.Healthy($"Ledger of {audit.Latest.Checkpoint.TreeSize} entries.");
        }
        catch (Exception e) when (e is InvalidOperationException or LedgerWriteException)
        {
            return HealthCheckResult.Unhealthy("The audit ledger is not open.", e);
        }
    }
}
