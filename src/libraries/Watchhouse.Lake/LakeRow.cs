namespace Watchhouse.Lake;

/// <summary>
/// One event on its way into the lake. Texts are UTF-8; an empty one means that there is none. What the memories point
/// to is copied when the row is appended.
/// </summary>
public readonly record struct LakeRow
{
    /// <summary>Whose event it is: 1 to 64 letters, digits, '.', '-' or '_', the first a letter or digit.</summary>
    public required string Owner { get; init; }

    /// <summary>
    /// The table, as <see cref="ILakeSchema"/> names it. A table that the schema does not know keeps its columns as
    /// unknown fields.
    /// </summary>
    public required string Table { get; init; }

    /// <summary>
    /// When it happened. The event goes to the UTC day of this instant, kept to the microsecond. An event that is sent
    /// again must come with the same time, or it is not recognised.
    /// </summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Where it came from.</summary>
    public required string Source { get; init; }

    /// <summary>
    /// Identity, derived from the event itself; the unit of idempotence. Within owner, table and day an id is stored
    /// once; while a file that expired is still on disk, its events count as stored. All 128 bits count, so it must be a
    /// digest that nobody can aim (a cut of SHA-256, not a checksum).
    /// </summary>
    public required Guid EventId { get; init; }

    /// <summary>When it was received.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The machine that it is about, for paging and sorting.</summary>
    public ReadOnlyMemory<byte> Computer { get; init; }

    /// <summary>The account that acted.</summary>
    public ReadOnlyMemory<byte> Account { get; init; }

    /// <summary>The address that it came from.</summary>
    public ReadOnlyMemory<byte> SourceIp { get; init; }

    /// <summary>The address that it went to.</summary>
    public ReadOnlyMemory<byte> TargetIp { get; init; }

    /// <summary>What happened, in the source's own short word: an event id, an operation, an action type.</summary>
    public ReadOnlyMemory<byte> Activity { get; init; }

    /// <summary>
    /// JSON object of column name to value. A name that the table lacks, or a value that does not fit the column's
    /// type, is kept as an unknown field.
    /// </summary>
    public ReadOnlyMemory<byte> Columns { get; init; }

    /// <summary>JSON object of what the event has beyond its table's columns.</summary>
    public ReadOnlyMemory<byte> UnknownFields { get; init; }

    /// <summary>The event exactly as received.</summary>
    public ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>How <see cref="Raw"/> reads, in the caller's own words; null if that is not kept.</summary>
    public string? Format { get; init; }

    /// <summary>
    /// Number of its line among those that were received at once, so that they can be given again in their order; negative if the bytes
    /// are a part of what another row has whole.
    /// </summary>
    public int Line { get; init; }
}
