using System.Text;
using DuckDB.NET.Native;

namespace Watchhouse.Lake.Writing;

/// <summary>
/// The columns of a table that events have had so far. Of a table's two hundred columns a source fills thirty, and a
/// file with only those is written three times faster; readers join files by name.
/// </summary>
internal sealed class TableShape
{
    private readonly IReadOnlyList<LakeColumn> _columns;
    private readonly ColumnNames _names;
    private readonly int[] _slots;
    private readonly List<int> _seen = [];
    private readonly List<bool> _inFile = [];

    public TableShape(LakeTable? table)
    {
        _columns = table?.Columns ?? [];
        _names = new ColumnNames(_columns);
        _slots = new int[_columns.Count];
        Array.Fill(_slots, -1);
        Filler = new RowFiller(this);
    }

    public RowFiller Filler { get; }

    /// <summary>Whether the block has every column that was seen.</summary>
    public bool IsCurrent => _seen.Count == _inFile.Count;

    public int Find(ReadOnlySpan<byte> name) => _names.Find(name);

    public LakeType TypeOf(int column) => _columns[column].Type;

    /// <summary>Where the block has a column; -1 if it has not, and then the next block will.</summary>
    public int Use(int column)
    {
        var slot = _slots[column];
        if (slot < 0)
        {
            if (!_seen.Contains(column)) _seen.Add(column);
            return -1;
        }

        _inFile[slot - Envelope.Names.Length] = true;
        return slot;
    }

    /// <summary>Begins a file: every column seen so far has a place in the block.</summary>
    public void Begin()
    {
        _seen.Sort();
        _inFile.Clear();
        for (var i = 0; i < _seen.Count; i++)
        {
            _slots[_seen[i]] = Envelope.Names.Length + i;
            _inFile.Add(false);
        }
    }

    public DuckDBType[] Types() =>
    [
        DuckDBType.Timestamp, DuckDBType.Varchar, DuckDBType.Uuid, DuckDBType.Timestamp, DuckDBType.Varchar,
        DuckDBType.Varchar, DuckDBType.Varchar, DuckDBType.Varchar, DuckDBType.Varchar, DuckDBType.Varchar, DuckDBType.Blob,
        DuckDBType.Varchar, DuckDBType.Integer,
        .. _seen.Select(column => TypeOf(column) switch
        {
            LakeType.Time => DuckDBType.Timestamp,
            LakeType.Whole32 => DuckDBType.Integer,
            LakeType.Whole64 => DuckDBType.BigInt,
            LakeType.Real => DuckDBType.Double,
            LakeType.Bool => DuckDBType.Boolean,
            _ => DuckDBType.Varchar,
        }),
    ];

    /// <summary>The staging table.</summary>
    public string CreateSql(string name)
    {
        var sql = new StringBuilder($"CREATE OR REPLACE TABLE {name} (");
        for (var i = 0; i < Envelope.Names.Length; i++)
            sql.Append(i == 0 ? "" : ", ").Append(Envelope.Names[i]).Append(' ').Append(Envelope.Types[i]);
        foreach (var column in _seen)
            sql.Append(", \"").Append(_columns[column].Name).Append("\" ").Append(Envelope.SqlType(TypeOf(column)));
        return sql.Append(')').ToString();
    }

    /// <summary>The columns of the file: the lake's own, and those that a row of it has.</summary>
    public string FileColumns() => string.Join(", ",
        Envelope.Names.Concat(_seen.Where((_, i) => _inFile[i]).Select(column => $"\"{_columns[column].Name}\"")));
}
