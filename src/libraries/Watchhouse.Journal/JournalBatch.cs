namespace Watchhouse.Journal;

/// <summary>A batch of raw events as it was accepted from one sender.</summary>
public sealed record JournalBatch
{
    /// <summary>
    /// The sender's id of the batch, or a new one. A sender that got no answer sends again under the same id, and
    /// the journal may then hold both: consumers drop the repeat by this id.
    /// </summary>
    public required Guid Id { get; init; }

    /// <summary>Tag of the force that owns the events: 1 to 254 bytes of UTF-8, as are the other names.</summary>
    public required string Owner { get; init; }

    /// <summary>Name of the source within the owner.</summary>
    public required string Source { get; init; }

    /// <summary>Name of the collector that sent it, if it came through one.</summary>
    public string? Collector { get; init; }

    /// <summary>When the batch was accepted.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>A word that tells the consumer how to read the payload, such as <c>ndjson</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Number of events the receiver counted; not checked.</summary>
    public required int Count { get; init; }

    /// <summary>The events as they came, or unpacked; the journal does not look into them.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }
}
