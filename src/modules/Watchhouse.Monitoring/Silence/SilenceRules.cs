using System.Globalization;

namespace Watchhouse.Monitoring.Silence;

/// <summary>
/// Judges a source against its own past: whoever breaks in stops the logs first, and a collector whose secret has lapsed says
/// nothing either. Pure.
/// </summary>
internal static class SilenceRules
{
    public const string Quiet = "watchhouse.source-quiet";
    public const string Dropped = "watchhouse.source-dropped";
    public const string Rejected = "watchhouse.source-rejected";

    /// <summary>Hours that are looked back on: a week, so that nights and weekends are part of what is usual.</summary>
    public const int HoursLookedAt = 7 * 24;

    private const int LeastActiveHours = 12;
    private const long BusyHour = 60;
    private const long LeastUsual = 200;
    private const double LeastShare = 0.1;
    private const long LeastRejects = 100;

    /// <summary>What is wrong with the source now; usually nothing.</summary>
    public static IEnumerable<SilenceFinding> Judge(SourceHistory history, DateTimeOffset now)
    {
        if (IsQuiet(history, now, out var quiet)) yield return quiet;
        else if (HasDropped(history, now, out var dropped)) yield return dropped;
        if (AreRejected(history, now, out var rejected)) yield return rejected;
    }

    /// <summary>
    /// How long a source may say nothing: longer than any pause that it can have made in the week before, of which only the hours
    /// without events are known; half an hour where it delivered some each minute. Null where too little is known of it.
    /// </summary>
    public static TimeSpan? LongestPause(SourceHistory history)
    {
        var before = history.Hours.Take(history.Hours.Count - 1).ToList();
        if (before.Count(events => events > 0) < LeastActiveHours) return null;
        var (longest, pause, hasBegun) = (0, 0, false);
        // The pause that lasts now is the one in question: only those that ended count.
        foreach (var events in before)
        {
            if (events == 0)
            {
                pause++;
                continue;
            }

            if (hasBegun) longest = Math.Max(longest, pause);
            (hasBegun, pause) = (true, 0);
        }

        // With no event in n hours on end, the pause was shorter than n + 2 hours.
        return longest == 0 && before.Where(events => events > 0).Min() >= BusyHour ? TimeSpan.FromMinutes(30) : TimeSpan.FromHours(longest + 2);
    }

    private static bool IsQuiet(SourceHistory history, DateTimeOffset now, out SilenceFinding finding)
    {
        finding = null!;
        if (history.LastReceivedAt is not { } last || LongestPause(history) is not { } pause || now - last <= pause) return false;
        finding = new(
            Quiet,
            "high",
            $"Source {history.Source} has gone quiet",
            $"1. Nothing has come from {history.Source} since {Exact(last)}; its longest pause in the week before was under {Hours(pause)}. "
            + "2. Look whether the machine or service still runs, whether its logging was switched off, and whether its key or certificate has lapsed. "
            + "3. If nobody of yours did it, treat it as an attempt to hide (ATT&CK T1562.008, Impair Defenses: Disable or Modify Cloud Logs; T1562.001, Disable or Modify Tools). "
            + "4. What it logged meanwhile may still be fetched: look at its own retention before it runs out.",
            last);
        return true;
    }

    private static bool HasDropped(SourceHistory history, DateTimeOffset now, out SilenceFinding finding)
    {
        finding = null!;
        var full = history.Hours.Count - 2;
        List<long> same = [];
        for (var hour = full - 24; hour >= 0; hour -= 24) same.Add(history.Hours[hour]);
        if (same.Count < 3) return false;
        same.Sort();
        var usual = same[same.Count / 2];
        var events = history.Hours[full];
        if (usual < LeastUsual || events >= usual * LeastShare) return false;
        var hourStart = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero).AddHours(-1);
        finding = new(
            Dropped,
            "medium",
            string.Create(CultureInfo.InvariantCulture, $"Source {history.Source} fell to {100 * events / usual} % of its usual rate"),
            string.Create(CultureInfo.InvariantCulture, $"1. In the hour from {Exact(hourStart)} it delivered {events:N0} events; at this time of day {usual:N0} are usual. ")
            + "2. Look whether a part of the estate was switched off, an agent was removed, or a filter was changed at the sender.",
            // A drop that goes on for a day is one thing to look at.
            new DateTimeOffset(hourStart.UtcDateTime.Date, TimeSpan.Zero));
        return true;
    }

    private static bool AreRejected(SourceHistory history, DateTimeOffset now, out SilenceFinding finding)
    {
        finding = null!;
        var events = history.Hours[^2];
        if (history.RejectsOfLastHour < LeastRejects || history.RejectsOfLastHour <= (events + history.RejectsOfLastHour) * LeastShare) return false;
        finding = new(
            Rejected,
            "medium",
            $"Events of source {history.Source} are rejected",
            string.Create(CultureInfo.InvariantCulture, $"1. In the last full hour {history.RejectsOfLastHour:N0} events were not taken and {events:N0} were. ")
            + "2. The rejects of the source show the reason and the first of them: mend the sender, and have it send again what it still keeps.",
            new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero));
        return true;
    }

    private static string Exact(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Hours(TimeSpan time) => time.TotalHours < 1 ? "half an hour" : string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0} hours");
}
