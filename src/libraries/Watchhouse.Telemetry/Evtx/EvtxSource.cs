using System.Buffers.Binary;

namespace Watchhouse.Telemetry;

/// <summary>
/// A Windows event log (EVTX), or chunks that were carved out of one. Blocks hold whole chunks, each with its length and
/// number in front. What the file's header says is not relied on: a log that was copied while in use has a header of the
/// past, so every chunk to the end of the file is looked at.
/// </summary>
public sealed class EvtxSource : BlockSource
{
    /// <summary>Bytes in front of each chunk in a block: its length and its number.</summary>
    internal const int Frame = sizeof(int) * 2;

    private readonly Stream _stream;
    private readonly ReadLimits _limits;
    private int _chunk;
    private long _sequence;
    private bool _started;
    private bool _ended;

    /// <summary>Reads a stream from its beginning; the source owns it.</summary>
    internal EvtxSource(Stream stream, ReadLimits limits) => (_stream, _limits) = (stream, limits);

    /// <inheritdoc/>
    public override string Format => "EVTX";

    /// <summary>Number of chunks that were handed out.</summary>
    public long Chunks { get; private set; }

    /// <summary>Number of chunks that were passed over; <see cref="BlockSource.Skipped"/> says why.</summary>
    public long DamagedChunks { get; private set; }

    /// <inheritdoc/>
    public override EventParser CreateParser() => new EvtxParser(_limits);

    /// <summary>A parser that gives events in the nested form of EVTX converters: Event, in it System and EventData.</summary>
    public EventParser CreateNestedParser() => new EvtxParser(_limits, nested: true);

    /// <inheritdoc/>
    public override bool Read(EventBlock block)
    {
        block.Length = 0;
        block.Sequence = _sequence;
        var most = Math.Max(1, _limits.BlockBytes / EvtxFormat.ChunkSize);
        for (var count = 0; count < most && ReadChunk(block);) count++;
        if (block.Length == 0) return false;
        _sequence++;
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _stream.Dispose();
        base.Dispose(disposing);
    }

    // Appends the next chunk that can be read; false at the end of the input.
    private bool ReadChunk(EventBlock block)
    {
        block.EnsureCapacity(block.Length + Frame + EvtxFormat.ChunkSize);
        var start = block.Length + Frame;
        while (!_ended)
        {
            var length = ReadWhole(block.Bytes.AsSpan(start, EvtxFormat.ChunkSize));
            if (length == 0) return false;
            var chunk = block.Bytes.AsSpan(start, length);
            if (!IsUsable(chunk)) continue;
            BinaryPrimitives.WriteInt32LittleEndian(block.Bytes.AsSpan(block.Length), length);
            BinaryPrimitives.WriteInt32LittleEndian(block.Bytes.AsSpan(block.Length + sizeof(int)), _chunk);
            if (block.Length == 0) block.FirstPosition = BinaryPrimitives.ReadInt64LittleEndian(chunk[EvtxFormat.ChunkFirstRecordId..]);
            block.Length = start + length;
            Chunks++;
            return true;
        }

        return false;
    }

    private int ReadWhole(Span<byte> chunk)
    {
        var filled = 0;
        if (!_started)
        {
            _started = true;
            filled = Fill(chunk[..8], 0);
            var carved = chunk[..filled].SequenceEqual(EvtxFormat.ChunkMagic);
            if (!carved)
            {
                // The header has 4,096 bytes, of which nothing is needed.
                for (var left = EvtxFormat.FileHeaderSize - filled; left > 0 && !_ended;) left -= Fill(chunk[..left], 0);
                filled = 0;
                if (_ended)
                {
                    Skip("The file ends within its header.");
                    return 0;
                }
            }
        }

        var length = Fill(chunk, filled);
        if (length > 0) _chunk++;
        return length;
    }

    private int Fill(Span<byte> room, int filled)
    {
        while (filled < room.Length)
        {
            var read = _stream.Read(room[filled..]);
            if (read == 0)
            {
                _ended = true;
                break;
            }

            filled += read;
        }

        return filled;
    }

    private bool IsUsable(ReadOnlySpan<byte> chunk)
    {
        // Room that Windows has set aside and not used yet.
        if (chunk.IndexOfAnyExcept((byte)0) < 0) return false;
        if (chunk.Length < EvtxFormat.ChunkHeaderSize) return Damaged($"it is cut off after {chunk.Length} bytes.");
        if (!chunk.StartsWith(EvtxFormat.ChunkMagic)) return Damaged("it does not begin as a chunk does.");
        if (!EvtxFormat.HeaderIsWhole(chunk)) return Damaged("the checksum of its header is wrong.");
        if (chunk.Length < EvtxFormat.ChunkSize)
            Skip($"Chunk {_chunk} is cut off after {chunk.Length} bytes; the records before that are read one by one.");
        else if (!EvtxFormat.DataIsWhole(chunk))
            Skip($"Chunk {_chunk} was changed: the checksum of its records is wrong; they are read one by one.");
        return true;
    }

    private bool Damaged(string reason)
    {
        DamagedChunks++;
        Skip($"Chunk {_chunk} was passed over: {reason}");
        return false;
    }
}
