using Watchhouse.Platform.Acting;

namespace Watchhouse.Monitoring.Collect.Running;

/// <summary>Who a collector acts as: a client of its own force, which may deliver that force's events and nothing else.</summary>
internal static class CollectorPrincipal
{
    public static ActingPrincipal Of(Collector collector) => new()
    {
        Kind = PrincipalKind.Client,
        Subject = collector.Id.ToString(),
        Name = collector.Name,
        Home = collector.ForceId,
        Roles = [Role.Collector],
        StatedReason = "Collection that the force has set up.",
    };
}
