using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Audit;

/// <summary>
/// One audit entry as one force sees it: the search index over the ledger. It can be rebuilt from the ledger at any
/// time; the ledger is the record, this is not. An entry that touches several forces has a row for each.
/// </summary>
public sealed class AuditRow : IOwnedByForce
{
    public long Id { get; init; }

    /// <summary>The custodian of the row today: the force of the entry, or its successor.</summary>
    public required ForceId ForceId { get; set; }

    /// <summary>Index of the entry in the ledger, from 0.</summary>
    public required long LedgerIndex { get; init; }

    public required Guid EntryId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required AuditOperation Operation { get; init; }

    /// <summary>Key of the permission that was used, or the name of the event.</summary>
    public required string Action { get; init; }

    /// <summary>Id of the person, client or job.</summary>
    public required string ActorId { get; init; }

    public required string ActorName { get; init; }

    /// <summary>The organisation on whose behalf it was done.</summary>
    public required string ActorHome { get; init; }

    /// <summary>Kind and id of the thing: <c>person/0198…</c>; empty for a list.</summary>
    public required string Subject { get; init; }

    public required string Summary { get; init; }

    public string? Reason { get; init; }

    public string? Recipients { get; init; }

    /// <summary>
    /// Actor, action, subject and summary in lower case: LIKE minds case on PostgreSQL and not on SQLite, and this
    /// way neither does.
    /// </summary>
    public required string SearchText { get; init; }
}

/// <summary>Whether a controller demands a reason for an operation.</summary>
public sealed class AuditSetting : IOwnedByForce
{
    public required ForceId ForceId { get; set; }

    public required AuditOperation Operation { get; init; }

    public bool ReasonRequired { get; set; }
}
