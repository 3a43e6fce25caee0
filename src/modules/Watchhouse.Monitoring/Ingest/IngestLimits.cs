namespace Watchhouse.Monitoring.Ingest;

/// <summary>How much is taken at once. Each bound is answered in words that name it.</summary>
internal sealed record IngestLimits
{
    /// <summary>Most bytes of a request's body, as sent and once unpacked: what one batch of the journal holds.</summary>
    public int MaxBodyBytes { get; init; } = 15 << 20;

    /// <summary>Most bytes of one event.</summary>
    public int MaxEventBytes { get; init; } = 1 << 20;

    /// <summary>Most events of one request.</summary>
    public int MaxEvents { get; init; } = 100_000;

    /// <summary>Levels of objects and arrays in one event.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>
    /// Over this many rejects the request is refused whole: what is sent there are no events, and judging more of it
    /// would cost more than it is worth.
    /// </summary>
    public int MaxRejects { get; init; } = 10_000;

    /// <summary>
    /// Unpacked bytes for each packed one, looked at after the first mebibyte. Logs pack 5 to 40 times; what packs
    /// better than this was made to fill memory.
    /// </summary>
    public int MaxRatio { get; init; } = 250;

    /// <summary>Most bytes of bodies in memory over all requests; beyond it senders are told to wait.</summary>
    public long MaxBytesInFlight { get; init; } = 192L << 20;

    /// <summary>What a sender is told to wait when memory is short.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);
}
