using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Archive;

/// <summary>
/// What the archive has noted of a source's events. Written every few seconds; after a crash it may count a stretch twice,
/// which the lake never stores twice.
/// </summary>
internal sealed class ArchivedSource : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required string Source { get; init; }

    /// <summary>Events made of what was received, repeats included.</summary>
    public long Events { get; set; }

    /// <summary>Events that were in the lake already and were not stored again.</summary>
    public long Repeats { get; set; }

    /// <summary>Lines that no event could be made of; they are kept as they came.</summary>
    public long Unreadable { get; set; }

    /// <summary>Events received more than an hour after their time.</summary>
    public long Late { get; set; }

    /// <summary>Events whose time lay more than five minutes in the future: a clock is wrong.</summary>
    public long ClockAhead { get; set; }

    /// <summary>Events that say no time that can be read; the time of receipt stands for it.</summary>
    public long WithoutTime { get; set; }

    /// <summary>Seconds by which the latest came late.</summary>
    public long LongestDelay { get; set; }

    /// <summary>Seconds by which a clock was ahead.</summary>
    public long FarthestAhead { get; set; }

    /// <summary>Time of the newest event, by its own clock unless that is ahead.</summary>
    public DateTimeOffset? LastEventAt { get; set; }
}

/// <summary>How long a force keeps its events. Without a rule they are kept: the force decides, and nobody for it.</summary>
internal sealed class RetentionRule : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    /// <summary>The table, or empty for all that have no rule of their own.</summary>
    public required string Table { get; init; }

    /// <summary>Whole days after the day of the event.</summary>
    public int Days { get; set; }
}
