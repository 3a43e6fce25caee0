using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Contracts;

/// <summary>Whether one organisation lets another see its records now, for jobs and for what depends on who can see a record.</summary>
public interface IDelegationsInForce
{
    /// <summary>Whether a delegation is in force at this moment. Names nobody, so nothing is written to the audit trail.</summary>
    Task<bool> IsInForceAsync(ForceId from, ForceId to, DelegationScope scope, CancellationToken cancellationToken);
}
