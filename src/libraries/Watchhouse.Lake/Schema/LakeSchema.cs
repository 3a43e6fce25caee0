using System.Diagnostics.CodeAnalysis;

namespace Watchhouse.Lake;

/// <summary>Type of a column, named after KQL's where they differ from the usual word.</summary>
public enum LakeType
{
    /// <summary>KQL string; stored as UTF-8 text.</summary>
    Text,

    /// <summary>KQL datetime; stored as microseconds in UTC, since a timestamp of nanoseconds ends in 2262.</summary>
    Time,

    /// <summary>KQL int.</summary>
    Whole32,

    /// <summary>KQL long.</summary>
    Whole64,

    /// <summary>KQL real.</summary>
    Real,

    /// <summary>KQL bool.</summary>
    Bool,

    /// <summary>KQL dynamic; stored as the JSON text of the value.</summary>
    Json,
}

/// <summary>A column of a table.</summary>
public sealed record LakeColumn(string Name, LakeType Type);

/// <summary>The tables whose columns are stored as columns of their own.</summary>
public interface ILakeSchema
{
    /// <summary>The table of that exact name, if there is one.</summary>
    LakeTable? Find(string table);
}

/// <summary>A table and its columns. Immutable.</summary>
public sealed class LakeTable
{
    /// <summary>
    /// Makes a table. The engine does not tell columns apart by case alone, so of two such names the first becomes the
    /// column and values of the second are kept as unknown fields.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A name is not a letter or underscore followed by letters, digits and underscores, or is one of the lake's own.
    /// </exception>
    public LakeTable(string name, IEnumerable<LakeColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        LakeNames.CheckTable(name);
        Name = name;
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var kept = new List<LakeColumn>();
        foreach (var column in columns)
        {
            LakeNames.CheckColumn(name, column.Name);
            if (Envelope.IsTaken(column.Name))
                throw new ArgumentException(
                    $"The table {name} has a column {column.Name}, a name that the lake keeps for itself; rename it.");
            if (seen.Add(column.Name))
                kept.Add(column);
        }

        Columns = kept;
    }

    /// <summary>Name of the table.</summary>
    public string Name { get; }

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<LakeColumn> Columns { get; }
}

/// <summary>A schema held in memory.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is looked up by name, not a collection.")]
public sealed class LakeSchema : ILakeSchema
{
    private readonly Dictionary<string, LakeTable> _tables;

    /// <summary>Makes a schema of tables with different names.</summary>
    public LakeSchema(IEnumerable<LakeTable> tables) =>
        _tables = tables.ToDictionary(table => table.Name, StringComparer.Ordinal);

    /// <inheritdoc />
    public LakeTable? Find(string table) => _tables.GetValueOrDefault(table);
}
