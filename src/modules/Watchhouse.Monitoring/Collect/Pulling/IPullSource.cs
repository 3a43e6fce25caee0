using Watchhouse.Monitoring.Collect.Coverage;

namespace Watchhouse.Monitoring.Collect.Pulling;

/// <summary>An event as it was received, on one line, and what tells it from others.</summary>
internal readonly record struct PulledEvent(ReadOnlyMemory<byte> Line, Guid Key);

/// <summary>A blob that was listed.</summary>
internal sealed record BlobLine(Guid Key, string Address, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>A page of a listing: events, or blobs of them.</summary>
internal sealed record ListedPage
{
    public IReadOnlyList<PulledEvent> Events { get; init; } = [];

    public IReadOnlyList<BlobLine> Blobs { get; init; } = [];

    /// <summary>Elements that are no events.</summary>
    public long Strange { get; init; }

    /// <summary>Where the next page lies; null at the end.</summary>
    public string? Next { get; init; }
}

/// <summary>What is known of a stream's subscription after the preparation.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="IsOn">Whether it was on already.</param>
/// <param name="Started">Whether it was asked to start.</param>
/// <param name="Problem">Why it could not be started; the stream is left alone in this run.</param>
internal sealed record Subscription(string Stream, bool IsOn, bool Started, string? Problem);

/// <summary>An API that is asked for windows of time.</summary>
internal interface IPullSource
{
    StreamRules Rules { get; }

    /// <summary>Sees to what must be there before anything can be listed.</summary>
    /// <param name="streams">The streams, with when each was last asked to start.</param>
    /// <param name="stop">Stops it.</param>
    Task<IReadOnlyList<Subscription>> PrepareAsync(IReadOnlyDictionary<string, DateTimeOffset?> streams, CancellationToken stop);

    /// <summary>A page of a window, the first or the one at the cursor.</summary>
    Task<ListedPage> ListAsync(string stream, DateTimeOffset from, DateTimeOffset to, string? cursor, CancellationToken stop);

    /// <summary>First pages of several windows in one request, as far as they come; the others are asked for one by one.</summary>
    Task<IReadOnlyDictionary<Guid, ListedPage>> ListTogetherAsync(IReadOnlyList<CoverageWindow> windows, CancellationToken stop);

    /// <summary>The events of a blob.</summary>
    Task<ListedPage> FetchAsync(string address, CancellationToken stop);
}
