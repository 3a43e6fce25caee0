namespace Watchhouse.Monitoring.Collect.Coverage;

/// <summary>What an API says about time.</summary>
internal sealed record StreamRules
{
    /// <summary>The longest window that is asked for at once.</summary>
    public required TimeSpan Longest { get; init; }

    /// <summary>How far back the API can be asked.</summary>
    public required TimeSpan Horizon { get; init; }

    /// <summary>How old the end of a window is before it is first listed.</summary>
    public required TimeSpan Settle { get; init; }

    /// <summary>How long after its end a window is listed again; the last of them reconciles it.</summary>
    public required IReadOnlyList<TimeSpan> Again { get; init; }
}

/// <summary>A window to be written down; with a reason it is a gap at once.</summary>
internal sealed record PlannedWindow(DateTimeOffset From, DateTimeOffset To, string? Gap);

/// <summary>Which windows come next. Pure: windows of a stream follow each other without hole or overlap.</summary>
internal static class WindowPlan
{
    /// <summary>Windows shorter than this wait for more.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromHours(4);

    /// <param name="plannedTo">End of the last window, if there is one.</param>
    /// <param name="now">The time.</param>
    /// <param name="rules">What the API says.</param>
    /// <param name="backfill">How far back a new stream begins.</param>
    /// <param name="most">Most windows.</param>
    public static IReadOnlyList<PlannedWindow> Plan(DateTimeOffset? plannedTo, DateTimeOffset now, StreamRules rules, TimeSpan backfill, int most)
    {
        var planned = new List<PlannedWindow>();
        var end = Second(now - rules.Settle);
        // Rounded up: the API refuses a beginning that is a second too old.
        var oldest = Second(now - rules.Horizon) + TimeSpan.FromSeconds(1);
        var from = plannedTo ?? Second(now - (backfill < rules.Horizon ? backfill : rules.Horizon)) + TimeSpan.FromSeconds(1);
        if (from < oldest)
        {
            planned.Add(new PlannedWindow(from, oldest,
                $"Nothing was collected in this time, and Microsoft keeps these events for {Days(rules.Horizon)} only: they cannot be fetched any more. Ask the force whether it holds them elsewhere."));
            from = oldest;
        }

        if (end - from < Shortest) return planned;
        while (from < end && planned.Count < most)
        {
            var to = end - from <= rules.Longest ? end : from + rules.Longest;
            planned.Add(new PlannedWindow(from, to, null));
            from = to;
        }

        return planned;
    }

    /// <summary>
    /// When a window that was just listed is listed again; null when it is done. A listing that comes too late for several of its
    /// times stands for all of them.
    /// </summary>
    public static DateTimeOffset? Next(DateTimeOffset to, StreamRules rules, DateTimeOffset now)
    {
        foreach (var after in rules.Again)
            if (to + after > now) return to + after;
        return null;
    }

    /// <summary>How long after a failure a window is tried again.</summary>
    /// <param name="attempts">Failures in a row.</param>
    /// <param name="jitter">From 0 to 1.</param>
    public static TimeSpan Backoff(int attempts, double jitter)
    {
        var wait = FirstBackoff * Math.Pow(2, Math.Clamp(attempts - 1, 0, 10));
        return (wait < LongestBackoff ? wait : LongestBackoff) * (0.75 + (jitter / 2));
    }

    /// <summary>The whole second at or before: the APIs take seconds.</summary>
    public static DateTimeOffset Second(DateTimeOffset moment) =>
        new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    private static string Days(TimeSpan horizon) => $"{Math.Ceiling(horizon.TotalDays):0} days";
}
