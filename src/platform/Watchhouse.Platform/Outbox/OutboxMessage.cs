namespace Watchhouse.Platform.Outbox;

/// <summary>
/// Something that must happen because a change was saved, stored in the same transaction as the change: an audit
/// entry or an event for other modules. It is delivered at least once, in order of creation.
/// </summary>
public sealed class OutboxMessage
{
    /// <summary>Version 7 UUID; also the id of the audit entry or event, so that a receiver can drop a repeat.</summary>
    public required Guid Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>audit</c>, or the full name of the event's type.</summary>
    public required string Type { get; init; }

    /// <summary>JSON.</summary>
    public required string Payload { get; init; }

    public int Attempts { get; set; }

    /// <summary>When to try next; in the past for a new message.</summary>
    public DateTimeOffset NextAttemptAt { get; set; }

    /// <summary>Why the last attempt failed, without personal data: the exception's type.</summary>
    public string? LastError { get; set; }
}
