using System.Buffers.Binary;

namespace Watchhouse.Telemetry;

/// <summary>
/// Event elements of Windows, one after the other or inside Events, on one line or over many. They are cut out as the bytes
/// stream by. Positions count events. Text that stands outside of elements is rejected; declarations, comments and the tags of
/// an enclosing element are passed over.
/// </summary>
internal sealed class XmlItemsSource(Stream stream, ReadLimits limits) : BlockSource
{
    private const int Frame = sizeof(int);

    private byte[] _buffer = new byte[64 * 1024];
    private int _at;
    private int _filled;
    private bool _ended;
    private long _number;
    private long _sequence;

    public override string Format => "Windows event XML";

    public override EventParser CreateParser() => new XmlItemsParser(limits);

    public override bool Read(EventBlock block)
    {
        block.Length = 0;
        block.Sequence = _sequence;
        block.FirstPosition = _number + 1;
        block.Context = null;
        while (block.Length < limits.BlockBytes && Next() is { Length: > 0 } item)
        {
            block.EnsureCapacity(block.Length + Frame + item.Length);
            BinaryPrimitives.WriteInt32LittleEndian(block.Bytes.AsSpan(block.Length), item.Length);
            item.CopyTo(block.Bytes.AsSpan(block.Length + Frame));
            block.Length += Frame + item.Length;
            _number++;
        }

        if (block.Length == 0) return false;
        _sequence++;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) stream.Dispose();
        base.Dispose(disposing);
    }

    private ReadOnlySpan<byte> Next()
    {
        while (true)
        {
            PassBlanks();
            if (_at == _filled) return default;
            var first = _buffer[_at];
            if (first != (byte)'<')
            {
                var end = Find("<"u8, 0);
                return Take(end < 0 ? _filled - _at : end);
            }

            if (Starts("<!--"u8)) Pass("-->"u8);
            else if (Starts("<?"u8)) Pass("?>"u8);
            else if (Starts("<Event"u8) && IsNameEnd(6))
            {
                var end = Find("</Event>"u8, 0);
                if (end == TooLong)
                {
                    _number++;
                    Skip($"Event {_number} is longer than {limits.RecordBytes} bytes and was passed over.");
                    Pass("</Event>"u8);
                    continue;
                }

                return Take(end < 0 ? _filled - _at : end + 8);
            }
            else if (Starts("<!"u8)) return Take(Find(">"u8, 0) is var end and >= 0 ? end + 1 : _filled - _at);
            else Pass(">"u8);
        }
    }

    private const int TooLong = -2;

    // Where the mark begins, counted from here; -1 where the input ends before it.
    private int Find(ReadOnlySpan<byte> mark, int from)
    {
        while (true)
        {
            var found = _buffer.AsSpan(_at + from, _filled - _at - from).IndexOf(mark);
            if (found >= 0) return from + found;
            if (_filled - _at > limits.RecordBytes) return TooLong;
            from = Math.Max(from, _filled - _at - mark.Length + 1);
            if (!Fill()) return -1;
        }
    }

    private void Pass(ReadOnlySpan<byte> mark)
    {
        while (true)
        {
            var found = Find(mark, 0);
            if (found >= 0)
            {
                _at += found + mark.Length;
                return;
            }

            // Only the end of what was read may hold the beginning of the mark.
            _at = found == TooLong ? Math.Max(_at, _filled - mark.Length + 1) : _filled;
            if (found != TooLong) return;
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        length = Math.Clamp(length, 1, _filled - _at);
        _at += length;
        return _buffer.AsSpan(_at - length, length);
    }

    private void PassBlanks()
    {
        while (true)
        {
            while (_at < _filled && _buffer[_at] is <= (byte)' ' or 0xEF or 0xBB or 0xBF) _at++;
            if (_at < _filled || !Fill()) return;
        }
    }

    private bool Starts(ReadOnlySpan<byte> text)
    {
        while (_filled - _at < text.Length && Fill())
        {
        }

        return _buffer.AsSpan(_at, _filled - _at).StartsWith(text);
    }

    private bool IsNameEnd(int at)
    {
        while (_filled - _at <= at && Fill())
        {
        }

        return _filled - _at > at && _buffer[_at + at] is <= (byte)' ' or (byte)'>' or (byte)'/';
    }

    private bool Fill()
    {
        if (_ended) return false;
        if (_at > 0)
        {
            _buffer.AsSpan(_at, _filled - _at).CopyTo(_buffer);
            _filled -= _at;
            _at = 0;
        }

        if (_filled == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = stream.Read(_buffer, _filled, _buffer.Length - _filled);
        _filled += read;
        _ended = read == 0;
        return read > 0;
    }
}
