namespace Watchhouse.Lake;

/// <summary>The narrow part of an event, as lists show it.</summary>
public record LakeEntry
{
    /// <summary>Whose event it is.</summary>
    public required string Owner { get; init; }

    /// <summary>Its table.</summary>
    public required string Table { get; init; }

    /// <summary>When it happened, to the microsecond.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Where it came from.</summary>
    public required string Source { get; init; }

    /// <summary>Its identity.</summary>
    public required Guid EventId { get; init; }

    /// <summary>When it was received, to the microsecond.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The machine that it is about, if there is one.</summary>
    public string? Computer { get; init; }

    /// <summary>The account that acted, if there is one.</summary>
    public string? Account { get; init; }

    /// <summary>The address that it came from, if there is one.</summary>
    public string? SourceIp { get; init; }

    /// <summary>The address that it went to, if there is one.</summary>
    public string? TargetIp { get; init; }

    /// <summary>What happened, in the source's own short word, if it has one.</summary>
    public string? Activity { get; init; }
}

/// <summary>A whole event.</summary>
public sealed record LakeEvent : LakeEntry
{
    /// <summary>JSON object, UTF-8, of the table's columns that have a value.</summary>
    public required ReadOnlyMemory<byte> Columns { get; init; }

    /// <summary>JSON object, UTF-8, of what is beyond the table's columns; empty if there is nothing.</summary>
    public required ReadOnlyMemory<byte> UnknownFields { get; init; }

    /// <summary>The event exactly as received.</summary>
    public required ReadOnlyMemory<byte> Raw { get; init; }
}

/// <summary>The narrow columns that a page can be filtered by.</summary>
public enum LakeKey
{
    /// <summary><see cref="LakeEntry.Source"/>.</summary>
    Source,

    /// <summary><see cref="LakeEntry.Computer"/>.</summary>
    Computer,

    /// <summary><see cref="LakeEntry.Account"/>.</summary>
    Account,

    /// <summary><see cref="LakeEntry.SourceIp"/>.</summary>
    SourceIp,

    /// <summary><see cref="LakeEntry.TargetIp"/>.</summary>
    TargetIp,

    /// <summary><see cref="LakeEntry.Activity"/>.</summary>
    Activity,
}

/// <summary>A column equals a value exactly. Equality is what the files can skip by; a function or OR is not.</summary>
public sealed record LakeFilter(LakeKey Key, string Value);

/// <summary>Where the next page begins: after the event of that time and id.</summary>
public sealed record LakeCursor(DateTimeOffset Time, Guid EventId);

/// <summary>Which events a page shows, newest first.</summary>
public sealed record LakePageQuery
{
    /// <summary>Owners whose events may be seen.</summary>
    public required IReadOnlyList<string> Owners { get; init; }

    /// <summary>The table.</summary>
    public required string Table { get; init; }

    /// <summary>First instant.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>End, not included.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>All of them must hold.</summary>
    public IReadOnlyList<LakeFilter> Filters { get; init; } = [];

    /// <summary>Most events of the page, 1 to 10,000.</summary>
    public int Most { get; init; } = 100;

    /// <summary><see cref="LakePage.Next"/> of the page before, or null for the first.</summary>
    public LakeCursor? After { get; init; }
}

/// <summary>A page of events, newest first.</summary>
/// <param name="Entries">The events.</param>
/// <param name="Next">Where the next page begins, or null if this is the last.</param>
public sealed record LakePage(IReadOnlyList<LakeEntry> Entries, LakeCursor? Next);
