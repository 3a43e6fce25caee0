using System.Buffers.Binary;

namespace Watchhouse.Telemetry;

/// <summary>Reads forward through a part of a chunk and never beyond it. Offsets are the chunk's, as in the format.</summary>
internal ref struct BinXmlCursor
{
    private readonly ReadOnlySpan<byte> _chunk;
    private readonly int _end;

    /// <exception cref="InvalidDataException">The part does not lie in the chunk.</exception>
    public BinXmlCursor(ReadOnlySpan<byte> chunk, int start, int end)
    {
        if (start < 0 || start > end || end > chunk.Length) throw Broken(start, "a part lies outside its chunk");
        _chunk = chunk;
        _end = end;
        At = start;
    }

    public readonly ReadOnlySpan<byte> Chunk => _chunk;

    public int At { get; private set; }

    public readonly int End => _end;

    public readonly bool IsAtEnd => At >= _end;

    public readonly byte Peek() => At < _end ? _chunk[At] : throw Broken(At, "the binary XML ends too early");

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)(_end - At)) throw Broken(At, "the binary XML ends too early");
        var taken = _chunk.Slice(At, count);
        At += count;
        return taken;
    }

    public static InvalidDataException Broken(int at, string what) => new($"At byte {at} of its chunk {what}.");
}
