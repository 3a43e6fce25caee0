using Watchhouse.Normalisation;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Archive;

/// <summary>What is noted of the events of one batch.</summary>
internal sealed class ArchiveTally
{
    public required DateTimeOffset ReceivedAt { get; init; }

    public long Events { get; set; }

    public long Repeats { get; set; }

    public long Unreadable { get; set; }

    public long Late { get; set; }

    public long ClockAhead { get; set; }

    public long WithoutTime { get; set; }

    public TimeSpan LongestDelay { get; set; }

    public TimeSpan FarthestAhead { get; set; }

    public DateTimeOffset? LastEventAt { get; set; }

    public void Add(NormalisedEvent row)
    {
        Events++;
        if (row.TimeOrigin == EventTimeOrigin.Received)
        {
            WithoutTime++;
            return;
        }

        if (row.Timeliness == EventTimeliness.Late) Late++;
        if (row.Timeliness == EventTimeliness.ClockAhead) ClockAhead++;
        if (row.Delay > LongestDelay) LongestDelay = row.Delay;
        if (-row.Delay > FarthestAhead) FarthestAhead = -row.Delay;
        if (row.Timeliness != EventTimeliness.ClockAhead && (LastEventAt is not { } last || row.TimeGenerated > last)) LastEventAt = row.TimeGenerated;
    }

    public void Add(ArchiveTally other)
    {
        Events += other.Events;
        Repeats += other.Repeats;
        Unreadable += other.Unreadable;
        Late += other.Late;
        ClockAhead += other.ClockAhead;
        WithoutTime += other.WithoutTime;
        if (other.LongestDelay > LongestDelay) LongestDelay = other.LongestDelay;
        if (other.FarthestAhead > FarthestAhead) FarthestAhead = other.FarthestAhead;
        if (other.LastEventAt is { } at && (LastEventAt is not { } last || at > last)) LastEventAt = at;
    }
}

/// <summary>Gathers what the archive notes of each source, until it is written down.</summary>
internal sealed class ArchiveBook(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private Dictionary<(ForceId Force, string Source), ArchiveTally> _tallies = [];

    public void Archived(ForceId force, string source, ArchiveTally tally)
    {
        lock (_lock)
        {
            if (!_tallies.TryGetValue((force, source), out var sum)) _tallies[(force, source)] = tally;
            else sum.Add(tally);
        }
    }

    public void Repeated(ForceId force, string source, long rows) =>
        Archived(force, source, new ArchiveTally { ReceivedAt = clock.GetUtcNow(), Repeats = rows });

    public IReadOnlyDictionary<(ForceId Force, string Source), ArchiveTally> Turn()
    {
        lock (_lock)
        {
            var full = _tallies;
            _tallies = [];
            return full;
        }
    }

    public void TakeBack(IReadOnlyDictionary<(ForceId Force, string Source), ArchiveTally> page)
    {
        foreach (var ((force, source), tally) in page) Archived(force, source, tally);
    }
}
