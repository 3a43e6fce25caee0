using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>
/// Tells open screens of this node that alerts were raised, and of which forces; nothing else, so each screen asks for itself
/// and within its own rights. Another node's screens find them when they look by the clock.
/// </summary>
internal sealed class AlertSignal
{
    public event Action<IReadOnlySet<ForceId>>? Raised;

    public void Raise(IEnumerable<string> forces) => Raised?.Invoke(forces.Select(ForceId.Of).ToHashSet());
}
