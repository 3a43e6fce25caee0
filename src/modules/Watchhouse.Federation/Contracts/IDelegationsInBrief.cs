using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Contracts;

/// <summary>A delegation in force, as the overview lists it.</summary>
/// <param name="To">Who may see.</param>
/// <param name="Scope">For which purpose.</param>
/// <param name="Until">When it lapses.</param>
public sealed record DelegationInBrief(ForceId To, DelegationScope Scope, DateTimeOffset Until);

/// <summary>What the principal's own organisation lets others see.</summary>
public interface IDelegationsInBrief
{
    /// <summary>Those in force now, the first to lapse first; null when the principal's role does not include it.</summary>
    Task<IReadOnlyList<DelegationInBrief>?> GrantedAsync(ActingPrincipal principal, CancellationToken cancellationToken);
}
