namespace Watchhouse.Normalisation;

/// <summary>Where an event's time comes from.</summary>
public enum EventTimeOrigin : byte
{
    /// <summary>The event says it.</summary>
    Event,

    /// <summary>The event has no time that can be read: it is the time at which it was received.</summary>
    Received,
}

/// <summary>How an event's time lies to the time at which it was received.</summary>
public enum EventTimeliness : byte
{
    /// <summary>Within the tolerances, or without a time of its own.</summary>
    OnTime,

    /// <summary>It came later than <see cref="NormaliserOptions.LateAfter"/> after its time.</summary>
    Late,

    /// <summary>Its time lies in the future by more than <see cref="NormaliserOptions.ClockTolerance"/>: a clock is wrong.</summary>
    ClockAhead,
}

/// <summary>
/// A row of a table, made of an event. It is made once for each thread and filled again for each event; what it gives out is
/// valid until it is filled again. Not thread-safe. The event's raw bytes are not part of it: the caller keeps them.
/// </summary>
public sealed class NormalisedEvent
{
    /// <summary>More entities than this are not kept.</summary>
    public const int MostEntities = 64;

    private readonly EventEntity[] _entities = new EventEntity[MostEntities];
    private int _entityCount;

    /// <summary>The table.</summary>
    public TableSchema Schema { get; internal set; } = null!;

    /// <summary>The table's name.</summary>
    public string Table => Schema.Name;

    /// <summary>Name of the mapping that made the row.</summary>
    public string Mapping { get; internal set; } = "";

    /// <summary>The event's time in UTC.</summary>
    public DateTimeOffset TimeGenerated { get; internal set; }

    /// <summary>Where <see cref="TimeGenerated"/> comes from.</summary>
    public EventTimeOrigin TimeOrigin { get; internal set; }

    /// <summary>From the event's time to the time at which it was received; negative where its clock is ahead.</summary>
    public TimeSpan Delay { get; internal set; }

    /// <summary>Whether the event is late or from the future.</summary>
    public EventTimeliness Timeliness { get; internal set; }

    /// <summary>The event's identity.</summary>
    public EventIdentity Identity { get; internal set; }

    /// <summary>What <see cref="Identity"/> was made from.</summary>
    public IdentityBasis IdentityBasis { get; internal set; }

    /// <summary>
    /// The row: a JSON object on one line in UTF-8. Its members are columns of the table, each of its kind: moments in ISO 8601 with
    /// seven digits of a second and Z, numbers as numbers, dynamic values as JSON. What is empty is left out.
    /// </summary>
    public ReadOnlySpan<byte> Columns => ColumnBuffer.Written;

    /// <summary>
    /// A JSON object on one line with every member of the record that no column took, under its own name and inside the objects
    /// that it was inside of; {} where there is none. Only what is empty under a name that is a column's is left out.
    /// </summary>
    public ReadOnlySpan<byte> Unknown => UnknownBuffer.Written;

    /// <summary>The people, computers, addresses, applications, files and web resources in the event, each once for each role.</summary>
    public ReadOnlySpan<EventEntity> Entities => _entities.AsSpan(0, _entityCount);

    internal JsonBuffer ColumnBuffer { get; } = new();

    internal JsonBuffer UnknownBuffer { get; } = new();

    internal JsonBuffer EntityBuffer { get; } = new();

    /// <summary>The value of an entity of this event, in UTF-8.</summary>
    public ReadOnlySpan<byte> ValueOf(in EventEntity entity) => EntityBuffer.Written.Slice(entity.Start, entity.Length);

    internal void Clear()
    {
        ColumnBuffer.Clear();
        UnknownBuffer.Clear();
        EntityBuffer.Clear();
        _entityCount = 0;
    }

    /// <summary>Adds the entity whose value is the last bytes of the buffer, unless it is there already.</summary>
    internal void AddEntity(EntityKind kind, EntityRole role, int start)
    {
        var value = EntityBuffer.Written[start..];
        var isNew = !value.IsEmpty && _entityCount < MostEntities;
        for (var index = 0; isNew && index < _entityCount; index++)
        {
            ref readonly var other = ref _entities[index];
            isNew = other.Kind != kind || other.Role != role || !ValueOf(other).SequenceEqual(value);
        }

        if (isNew) _entities[_entityCount++] = new(kind, role, start, value.Length);
        else EntityBuffer.Truncate(start);
    }
}
