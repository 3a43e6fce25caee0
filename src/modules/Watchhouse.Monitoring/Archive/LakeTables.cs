using System.Collections.Concurrent;
using Watchhouse.Lake;
using Watchhouse.Normalisation;

namespace Watchhouse.Monitoring.Archive;

/// <summary>The tables of Sentinel and Defender as the lake stores them.</summary>
internal sealed class LakeTables : ILakeSchema
{
    private readonly ConcurrentDictionary<string, LakeTable?> _tables = new(StringComparer.Ordinal);

    public LakeTable? Find(string table) => _tables.GetOrAdd(table, static name =>
        TableCatalogue.Default.Find(name) is { } schema && schema.Name == name
            ? new LakeTable(name, schema.Columns.Select(column => new LakeColumn(column.Name, TypeOf(column.Kind))))
            : null);

    // A length of time and a UUID are kept as the text that the event has: nothing is lost by it, and both compare as text.
    private static LakeType TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Int => LakeType.Whole32,
        ColumnKind.Long => LakeType.Whole64,
        ColumnKind.Real => LakeType.Real,
        ColumnKind.Bool => LakeType.Bool,
        ColumnKind.DateTime => LakeType.Time,
        ColumnKind.Dynamic => LakeType.Json,
        _ => LakeType.Text,
    };
}
