using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using DuckDB.NET.Native;

namespace Watchhouse.Lake.Writing;

/// <summary>
/// One block of rows in the engine's own vectors, filled straight from UTF-8: the row interface would make a string of
/// every value and go through the engine once a value more.
/// </summary>
internal sealed unsafe class StagingChunk : IDisposable
{
    /// <summary>Rows of a block; the engine's vector size.</summary>
    public const int Capacity = 2048;

    private static readonly byte[] Nothing = [0];

    private readonly DuckDBDataChunk _chunk;
    private readonly IntPtr[] _vectors;
    private readonly IntPtr[] _data;
    private readonly IntPtr[] _validity;
    private byte[] _repaired = new byte[256];

    /// <summary>Makes a block with columns of these types, of which all values are NULL.</summary>
    public StagingChunk(ReadOnlySpan<DuckDBType> types)
    {
        var logical = new DuckDBLogicalType[types.Length];
        try
        {
            var handles = new IntPtr[types.Length];
            for (var i = 0; i < types.Length; i++)
            {
                logical[i] = NativeMethods.LogicalType.DuckDBCreateLogicalType(types[i]);
                handles[i] = logical[i].DangerousGetHandle();
            }

            _chunk = NativeMethods.DataChunks.DuckDBCreateDataChunk(handles, (ulong)handles.Length);
        }
        finally
        {
            foreach (var type in logical) type?.Dispose();
        }

        _vectors = new IntPtr[types.Length];
        _data = new IntPtr[types.Length];
        _validity = new IntPtr[types.Length];
        Clear();
    }

    public int Columns => _vectors.Length;

    /// <summary>Empties the block: every value is NULL again.</summary>
    public void Clear()
    {
        NativeMethods.DataChunks.DuckDBDataChunkReset(_chunk);
        for (var i = 0; i < _vectors.Length; i++)
        {
            var vector = NativeMethods.DataChunks.DuckDBDataChunkGetVector(_chunk, i);
            NativeMethods.Vectors.DuckDBVectorEnsureValidityWritable(vector);
            _vectors[i] = vector;
            _data[i] = (IntPtr)NativeMethods.Vectors.DuckDBVectorGetData(vector);
            _validity[i] = (IntPtr)NativeMethods.Vectors.DuckDBVectorGetValidity(vector);
            NativeMemory.Clear((void*)_validity[i], Capacity / 8);
        }
    }

    public void AppendTo(DuckDBAppender appender, int rows)
    {
        _ = NativeMethods.DataChunks.DuckDBDataChunkSetSize(_chunk, (ulong)rows);
        Staging.Check(appender, NativeMethods.Appender.DuckDBAppendDataChunk(appender, _chunk));
    }

    public void SetText(int column, int row, ReadOnlySpan<byte> text)
    {
        // The engine takes text that is no UTF-8 for NULL; what an attacker mangled is worth keeping as far as it goes.
        if (!Utf8.IsValid(text))
            text = Repair(text);
        SetBytes(column, row, text);
    }

    public void SetBytes(int column, int row, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes.IsEmpty ? Nothing : bytes)
            NativeMethods.Vectors.DuckDBVectorAssignStringElementLength(_vectors[column], (ulong)row, start, bytes.Length);
        SetValid(column, row);
    }

    public void SetTime(int column, int row, long utcTicks) =>
        Set(column, row, LakeTimes.ToMicroseconds(utcTicks));

    /// <summary>Sets an id as the engine keeps one: 128 bits with the highest turned, so that they sort as signed.</summary>
    public void SetId(int column, int row, UInt128 id) => Set(column, row, id ^ (UInt128.One << 127));

    public void Set<T>(int column, int row, T value)
        where T : unmanaged
    {
        ((T*)_data[column])[row] = value;
        SetValid(column, row);
    }

    public void SetNull(int column, int row) => ((ulong*)_validity[column])[row >> 6] &= ~(1UL << (row & 63));

    public void Dispose() => _chunk.Dispose();

    private void SetValid(int column, int row) => ((ulong*)_validity[column])[row >> 6] |= 1UL << (row & 63);

    private ReadOnlySpan<byte> Repair(ReadOnlySpan<byte> text)
    {
        // Each broken byte becomes U+FFFD, which is three bytes long.
        if (_repaired.Length < text.Length * 3L)
            _repaired = new byte[checked(text.Length * 3)];
        var length = 0;
        while (!text.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(text, out var rune, out var consumed);
            length += (status == System.Buffers.OperationStatus.Done ? rune : Rune.ReplacementChar)
                .EncodeToUtf8(_repaired.AsSpan(length));
            text = text[consumed..];
        }

        return _repaired.AsSpan(0, length);
    }
}
