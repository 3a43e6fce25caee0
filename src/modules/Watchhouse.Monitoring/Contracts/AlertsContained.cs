using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Contracts;

/// <summary>What alerts of a force told of does no more harm: published when the incident that they stand in is contained.</summary>
/// <param name="Force">Whose alerts.</param>
/// <param name="Alerts">Their ids; what of them is no alert of that force is passed over.</param>
/// <param name="At">When it was contained.</param>
public sealed record AlertsContained(ForceId Force, IReadOnlyList<Guid> Alerts, DateTimeOffset At);
