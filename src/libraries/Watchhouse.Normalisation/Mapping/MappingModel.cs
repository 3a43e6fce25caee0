using System.Collections.Immutable;

namespace Watchhouse.Normalisation;

/// <summary>A path that must be there; with values, it must be one of them, whatever its capitals.</summary>
internal sealed record MappingCondition(string Path, ImmutableArray<string> Values);

/// <summary>A translation of values. Strict: a value that is not in it gives nothing; else it stays as it is.</summary>
internal sealed record ValueTable(ImmutableDictionary<string, string> Values, bool IsStrict);

/// <summary>How what no column takes is written into one column.</summary>
internal enum RestForm
{
    /// <summary>As the agent writes the data of a Windows event: named Data elements in XML.</summary>
    EventXml,

    /// <summary>name=value;name=value.</summary>
    Pairs,

    /// <summary>A JSON object.</summary>
    Json,
}

/// <summary>The column for members of the root (or of one object in it) that no other column takes.</summary>
internal sealed record RestRule(string Column, RestForm Form, string? Of);

/// <summary>An entity: its kind and role, and the templates of which the first that gives a value is taken.</summary>
internal sealed record EntityRule(EntityKind Kind, EntityRole Role, ImmutableArray<string> From);

/// <summary>How records of one kind become rows of one table.</summary>
internal sealed record TableMapping
{
    public required string Name { get; init; }

    public required string Table { get; init; }

    /// <summary>Alternatives, each a list of conditions that must all hold.</summary>
    public ImmutableArray<ImmutableArray<MappingCondition>> When { get; init; } = [];

    /// <summary>Names under which a collector may declare the kind, besides the table's.</summary>
    public ImmutableArray<string> Kinds { get; init; } = [];

    /// <summary>Objects whose members count like those of the root.</summary>
    public ImmutableArray<string> Lift { get; init; } = [];

    /// <summary>
    /// Column to the paths that may carry it, the best first, after the column's own name; without any it takes nothing, not even
    /// what bears its name.
    /// </summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Columns { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    public ImmutableDictionary<string, ValueTable> Values { get; init; } = ImmutableDictionary<string, ValueTable>.Empty;

    /// <summary>Column to what it holds where the record has nothing for it.</summary>
    public ImmutableDictionary<string, string> Set { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Column to templates, of which the first that gives a value is taken where the record has nothing for it.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Compose { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    public RestRule? Rest { get; init; }

    /// <summary>Members of the root that <see cref="Rest"/> does not take.</summary>
    public ImmutableArray<string> Keep { get; init; } = [];

    /// <summary>Alternatives of paths that together are the event's own id.</summary>
    public ImmutableArray<ImmutableArray<string>> Id { get; init; } = [];

    /// <summary>What collectors add: left out of the event's identity.</summary>
    public ImmutableArray<string> Collector { get; init; } = [];

    public ImmutableArray<EntityRule> Entities { get; init; } = [];
}
