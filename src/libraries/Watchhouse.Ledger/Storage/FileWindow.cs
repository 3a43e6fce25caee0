namespace Watchhouse.Ledger.Storage;

/// <summary>
/// Reads a file mostly forward through a buffer, so that scanning a file of any size takes a fixed memory.
/// </summary>
internal sealed class FileWindow(LedgerFile file, int capacity = 1 << 20)
{
    private readonly byte[] _buffer = new byte[capacity];
    private long _start;
    private int _filled;

    /// <summary>
    /// The bytes at an offset, fewer than asked only at the end of the file; valid until the next call.
    /// </summary>
    public ReadOnlySpan<byte> Peek(long offset, int count)
    {
        if (offset < _start || offset + count > _start + _filled)
        {
            _start = offset;
            _filled = file.Read(_buffer, offset);
        }

        var at = (int)(offset - _start);
        return _buffer.AsSpan(at, Math.Min(count, _filled - at));
    }

    /// <summary>The bytes of the record at an offset, or as many of them as there are.</summary>
    public ReadOnlySpan<byte> PeekRecord(long offset)
    {
        var header = Peek(offset, EntryRecord.HeaderLength);
        if (header.Length < EntryRecord.HeaderLength)
            return header;
        var length = (header[4] << 16) | (header[5] << 8) | header[6];
        return Peek(offset, EntryRecord.HeaderLength + Math.Min(length, EntryRecord.MaxEntry));
    }
}
