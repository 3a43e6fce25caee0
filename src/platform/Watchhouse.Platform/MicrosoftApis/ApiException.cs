namespace Watchhouse.Platform.MicrosoftApis;

/// <summary>What kind of failure a request met, which decides what is done next.</summary>
public enum ApiFault
{
    /// <summary>The server asks for a pause, or is overloaded: it goes on later.</summary>
    Throttled,

    /// <summary>The credential or the consent is at fault: a person must act.</summary>
    Access,

    /// <summary>The server failed, or its answer broke off or made no sense: tried again later.</summary>
    Transient,

    /// <summary>The request was refused as such, for example for its times or for a page that is known no more.</summary>
    Refused,

    /// <summary>What was asked for is there no more.</summary>
    Gone,

    /// <summary>The answer points elsewhere than to the API. No token is sent there.</summary>
    Foreign,
}

/// <summary>A request that was not answered as it should be.</summary>
/// <param name="fault">The kind.</param>
/// <param name="message">What happened, what it means, what to do. It holds no token and nothing of an event.</param>
public sealed class ApiException(ApiFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public ApiFault Fault => fault;

    /// <summary>The API's own code, such as <c>AF20022</c>.</summary>
    public string Code { get; init; } = "";

    /// <summary>Whether it is one stream that is refused, and not the application as a whole.</summary>
    public bool IsOfOneStream { get; init; }

    /// <summary>When it may be tried again, where the server says so.</summary>
    public DateTimeOffset? RetryAt { get; init; }
}
