using System.Collections.Concurrent;

namespace Watchhouse.Monitoring.Tests.Collect.Fake;

/// <summary>Something that goes wrong with one request.</summary>
internal enum Fault
{
    /// <summary>429 with seconds.</summary>
    Throttle,

    /// <summary>429 with a date.</summary>
    ThrottleUntil,

    /// <summary>503 without a word about when.</summary>
    Overloaded,

    /// <summary>500.</summary>
    Broken,

    /// <summary>401: the token is no longer taken.</summary>
    Unauthorised,

    /// <summary>The connection ends in the middle of the body.</summary>
    Truncated,

    /// <summary>The body ends too early, and the transport says that it is whole.</summary>
    CutJson,

    /// <summary>200 with a page of HTML.</summary>
    NoJson,

    /// <summary>The next page is this page.</summary>
    Circle,

    /// <summary>The next page lies at another host.</summary>
    Foreign,

    /// <summary>A redirect to another host.</summary>
    Redirect,

    /// <summary>The page that was promised is known no more.</summary>
    PageForgotten,
}

/// <summary>An event of a fake.</summary>
/// <param name="Stream">Content type, kind of sign-in or subscription.</param>
/// <param name="At">When it happened, or was last updated.</param>
/// <param name="ShownFrom">When the API first shows it.</param>
/// <param name="Json">Its bytes.</param>
internal sealed record FakeEvent(string Stream, DateTimeOffset At, DateTimeOffset ShownFrom, string Json);

/// <summary>A blob of Office 365.</summary>
internal sealed record FakeBlob(string Id, string Type, DateTimeOffset Created, DateTimeOffset ShownFrom, DateTimeOffset Expires, IReadOnlyList<string> Events);

/// <summary>A tenant: what it holds, and what goes wrong in it.</summary>
internal sealed class FakeTenant(Guid id)
{
    public Guid Id => id;

    public Guid ClientId { get; } = Guid.NewGuid();

    public string Secret { get; set; } = "the-secret";

    /// <summary>The error that Entra ID answers with; null gives a token.</summary>
    public string? SignInError { get; set; }

    public bool Consent { get; set; } = true;

    /// <summary>A stream that the application may not see.</summary>
    public string? Refused { get; set; }

    public ConcurrentDictionary<string, bool> Subscriptions { get; } = new();

    public ConcurrentBag<FakeBlob> Blobs { get; } = [];

    public ConcurrentBag<FakeEvent> Events { get; } = [];

    /// <summary>The next request meets the first of these.</summary>
    public ConcurrentQueue<Fault> Faults { get; } = new();

    /// <summary>Requests inside a batch that are told to wait.</summary>
    public int InnerThrottles { get; set; }

    /// <summary>Token requests that fail.</summary>
    public int TokenFailures { get; set; }

    public ConcurrentDictionary<string, bool> Tokens { get; } = new();

    public int TokensIssued { get; set; }

    public int Batches { get; set; }

    /// <summary>Paths that were asked for, without their queries.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Assertions that were sent instead of a secret.</summary>
    public ConcurrentQueue<string> Assertions { get; } = new();

    /// <summary>Requests under way, and the most at one time.</summary>
    public int UnderWay;

    public int MostUnderWay;
}
