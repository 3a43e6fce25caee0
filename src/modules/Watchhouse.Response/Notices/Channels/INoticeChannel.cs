using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Notices.Sending;

namespace Watchhouse.Response.Notices.Channels;

/// <summary>What a call to a service came to.</summary>
internal enum SendOutcome
{
    /// <summary>The service took it, and brings it on.</summary>
    Sent,

    /// <summary>It is where it was to go.</summary>
    Delivered,

    /// <summary>It will never go: the address or the message is at fault.</summary>
    Refused,

    /// <summary>Nothing was sent; later it may.</summary>
    TryLater,

    /// <summary>There was no answer: it may have been sent.</summary>
    Unclear,

    /// <summary>Asked, the service knows nothing of it.</summary>
    NotThere,
}

/// <param name="Outcome">What it came to.</param>
/// <param name="Words">In a sentence for people, without addresses and without what the service wrote of the person.</param>
internal sealed record SendAnswer(SendOutcome Outcome, string Words)
{
    /// <summary>The service's own name of the message.</summary>
    public string? ProviderId { get; init; }

    /// <summary>How long the service asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>An endpoint of a force with its address and secrets open. It is never logged.</summary>
/// <param name="Address">Where it is posted to.</param>
/// <param name="Secrets">What it is signed with: the newest first, and the one before while that is still valid. Empty for Teams.</param>
internal sealed record OpenEndpoint(Uri Address, IReadOnlyList<byte[]> Secrets)
{
    // A record would print its secrets.
    public override string ToString() => nameof(OpenEndpoint);
}

/// <summary>A message as it leaves the house: a sentence and a link, and nothing else.</summary>
internal sealed record OutgoingMessage(Guid Id, ForceId Force, string Kind, string Severity, string Words, string Link, DateTimeOffset CreatedAt)
{
    /// <summary>Mail address or number of the person; null for an endpoint.</summary>
    public string? Address { get; init; }

    public OpenEndpoint? Endpoint { get; init; }

    /// <summary>The service's name of it, from an earlier call.</summary>
    public string? ProviderId { get; init; }

    public string Reference => Id.ToString("N");

    // A record would print the address.
    public override string ToString() => $"{nameof(OutgoingMessage)} {Id}";
}

/// <summary>A way out of the house.</summary>
internal interface INoticeChannel
{
    NoticeChannel Channel { get; }

    /// <summary>Whether the operator has set it up.</summary>
    bool IsSetUp { get; }

    /// <summary>Whether the service can be asked what became of a message: then one that may have gone is looked for before it is sent again.</summary>
    bool CanLook { get; }

    /// <summary>Sends it. Failures are answers; only cancellation is thrown.</summary>
    Task<SendAnswer> SendAsync(OutgoingMessage message, CancellationToken cancellationToken);

    /// <summary>What became of it, found by its reference; <see cref="SendOutcome.Unclear"/> where the service did not answer.</summary>
    Task<SendAnswer> LookAsync(OutgoingMessage message, CancellationToken cancellationToken);
}
