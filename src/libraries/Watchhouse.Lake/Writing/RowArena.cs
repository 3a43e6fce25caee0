using System.Buffers;
using System.Runtime.CompilerServices;

namespace Watchhouse.Lake.Writing;

/// <summary>The parts of a gathered row, in the order their bytes lie.</summary>
internal enum RowPart
{
    Source, Computer, Account, SourceIp, TargetIp, Activity, Columns, Unknown, Raw, Format,
}

[InlineArray(10)]
internal struct PartLengths
{
    private int _first;
}

/// <summary>Where a gathered row lies and what is needed to order it.</summary>
internal struct GatheredRow
{
    public UInt128 Key;
    public long TimeTicks;
    public long ReceivedTicks;
    public int Chunk;
    public int Offset;
    public int Line;
    public PartLengths Lengths;
}

/// <summary>
/// Gathered rows as bytes in a few rented arrays: no object a row, so that holding a hundred thousand of them costs the
/// garbage collector nothing.
/// </summary>
internal sealed class RowArena : IDisposable
{
    private const int FirstChunk = 4 << 10;
    private const int LargestChunk = 1 << 20;

    private readonly List<byte[]> _chunks = [];
    private GatheredRow[] _rows = ArrayPool<GatheredRow>.Shared.Rent(16);
    private int _used;

    public int Count { get; private set; }

    /// <summary>Bytes of the rows themselves.</summary>
    public long ContentBytes { get; private set; }

    /// <summary>Bytes that are held for them.</summary>
    public long HeldBytes { get; private set; }

    public ReadOnlySpan<GatheredRow> Rows => _rows.AsSpan(0, Count);

    public static int LengthOf(in LakeRow row, int sourceLength, int formatLength) => checked(
        sourceLength + formatLength + row.Computer.Length + row.Account.Length + row.SourceIp.Length + row.TargetIp.Length
        + row.Activity.Length + row.Columns.Length + row.UnknownFields.Length + row.Raw.Length);

    public void Add(in LakeRow row, ReadOnlySpan<byte> source, ReadOnlySpan<byte> format)
    {
        var length = LengthOf(row, source.Length, format.Length);
        if (_chunks.Count == 0 || _chunks[^1].Length - _used < length)
            AddChunk(length);
        if (Count == _rows.Length)
            Grow();
        ref var gathered = ref _rows[Count];
        gathered.Key = Files.IdIndex.Key(row.EventId);
        gathered.TimeTicks = row.Time.UtcTicks;
        gathered.ReceivedTicks = row.ReceivedAt.UtcTicks;
        gathered.Chunk = _chunks.Count - 1;
        gathered.Offset = _used;
        gathered.Line = row.Line;
        Put(ref gathered, RowPart.Source, source);
        Put(ref gathered, RowPart.Computer, row.Computer.Span);
        Put(ref gathered, RowPart.Account, row.Account.Span);
        Put(ref gathered, RowPart.SourceIp, row.SourceIp.Span);
        Put(ref gathered, RowPart.TargetIp, row.TargetIp.Span);
        Put(ref gathered, RowPart.Activity, row.Activity.Span);
        Put(ref gathered, RowPart.Columns, row.Columns.Span);
        Put(ref gathered, RowPart.Unknown, row.UnknownFields.Span);
        Put(ref gathered, RowPart.Raw, row.Raw.Span);
        Put(ref gathered, RowPart.Format, format);
        Count++;
        ContentBytes += length;
    }

    public ReadOnlySpan<byte> Part(in GatheredRow row, RowPart part)
    {
        var offset = row.Offset;
        for (var i = 0; i < (int)part; i++)
            offset += row.Lengths[i];
        return _chunks[row.Chunk].AsSpan(offset, row.Lengths[(int)part]);
    }

    public void Dispose()
    {
        foreach (var chunk in _chunks)
            ArrayPool<byte>.Shared.Return(chunk);
        _chunks.Clear();
        if (_rows.Length > 0)
            ArrayPool<GatheredRow>.Shared.Return(_rows);
        _rows = [];
        Count = 0;
    }

    private void Put(ref GatheredRow row, RowPart part, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_chunks[^1].AsSpan(_used));
        _used += bytes.Length;
        row.Lengths[(int)part] = bytes.Length;
    }

    private void AddChunk(int length)
    {
        var next = _chunks.Count == 0 ? FirstChunk : Math.Min(LargestChunk, _chunks[^1].Length * 2);
        var chunk = ArrayPool<byte>.Shared.Rent(Math.Max(length, next));
        _chunks.Add(chunk);
        HeldBytes += chunk.Length;
        _used = 0;
    }

    private void Grow()
    {
        var larger = ArrayPool<GatheredRow>.Shared.Rent(_rows.Length * 2);
        _rows.AsSpan(0, Count).CopyTo(larger);
        ArrayPool<GatheredRow>.Shared.Return(_rows);
        HeldBytes += (larger.Length - _rows.Length) * (long)Unsafe.SizeOf<GatheredRow>();
        _rows = larger;
    }
}
