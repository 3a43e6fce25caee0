using System.Buffers.Binary;
using System.Buffers.Text;

namespace Watchhouse.Telemetry;

/// <summary>
/// Reads the records of chunks, as flat events for detection or in the nested form. Each damaged record is rejected, and
/// the next one that looks like a record is gone on with. The position of an event is its EventRecordID, by which people
/// find it in the log; Windows numbers the records of an exported file anew, so a record's own number, which a rejected one
/// is known by, may differ.
/// </summary>
internal sealed class EvtxParser : EventParser
{
    private readonly BinXmlScope _scope;
    private readonly FlatWriter? _flat;
    private readonly XmlTree? _tree;
    private readonly XmlShape? _shape;
    private EventBlock _block = null!;
    private int _nextChunk;
    private int _chunk;
    private int _chunkNumber;
    private int _at;
    private int _end;
    private long _lastId;

    public EvtxParser(ReadLimits limits, bool nested = false)
    {
        _scope = new(limits);
        if (nested) (_tree, _shape) = (new(_scope, HexForm.Padded), new(limits));
        else _flat = new(_scope, limits);
    }

    public override void Start(EventBlock block)
    {
        _block = block;
        (_nextChunk, _at, _end) = (0, 0, 0);
    }

    public override ParseOutcome Next(EventRecord record, out string? reason)
    {
        reason = null;
        // Room without anything in it holds no record that could be damaged.
        while (_at >= _end || _scope.Chunk[_at.._end].IndexOfAnyExcept((byte)0) < 0)
        {
            if (!NextChunk()) return ParseOutcome.End;
        }

        var start = _at;
        var chunk = _scope.Chunk[.._end];
        var length = LengthOf(chunk, start);
        if (length == 0)
        {
            _at = NextRecord(chunk, start + 1);
            record.Begin(_block.Bytes, _chunk + start, _at - start, _lastId + 1);
            reason = Say(start, "no record begins there.");
            return ParseOutcome.Rejected;
        }

        _at = start + length;
        _lastId = BinaryPrimitives.ReadInt64LittleEndian(chunk[(start + 8)..]);
        record.Begin(_block.Bytes, _chunk + start, length, _lastId);
        try
        {
            Read(record, start + EvtxFormat.RecordHeaderSize, _at - sizeof(int));
            return ParseOutcome.Event;
        }
        catch (InvalidDataException e)
        {
            reason = Say(start, e.Message);
            return ParseOutcome.Rejected;
        }
        finally
        {
            _scope.EndRecord(record.OwnedLength + (_tree?.Length ?? 0));
        }
    }

    private void Read(EventRecord record, int start, int end)
    {
        _scope.BeginRecord();
        if (_flat is not null)
        {
            _flat.Write(record, start, end);
            return;
        }

        _tree!.Begin();
        _tree.ExpandFragment(start, end);
        _shape!.WriteRoot(_tree, record);
        TakeRecordId(record);
    }

    private static void TakeRecordId(EventRecord record)
    {
        var at = record.Find("Event"u8);
        if (at >= 0) at = record.FindIn(at, "System"u8);
        if (at >= 0) at = record.FindIn(at, "EventRecordID"u8);
        if (at >= 0 && Utf8Parser.TryParse(record.ValueOf(record[at]), out long id, out _)) record.Position = id;
    }

    private bool NextChunk()
    {
        if (_nextChunk >= _block.Length) return false;
        var frame = _block.Bytes.AsSpan(_nextChunk);
        var length = BinaryPrimitives.ReadInt32LittleEndian(frame);
        _chunkNumber = BinaryPrimitives.ReadInt32LittleEndian(frame[sizeof(int)..]);
        _chunk = _nextChunk + EvtxSource.Frame;
        _nextChunk = _chunk + length;
        _scope.BeginChunk(_block.Bytes, _chunk, length);
        _end = EvtxFormat.EndOfRecords(_scope.Chunk);
        _lastId = BinaryPrimitives.ReadInt64LittleEndian(_scope.Chunk[EvtxFormat.ChunkFirstRecordId..]) - 1;
        _at = EvtxFormat.ChunkHeaderSize;
        return true;
    }

    // The length of the record at an offset; 0 where there is none. It stands at both ends.
    private static int LengthOf(ReadOnlySpan<byte> chunk, int at)
    {
        if (chunk.Length - at < EvtxFormat.RecordOverhead || !chunk[at..].StartsWith(EvtxFormat.RecordMagic)) return 0;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[(at + 4)..]);
        if (length < EvtxFormat.RecordOverhead || length > chunk.Length - at) return 0;
        return BinaryPrimitives.ReadUInt32LittleEndian(chunk[(at + (int)length - sizeof(int))..]) == length ? (int)length : 0;
    }

    private static int NextRecord(ReadOnlySpan<byte> chunk, int at)
    {
        while (at < chunk.Length)
        {
            var found = chunk[at..].IndexOf(EvtxFormat.RecordMagic);
            if (found < 0) return chunk.Length;
            at += found;
            if (LengthOf(chunk, at) > 0) return at;
            at++;
        }

        return chunk.Length;
    }

    private string Say(int at, string reason) => $"Chunk {_chunkNumber}, byte {at}: {reason}";
}
