using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Sources;

/// <summary>
/// What a source has delivered so far. It is written every few seconds, so after a crash it may lag behind the journal,
/// which is the truth.
/// </summary>
internal sealed class IngestSource : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required string Name { get; init; }

    /// <summary>The format that it came in last.</summary>
    public required string Format { get; set; }

    public required DateTimeOffset FirstReceivedAt { get; init; }

    public DateTimeOffset? LastReceivedAt { get; set; }

    public long Events { get; set; }

    /// <summary>Of the events, unpacked.</summary>
    public long Bytes { get; set; }

    public long Rejects { get; set; }

    /// <summary>Id of the machine client that delivered last.</summary>
    public string LastCollector { get; set; } = "";
}

/// <summary>Events of one source that were not taken on one day for one reason, with the first of them.</summary>
internal sealed class IngestReject : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required DateOnly Day { get; init; }

    public required string Source { get; init; }

    public required string Reason { get; init; }

    public long Count { get; set; }

    public required DateTimeOffset FirstAt { get; init; }

    public DateTimeOffset LastAt { get; set; }

    /// <summary>Id of the machine client that sent the first.</summary>
    public required string Collector { get; init; }

    /// <summary>Line of the first one in its request, or place in an array, from 1.</summary>
    public long Line { get; init; }

    /// <summary>Its bytes, at most 2 KiB.</summary>
    public required byte[] Sample { get; init; }

    /// <summary>Whether the sample was cut.</summary>
    public bool SampleCut { get; init; }
}
