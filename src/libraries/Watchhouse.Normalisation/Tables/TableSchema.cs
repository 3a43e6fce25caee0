using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Watchhouse.Normalisation;

/// <summary>A table: its name and its columns. Every table has TimeGenerated (the event's time) and Type (the table's name).</summary>
public sealed class TableSchema
{
    private readonly FrozenDictionary<string, TableColumn> _byName;

    internal TableSchema(string name, ImmutableArray<TableColumn> columns)
    {
        Name = name;
        Columns = columns;
        _byName = columns.ToFrozenDictionary(column => column.Name, StringComparer.Ordinal);
    }

    /// <summary>The table's name, as queries write it.</summary>
    public string Name { get; }

    /// <summary>The columns in the order of their names.</summary>
    public ImmutableArray<TableColumn> Columns { get; }

    /// <summary>The column of this exact name, or null.</summary>
    public TableColumn? Find(string name) => _byName.GetValueOrDefault(name);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Columns.Length} columns)";
}
