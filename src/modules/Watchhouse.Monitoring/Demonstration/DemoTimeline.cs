using Watchhouse.Monitoring.Demonstration.Stories;

namespace Watchhouse.Monitoring.Demonstration;

/// <summary>
/// When episodes begin: the first at the anchor, and one each hour from then on. Pure.
/// </summary>
/// <param name="Anchor">Start of the episode with the number <paramref name="First"/>.</param>
/// <param name="First">Its number.</param>
internal sealed record DemoTimeline(DateTimeOffset Anchor, int First)
{
    /// <summary>
    /// The timeline of a program that starts: an episode that is being told goes on where it was, so that nothing is told twice; else
    /// the next one begins at once, so that whoever starts the demonstration sees alerts arrive.
    /// </summary>
    public static DemoTimeline Continue(DemoTimeline? before, DateTimeOffset now)
    {
        if (before is null || before.First < 0) return new(now, 0);
        if (now < before.Anchor) return new(now, before.First + 1);
        var passed = (int)((now - before.Anchor) / Episode.Every);
        var isTold = now - (before.Anchor + (passed * Episode.Every)) < Episode.Length;
        return isTold ? before : new(now, before.First + passed + 1);
    }

    /// <summary>Episodes that have something to say between two moments.</summary>
    public IEnumerable<Episode> Episodes(DateTimeOffset from, DateTimeOffset to)
    {
        var first = Math.Max(0, (long)Math.Floor((from - Anchor) / Episode.Every));
        for (var at = first; Anchor + (at * Episode.Every) < to; at++) yield return new(First + (int)at, Anchor + (at * Episode.Every));
    }
}
