#pragma warning disable CA1822
namespace Watchhouse.Platform.Audit;

internal sealed class LedgerAuditTrail : IAuditTrail
{
    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task AppendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken) => Task.CompletedTask;
}
