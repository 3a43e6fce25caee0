namespace Watchhouse.Platform.Audit;

/// <summary>
/// The audit trail. An entry that this returns for is durable and covered by a signed checkpoint: a disclosure or
/// consultation is logged before its answer is given.
/// </summary>
public interface IAuditTrail
{
    Task AppendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken);
}
