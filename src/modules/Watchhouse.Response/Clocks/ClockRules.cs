using Watchhouse.Platform.Operations;

namespace Watchhouse.Response.Clocks;

/// <summary>What may happen to a clock, and when it is next to be looked at. Pure.</summary>
internal static class ClockRules
{
    /// <summary>Why it may not happen, in a sentence; null where it may.</summary>
    /// <param name="reading">How the clock stands.</param>
    /// <param name="kind">What is to happen.</param>
    public static string? Hindrance(ClockReading reading, ClockEventKind kind) => (reading.State, kind) switch
    {
        (ClockState.NotStarted, not ClockEventKind.Started) => "This clock has not been started.",
        (ClockState.Done or ClockState.Stopped, ClockEventKind.Started) => null,
        (not ClockState.NotStarted, ClockEventKind.Started) => "This clock has been started already.",
        (ClockState.Done, _) => "The force has acted, so this clock has ended and nothing changes it any more.",
        (ClockState.Stopped, _) => "This clock was stopped, so nothing changes it any more.",
        (_, ClockEventKind.Acknowledged) when Done(reading, ClockStage.Acknowledge) => "The Centre has acknowledged this already.",
        (_, ClockEventKind.Advised) when Done(reading, ClockStage.Advise) => "The Centre has advised the force already. Write further advice as a note.",
        (ClockState.Paused, ClockEventKind.Paused) => $"The clock is paused already: {reading.PausedBecause}",
        (ClockState.Running, ClockEventKind.Resumed) => "The clock runs: there is nothing to resume.",
        _ => null,
    };

    /// <summary>Why this side may not do it, in a sentence; null where it may.</summary>
    public static string? NotTheirs(ClockReading reading, ClockEventKind kind, bool isCentre) => kind switch
    {
        ClockEventKind.Acknowledged when !isCentre => "The Centre acknowledges: it is the Centre's time that is measured. Write a note if the Centre is to hear something.",
        ClockEventKind.Advised when !isCentre => "The Centre advises. To record what your force did, record that it has acted.",
        ClockEventKind.Acted when isCentre => "The force records that it has acted; the Centre advises. Write a note, or record the incident as contained when you know that it is.",
        ClockEventKind.Paused or ClockEventKind.Resumed when reading.Current is { } current && IsCentres(current.Stage) != isCentre =>
            IsCentres(current.Stage) ? "It is the Centre's time that runs, so only the Centre pauses and resumes it." : "It is the force's time that runs, so only the force pauses and resumes it.",
        _ => null,
    };

    public static Failure? Failure(ClockReading reading, ClockEventKind kind, bool isCentre) =>
        (Hindrance(reading, kind) ?? NotTheirs(reading, kind, isCentre)) is { } words ? Platform.Operations.Failure.Conflict(words) : null;

    /// <summary>The first two times are the Centre's, the last is the force's.</summary>
    public static bool IsCentres(ClockStage stage) => stage != ClockStage.Act;

    /// <summary>The next moment after now at which somebody is to be told; null where none is to come.</summary>
    public static DateTimeOffset? Next(ClockReading reading, IEnumerable<EscalationRung> rungs, DateTimeOffset now)
    {
        if (reading is not { State: ClockState.Running, Current: { WarnsAt: { } warns, Due: { } due } }) return null;
        DateTimeOffset? next = null;
        foreach (var moment in rungs.Select(rung => warns.AddMinutes(rung.AfterMinutes)).Append(warns).Append(due))
        {
            if (moment > now && !(moment >= next)) next = moment;
        }

        return next;
    }

    private static bool Done(ClockReading reading, ClockStage stage) => reading.Stages.Any(each => each.Stage == stage && each.DoneAt is not null);
}
