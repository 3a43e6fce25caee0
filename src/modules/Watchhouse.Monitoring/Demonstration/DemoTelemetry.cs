using Watchhouse.Monitoring.Demonstration.Stories;

namespace Watchhouse.Monitoring.Demonstration;

/// <summary>
/// The telemetry of the demonstration: the same for the same span of time, whoever asks and however often. Every event follows from the
/// seed, its source and its slot of ten seconds, or from its episode. No clock, no input or output; not thread-safe, because it keeps
/// the episode that it told last.
/// </summary>
internal sealed class DemoTelemetry(DemoTimeline timeline)
{
    /// <summary>Another seed is another demonstration.</summary>
    public const string Seed = "watchhouse-demonstration-1";

    /// <summary>Of the past one slot in so many is told: enough to look back on, little to take in at a start.</summary>
    public const int Thin = 60;

    private const int SlotSeconds = 10;
    private const int OddityHours = 28;

    // Police work never stops; the day shift does most of it. Shares of a busy hour, by the hour of UTC.
    private static readonly double[] Rhythm =
        [.45, .38, .34, .32, .32, .36, .55, .8, .95, 1, 1, 1, .95, 1, 1, 1, .95, .85, .75, .7, .7, .7, .65, .55];

    private Episode? _told;
    private IReadOnlyList<DemoEvent> _events = [];

    /// <summary>Everything that happens from one moment until another, in the order of time.</summary>
    public IReadOnlyList<DemoEvent> Between(DateTimeOffset from, DateTimeOffset to) => Tell(from, to, isThin: false);

    /// <summary>What is left of a span of the past: all of the stories and accidents, and a thin part of the everyday.</summary>
    public IReadOnlyList<DemoEvent> Past(DateTimeOffset from, DateTimeOffset to) => Tell(from, to, isThin: true);

    private List<DemoEvent> Tell(DateTimeOffset from, DateTimeOffset to, bool isThin)
    {
        var events = new List<DemoEvent>();
        var episodes = timeline.Episodes(from, to).ToList();
        foreach (var episode in episodes) events.AddRange(Told(episode).Where(each => each.At >= from && each.At < to));
        foreach (var force in DemoForce.All)
        {
            foreach (var source in force.Sources) AddEveryday(events, episodes, force, source, from, to, isThin);
            AddOddities(events, force, from, to);
        }

        events.Sort(static (one, other) => one.At != other.At ? one.At.CompareTo(other.At) : string.CompareOrdinal(one.Line, other.Line));
        return events;
    }

    private IReadOnlyList<DemoEvent> Told(Episode episode)
    {
        if (_told?.Number != episode.Number || _told.Start != episode.Start) (_told, _events) = (episode, episode.Events());
        return _events;
    }

    private static void AddEveryday(
        List<DemoEvent> events, List<Episode> episodes, DemoForce force, DemoSource source, DateTimeOffset from, DateTimeOffset to, bool isThin)
    {
        for (var slot = from.ToUnixTimeSeconds() / SlotSeconds; slot * SlotSeconds < to.ToUnixTimeSeconds() + 1; slot++)
        {
            var dice = DemoDice.Of($"{Seed}/{force}/{source.Name}/{slot}");
            if (!dice.OneIn(Thin) && isThin) continue;
            var start = DateTimeOffset.FromUnixTimeSeconds(slot * SlotSeconds);
            var expected = source.Hourly * Rhythm[start.Hour] * SlotSeconds / 3600;
            var count = (int)expected + (dice.Fraction() < expected - (int)expected ? 1 : 0);
            for (var at = 0; at < count; at++)
            {
                var (moment, own) = (start.AddMilliseconds(dice.Below(SlotSeconds * 1000)), dice.Split());
                if (moment < from || moment >= to || episodes.Exists(episode => episode.IsQuiet(force, source, moment))) continue;
                events.Add(Everyday.Event(force, source, moment, own));
            }
        }
    }

    // One in each stretch of hours and force, at a moment of its own.
    private static void AddOddities(List<DemoEvent> events, DemoForce force, DateTimeOffset from, DateTimeOffset to)
    {
        const long Stretch = OddityHours * 3600;
        for (var at = from.ToUnixTimeSeconds() / Stretch; at * Stretch <= to.ToUnixTimeSeconds(); at++)
        {
            var dice = DemoDice.Of($"{Seed}/{force}/oddity/{at}");
            var moment = DateTimeOffset.FromUnixTimeSeconds((at * Stretch) + dice.Below((int)Stretch));
            if (moment >= from && moment < to) events.Add(Oddities.Event(force, moment, dice, dice.Below(Oddities.Kinds)));
        }
    }
}
