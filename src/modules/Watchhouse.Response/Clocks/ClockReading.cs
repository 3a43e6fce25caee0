namespace Watchhouse.Response.Clocks;

/// <summary>What happens to a clock. The order is that in which things of one moment count.</summary>
internal enum ClockEventKind
{
    Started = 1,
    Acknowledged = 2,
    Advised = 3,
    Acted = 4,
    Paused = 5,
    Resumed = 6,
    Stopped = 7,
}

/// <param name="Reason">Why, for a pause or a stop; empty for others.</param>
internal sealed record ClockEvent(DateTimeOffset At, ClockEventKind Kind, string Reason = "");

internal enum ClockState
{
    NotStarted,
    Running,
    Paused,

    /// <summary>The force has acted.</summary>
    Done,

    /// <summary>It was found that nothing is to be measured.</summary>
    Stopped,
}

/// <summary>One time that is kept or not.</summary>
/// <param name="Used">Working time that counted until it was done, or until now.</param>
/// <param name="WarnsAt">When a quarter of the time is left; null where it was done, or stands, before that.</param>
/// <param name="Due">When it is or was broken; null where it was done, or stands, before that.</param>
/// <param name="DoneAt">When it was done; null where it was not.</param>
internal sealed record StageReading(ClockStage Stage, TimeSpan Target, TimeSpan Used, DateTimeOffset? WarnsAt, DateTimeOffset? Due, DateTimeOffset? DoneAt)
{
    /// <summary>Working time that is left; less than none when it is broken.</summary>
    public TimeSpan Remaining => Target - Used;

    /// <summary>All of the time may be used, but no more.</summary>
    public bool Breached => Used > Target;

    /// <summary>A quarter of the time or less is left.</summary>
    public bool Amber => Used >= Target * ClockEngine.WarnShare;
}

/// <summary>How the clocks of a subject stand.</summary>
/// <param name="Current">The time that is next to be kept; null where none is.</param>
/// <param name="Stages">The times that have begun, in their order.</param>
/// <param name="Pauses">How often it was paused.</param>
/// <param name="PausedFor">Real time for which it was.</param>
/// <param name="PausedBecause">Why it is now; null while it is not.</param>
/// <param name="Forecast">What is to come, in a sentence.</param>
internal sealed record ClockReading(ClockState State, StageReading? Current, IReadOnlyList<StageReading> Stages, int Pauses, TimeSpan PausedFor, string? PausedBecause, string Forecast)
{
    /// <summary>1 from the start; one more each time the subject was taken up again after the clock had ended.</summary>
    public int Round { get; init; } = 1;

    /// <summary>What is the same for one time of one round of a clock, and for no other: what is told is stored under it once.</summary>
    public string KeyOf(Guid clock, ClockStage stage) => Round == 1 ? $"clock/{clock}/{stage}" : $"clock/{clock}/{Round}/{stage}";
}
