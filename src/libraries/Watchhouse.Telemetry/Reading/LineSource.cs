namespace Watchhouse.Telemetry;

/// <summary>Gives an input of lines as blocks of whole lines.</summary>
internal abstract class LineSource(Stream stream, ReadLimits limits) : BlockSource
{
    private byte[] _rest = [];
    private int _restLength;
    private long _nextLine = 1;
    private long _sequence;
    private bool _ended;
    private bool _passingOver;

    protected ReadLimits Limits => limits;

    public override bool Read(EventBlock block)
    {
        while (true)
        {
            if (_ended && _restLength == 0) return false;
            block.Length = 0;
            block.EnsureCapacity(Math.Max(limits.BlockBytes, _restLength * 2));
            _rest.AsSpan(0, _restLength).CopyTo(block.Bytes);
            block.Length = _restLength;
            _restLength = 0;
            var end = Fill(block);
            if (end < 0) continue;
            Keep(block.Bytes.AsSpan(end, block.Length - end));
            block.Length = end;
            if (end == 0) continue;
            block.FirstPosition = _nextLine;
            block.Sequence = _sequence++;
            block.Context = null;
            _nextLine += CountPositions(block.Bytes.AsSpan(0, end));
            Filled(block);
            return true;
        }
    }

    /// <summary>Length of the whole records at the beginning of the bytes; by default of the whole lines.</summary>
    protected virtual int WholeLength(ReadOnlySpan<byte> bytes) => bytes.LastIndexOf((byte)'\n') + 1;

    /// <summary>By how many positions whole records go on; by default lines.</summary>
    protected virtual long CountPositions(ReadOnlySpan<byte> bytes) => bytes.Count((byte)'\n');

    /// <summary>Called with each block before it is given out.</summary>
    protected virtual void Filled(EventBlock block)
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) stream.Dispose();
        base.Dispose(disposing);
    }

    // Reads until the block is full and holds a line feed; returns where its last whole line ends, or -1 where what was
    // read belongs to a line that is too long and was thrown away.
    private int Fill(EventBlock block)
    {
        while (true)
        {
            while (block.Length < block.Bytes.Length)
            {
                var read = stream.Read(block.Bytes, block.Length, block.Bytes.Length - block.Length);
                if (read == 0)
                {
                    _ended = true;
                    break;
                }

                block.Length += read;
            }

            if (_passingOver && !PassOver(block)) return _ended ? 0 : -1;
            if (_ended) return block.Length;
            var end = WholeLength(block.Bytes.AsSpan(0, block.Length));
            if (end > 0) return end;
            if (block.Length > limits.RecordBytes)
            {
                Skip($"Line {_nextLine} is longer than {limits.RecordBytes} bytes and was passed over.");
                _passingOver = true;
                _nextLine += block.Bytes.AsSpan(0, block.Length).Count((byte)'\n');
                block.Length = 0;
                continue;
            }

            block.EnsureCapacity(block.Length + 1);
        }
    }

    // Throws away up to the end of the line; false where that has not come yet.
    private bool PassOver(EventBlock block)
    {
        var feed = block.Bytes.AsSpan(0, block.Length).IndexOf((byte)'\n');
        if (feed < 0)
        {
            block.Length = 0;
            return false;
        }

        _passingOver = false;
        _nextLine++;
        block.Bytes.AsSpan(feed + 1, block.Length - feed - 1).CopyTo(block.Bytes);
        block.Length -= feed + 1;
        return true;
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (_rest.Length < rest.Length) _rest = new byte[rest.Length * 2];
        rest.CopyTo(_rest);
        _restLength = rest.Length;
    }
}

/// <summary>Goes through the lines of a block.</summary>
internal abstract class LineParser(ReadLimits limits) : EventParser
{
    private EventBlock _block = null!;
    private int _at;
    private long _line;

    protected ReadLimits Limits => limits;

    public override void Start(EventBlock block)
    {
        _block = block;
        _at = 0;
        _line = block.FirstPosition - 1;
    }

    public override ParseOutcome Next(EventRecord record, out string? reason)
    {
        reason = null;
        while (_at < _block.Length)
        {
            var start = _at;
            var length = _block.Bytes.AsSpan(start, _block.Length - start).IndexOf((byte)'\n');
            if (length < 0) length = _block.Length - start;
            _at = start + length + 1;
            _line++;
            if (length > 0 && _block.Bytes[start + length - 1] == (byte)'\r') length--;
            // A byte-order mark at the very beginning is no part of the first record.
            if (_line == 1 && _block.Bytes.AsSpan(start, length).StartsWith("\uFEFF"u8))
            {
                start += 3;
                length -= 3;
            }

            if (_block.Bytes.AsSpan(start, length).Trim(" \t"u8).Length == 0) continue;
            reason = length > limits.RecordBytes
                ? $"The line has {length} bytes; the limit is {limits.RecordBytes}."
                : Parse(record, _block.Bytes, start, length, _line);
            if (reason is null) return ParseOutcome.Event;
            record.Position = _line;
            return ParseOutcome.Rejected;
        }

        return ParseOutcome.End;
    }

    /// <summary>Reads one line into the record; null, or why it is no event.</summary>
    protected abstract string? Parse(EventRecord record, byte[] source, int start, int length, long position);
}
