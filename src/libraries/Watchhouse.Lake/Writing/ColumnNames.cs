using System.Text;

namespace Watchhouse.Lake.Writing;

/// <summary>Finds a column by its UTF-8 name: open addressing over the bytes, without a string.</summary>
internal sealed class ColumnNames
{
    private readonly byte[][] _names;
    private readonly int[] _slots;

    public ColumnNames(IReadOnlyList<LakeColumn> columns)
    {
        _names = [.. columns.Select(column => Encoding.UTF8.GetBytes(column.Name))];
        var size = 16;
        while (size < _names.Length * 3) size *= 2;
        _slots = new int[size];
        for (var i = 0; i < _names.Length; i++)
        {
            var slot = Hash(_names[i]) & (uint)(size - 1);
            while (_slots[slot] != 0) slot = (slot + 1) & (uint)(size - 1);
            _slots[slot] = i + 1;
        }
    }

    /// <summary>Index of the column, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        var mask = (uint)(_slots.Length - 1);
        for (var slot = Hash(name) & mask; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            if (name.SequenceEqual(_names[_slots[slot] - 1])) return _slots[slot] - 1;
        }

        return -1;
    }

    private static uint Hash(ReadOnlySpan<byte> name)
    {
        // FNV-1a; the names are the schema's and few, so nobody gains by making them collide.
        var hash = 2166136261u;
        foreach (var value in name)
            hash = (hash ^ value) * 16777619u;
        return hash ^ (hash >> 15);
    }
}
