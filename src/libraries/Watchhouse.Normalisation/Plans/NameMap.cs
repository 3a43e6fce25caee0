using System.Buffers.Binary;
using System.Text;

namespace Watchhouse.Normalisation;

/// <summary>Finds the number of a name in UTF-8. Names of columns are long and alike, so both ends and the middle are hashed.</summary>
internal sealed class NameMap
{
    private readonly byte[][] _names;
    private readonly int[] _table;
    private readonly int _mask;

    public NameMap(IReadOnlyList<string> names)
    {
        _names = [.. names.Select(Encoding.UTF8.GetBytes)];
        var size = 8;
        while (size < _names.Length * 3) size *= 2;
        _mask = size - 1;
        _table = new int[size];
        for (var index = 0; index < _names.Length; index++)
        {
            var at = (int)Hash(_names[index]) & _mask;
            while (_table[at] != 0) at = (at + 1) & _mask;
            _table[at] = index + 1;
        }
    }

    /// <summary>The number of the name in the list that the map was made of, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name, uint hash)
    {
        for (var at = (int)hash & _mask; _table[at] != 0; at = (at + 1) & _mask)
        {
            if (name.SequenceEqual(_names[_table[at] - 1])) return _table[at] - 1;
        }

        return -1;
    }

    public static uint Hash(ReadOnlySpan<byte> name)
    {
        const ulong first = 0x9E3779B97F4A7C15, second = 0xC2B2AE3D27D4EB4F;
        ulong head, tail, middle = 0;
        switch (name.Length)
        {
            case >= 8:
                head = BinaryPrimitives.ReadUInt64LittleEndian(name);
                tail = BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]);
                if (name.Length > 16) middle = BinaryPrimitives.ReadUInt64LittleEndian(name[((name.Length / 2) - 4)..]);
                break;
            case >= 4:
                head = BinaryPrimitives.ReadUInt32LittleEndian(name);
                tail = BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]);
                break;
            case > 0:
                head = name[0];
                tail = (ulong)name[^1] << 8 | name[name.Length / 2];
                break;
            default:
                return 0;
        }

        var hash = ((head ^ (ulong)name.Length) * first) ^ ((tail + (middle * first)) * second);
        hash ^= hash >> 29;
        return (uint)((hash * first) >> 32);
    }
}
