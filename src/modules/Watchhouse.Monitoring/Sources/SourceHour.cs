using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Sources;

/// <summary>What a source delivered within one hour, by the time at which it was received.</summary>
internal sealed class SourceHour : IOwnedByForce
{
    /// <summary>How long the counts are kept: a month, and room to compare it with the days before.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(35);

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required string Source { get; init; }

    /// <summary>Start of the hour in UTC.</summary>
    public required DateTimeOffset Hour { get; init; }

    public long Events { get; set; }

    /// <summary>Of the events, unpacked.</summary>
    public long Bytes { get; set; }

    public long Rejects { get; set; }

    /// <summary>The start of the hour that a moment lies in.</summary>
    public static DateTimeOffset Of(DateTimeOffset moment) => new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
