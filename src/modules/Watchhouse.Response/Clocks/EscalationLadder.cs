namespace Watchhouse.Response.Clocks;

/// <summary>One rung of a ladder: whom it calls, and how long after the warning.</summary>
/// <param name="Order">From 1; unique in a ladder.</param>
/// <param name="AfterMinutes">Real minutes after a quarter of the time is left; 0 is at once.</param>
internal sealed record EscalationRung(int Order, int AfterMinutes);

/// <summary>A rung whose moment has come.</summary>
/// <param name="Key">The same for the same rung of the same time of the same clock, so that what is stored under it is stored once, whatever was restarted meanwhile.</param>
internal sealed record EscalationCall(string Key, ClockStage Stage, EscalationRung Rung);

/// <summary>Says which rungs are to be called. Nobody is called while the clock is paused, or for what is done. Pure.</summary>
internal static class EscalationLadder
{
    /// <summary>The rungs of the current time whose moment has come, those called already included, in their order.</summary>
    public static IReadOnlyList<EscalationCall> Due(Guid clock, ClockReading reading, IEnumerable<EscalationRung> rungs, DateTimeOffset now) =>
        reading is not { State: ClockState.Running, Current: { Amber: true, WarnsAt: { } warned } current } ? []
        : [.. rungs.Where(rung => warned.AddMinutes(rung.AfterMinutes) <= now).OrderBy(rung => rung.Order)
            .Select(rung => new EscalationCall($"{reading.KeyOf(clock, current.Stage)}/{rung.Order}", current.Stage, rung))];
}
