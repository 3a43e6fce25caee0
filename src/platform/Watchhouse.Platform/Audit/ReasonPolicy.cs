using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Audit;

/// <summary>
/// Which controllers demand a reason for which operation. DPA 2018 s.62 asked for a justification of consultation and
/// disclosure; the Data (Use and Access) Act 2025 s.82 drops it once in force. So each controller decides.
/// </summary>
internal sealed class ReasonPolicy(HouseDbFactory databases)
{
    public async Task<List<ForceId>> DemandingAsync(
        IReadOnlyCollection<ForceId> forces, AuditOperation operation, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(Sight.Of(DelegationScope.Audit, forces));
        return await db.Set<AuditSetting>()
            .Where(s => s.Operation == operation && s.ReasonRequired)
            .Select(s => s.ForceId)
            .ToListAsync(cancellationToken);
    }
}
