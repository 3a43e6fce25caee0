namespace Watchhouse.Normalisation;

/// <summary>What is known of an event besides itself.</summary>
/// <param name="Force">The tag of the force whose event it is: part of its identity.</param>
/// <param name="Source">The source that it came from: part of its identity.</param>
/// <param name="Received">When it was received.</param>
/// <param name="Kind">
/// The kind that the collector declares, such as the name of a table; null where it declares none. A kind that is known decides the
/// table; one that is not known is passed over.
/// </param>
public readonly record struct EventContext(string Force, string Source, DateTimeOffset Received, string? Kind = null);

/// <summary>How the normaliser judges times.</summary>
public sealed record NormaliserOptions
{
    /// <summary>How far an event's time may lie after the time at which it was received before its clock counts as ahead.</summary>
    public TimeSpan ClockTolerance { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long after its time an event may be received before it counts as late.</summary>
    public TimeSpan LateAfter { get; init; } = TimeSpan.FromHours(1);
}
