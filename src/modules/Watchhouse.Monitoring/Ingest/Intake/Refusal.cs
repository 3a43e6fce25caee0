namespace Watchhouse.Monitoring.Ingest.Intake;

/// <summary>Why a whole request was not taken.</summary>
internal enum RefusalKind
{
    /// <summary>There is no event in it.</summary>
    Empty,

    /// <summary>It is not what the protocol says, or nothing in it is an event.</summary>
    Unreadable,

    /// <summary>Over a limit; the same request will never be taken.</summary>
    TooLarge,

    /// <summary>A media type, charset or coding that is not read here.</summary>
    Unsupported,

    /// <summary>Memory or disk would be at risk; the same request will be taken later.</summary>
    Busy,

    /// <summary>The journal does not work; an operator has to look.</summary>
    Unavailable,

    /// <summary>The sender stopped sending, or sent too slowly.</summary>
    BrokenOff,
}

/// <summary>A refusal in words that say what, where and what to do. Nothing of the request was kept.</summary>
internal sealed record Refusal(RefusalKind Kind, string Message, TimeSpan? RetryAfter = null)
{
    /// <summary>Position of the event at fault, from 1, where one is.</summary>
    public long? Line { get; init; }

    /// <summary>The status of protocols that go by HTTP alone.</summary>
    public int Status => Kind switch
    {
        RefusalKind.Empty or RefusalKind.Unreadable => 400,
        RefusalKind.TooLarge => 413,
        RefusalKind.Unsupported => 415,
        RefusalKind.Busy => 429,
        RefusalKind.Unavailable => 503,
        RefusalKind.BrokenOff => 408,
        _ => throw new InvalidOperationException($"No status for {Kind}."),
    };

    public int RetrySeconds => (int)Math.Max(1, Math.Ceiling((RetryAfter ?? TimeSpan.FromSeconds(1)).TotalSeconds));
}
