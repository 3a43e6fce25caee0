using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Notices.Sending;

/// <summary>By what a notice goes out.</summary>
internal enum NoticeChannel
{
    NotifyEmail = 1,
    NotifyText = 2,
    Smtp = 3,
    Webhook = 4,
    Teams = 5,
}

/// <summary>What became of a message.</summary>
internal enum DeliveryState
{
    Waiting = 1,

    /// <summary>Its person sleeps.</summary>
    Held = 2,

    /// <summary>Stored before the call: after a crash it says that it may have gone.</summary>
    Sending = 3,

    /// <summary>The call ended without an answer, and the service can be asked.</summary>
    Unclear = 4,

    /// <summary>It failed, and is tried again.</summary>
    Retrying = 5,

    /// <summary>The service took it.</summary>
    Sent = 6,

    /// <summary>It is where it was to go, as the service or the receiver said.</summary>
    Delivered = 7,

    /// <summary>It is given up, until somebody sends it again.</summary>
    Dead = 8,

    /// <summary>There is nobody to send it to any more.</summary>
    Cancelled = 9,
}

/// <summary>
/// One notice to one person or endpoint by one channel. Its id is the reference that services, mail servers and receivers know it by, and never
/// changes: whatever is repeated is known as a repeat. It bears no address; that is looked up when it is sent.
/// </summary>
internal sealed class Delivery : IOwnedByForce, IVersioned
{
    public const int LongestWords = 500;
    public const int LongestName = 200;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid NoticeId { get; init; }

    public required NoticeChannel Channel { get; init; }

    /// <summary>Id of the person, or of the endpoint.</summary>
    public required Guid Recipient { get; init; }

    /// <summary>Name of the person or endpoint, as at the time.</summary>
    public required string To { get; init; }

    /// <summary>Quiet hours do not hold it.</summary>
    public bool IsUrgent { get; init; }

    public required DeliveryState State { get; set; }

    /// <summary>How often it was sent, or tried; begun anew when a person sends it again.</summary>
    public int Attempts { get; set; }

    /// <summary>How often the service was asked what became of it.</summary>
    public int Looks { get; set; }

    /// <summary>When something is to be done with it; null when nothing is.</summary>
    public DateTimeOffset? NextAt { get; set; }

    /// <summary>What the service last said, in words for people.</summary>
    public string Words { get; set; } = "";

    /// <summary>The service's own name of it.</summary>
    public string? ProviderId { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the service took it.</summary>
    public DateTimeOffset? SentAt { get; set; }

    public DateTimeOffset? DeliveredAt { get; set; }

    /// <summary>When it last failed.</summary>
    public DateTimeOffset? FailedAt { get; set; }

    public uint Version { get; set; }

    /// <summary>The name by which everybody outside knows it.</summary>
    public string Reference => Id.ToString("N");
}
