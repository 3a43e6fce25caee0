using Watchhouse.Platform.Acting;

namespace Watchhouse.Platform.Operations;

/// <summary>
/// The gate: the only way to the house's records. It checks the permission, limits the session to the forces that the
/// principal may see for that purpose, demands a reason where the controller does, and writes the audit trail.
/// </summary>
public interface IHouse
{
    /// <exception cref="AccessRefusedException">The principal may not; the failure says how to answer.</exception>
    Task<HouseSession> EnterAsync(ActingPrincipal principal, Access access, CancellationToken cancellationToken);
}
