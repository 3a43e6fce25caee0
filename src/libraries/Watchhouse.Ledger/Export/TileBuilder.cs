using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Watchhouse.Ledger.Merkle;

namespace Watchhouse.Ledger.Export;

/// <summary>Receives a finished file of the tiled log.</summary>
internal delegate void TileSink(string name, ReadOnlySpan<byte> bytes, long firstEntry);

/// <summary>
/// Makes the static files of c2sp.org/tlog-tiles from entries in order: entry bundles and hash tiles of 256, and at
/// the end the partial ones of the right edge. Holds one tile per level.
/// </summary>
internal sealed class TileBuilder(TileSink sink)
{
    private const int Width = 256;

    private readonly ArrayBufferWriter<byte> _bundle = new(1 << 16);
    private readonly List<Level> _levels = [];
    private long _entries;

    public void Add(ReadOnlySpan<byte> entry, in LedgerHash leaf)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_bundle.GetSpan(2), checked((ushort)entry.Length));
        _bundle.Advance(2);
        _bundle.Write(entry);
        _entries++;
        if (_entries % Width == 0)
            EmitBundle((_entries / Width) - 1, Width);
        AddHash(0, leaf);
    }

    /// <summary>Emits the partial tiles.</summary>
    public void Finish()
    {
        if (_entries % Width is var rest and > 0)
            EmitBundle(_entries / Width, (int)rest);
        for (var level = 0; level < _levels.Count; level++)
        {
            if (_levels[level].Count > 0)
                EmitTile(level);
        }
    }

    /// <summary>The name of a tile: the index in groups of three digits, all but the last marked with x.</summary>
    public static string NameOf(string level, long index, int width)
    {
        var name = (index % 1000).ToString("d3", CultureInfo.InvariantCulture);
        for (var rest = index / 1000; rest > 0; rest /= 1000)
            name = string.Create(CultureInfo.InvariantCulture, $"x{rest % 1000:d3}/{name}");
        return width == Width
            ? $"tile/{level}/{name}"
            : string.Create(CultureInfo.InvariantCulture, $"tile/{level}/{name}.p/{width}");
    }

    private void AddHash(int number, in LedgerHash hash)
    {
        if (number == _levels.Count)
            _levels.Add(new Level());
        var level = _levels[number];
        level.Frontier.Append(hash, stackalloc LedgerHash[MerkleFrontier.MaxCompleted]);
        hash.CopyTo(level.Hashes.AsSpan(level.Count++ * LedgerHash.Size));
        if (level.Count < Width)
            return;
        EmitTile(number);
        var root = level.Frontier.Root();
        level.Restart();
        AddHash(number + 1, root);
    }

    private void EmitTile(int number)
    {
        var level = _levels[number];
        sink(
            NameOf(number.ToString(CultureInfo.InvariantCulture), level.Index, level.Count),
            level.Hashes.AsSpan(0, level.Count * LedgerHash.Size),
            level.Index << (8 * (number + 1)));
    }

    private void EmitBundle(long index, int width)
    {
        sink(NameOf("entries", index, width), _bundle.WrittenSpan, index * Width);
        _bundle.ResetWrittenCount();
    }

    private sealed class Level
    {
        public byte[] Hashes { get; } = new byte[Width * LedgerHash.Size];

        public MerkleFrontier Frontier { get; private set; } = new();

        public int Count { get; set; }

        public long Index { get; private set; }

        public void Restart()
        {
            Frontier = new MerkleFrontier();
            Count = 0;
            Index++;
        }
    }
}
