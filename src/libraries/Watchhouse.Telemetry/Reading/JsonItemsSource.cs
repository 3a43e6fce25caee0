using System.Buffers.Binary;

namespace Watchhouse.Telemetry;

/// <summary>
/// JSON that is not one object a line: an array of objects, or objects one after the other over several lines. Objects
/// are cut out as the bytes stream by, and blocks hold each with its length in front.
/// </summary>
internal sealed class JsonItemsSource(Stream stream, ReadLimits limits) : BlockSource
{
    private const int Frame = sizeof(int);

    private readonly byte[] _input = new byte[64 * 1024];
    private byte[] _item = new byte[64 * 1024];
    private int _itemLength;
    private bool _itemTooLong;
    private int _at;
    private int _filled;
    private int _depth;
    private bool _inString;
    private bool _escaped;
    private long _number;
    private long _sequence;

    public override string Format => "JSON";

    public override EventParser CreateParser() => new JsonItemsParser(limits);

    public override bool Read(EventBlock block)
    {
        block.Length = 0;
        block.Sequence = _sequence;
        block.FirstPosition = _number + 1;
        while (block.Length < limits.BlockBytes && NextItem())
        {
            block.EnsureCapacity(block.Length + Frame + _itemLength);
            BinaryPrimitives.WriteInt32LittleEndian(block.Bytes.AsSpan(block.Length), _itemLength);
            _item.AsSpan(0, _itemLength).CopyTo(block.Bytes.AsSpan(block.Length + Frame));
            block.Length += Frame + _itemLength;
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

    // An item begins at an opening brace outside every item. Brackets, commas and blanks between items are passed over;
    // anything else there becomes an item of its own, to be rejected with its reason.
    private bool NextItem()
    {
        _itemLength = 0;
        _itemTooLong = false;
        while (true)
        {
            if (_at == _filled && !Refill()) return EndOfInput();
            var here = _input[_at];
            if (_depth == 0)
            {
                _at++;
                if (here is (byte)'{')
                {
                    _depth = 1;
                    Append(here);
                }
                else if (here is (byte)'[' or (byte)']' or (byte)',' or <= (byte)' ' or 0xEF or 0xBB or 0xBF)
                {
                    if (_itemLength > 0) return true;
                }
                else
                {
                    Append(here);
                }

                continue;
            }

            Step(here);
            if (_depth > 0) continue;
            if (!_itemTooLong) return true;
            _number++;
            Skip($"Item {_number} is longer than {limits.RecordBytes} bytes and was passed over.");
            _itemLength = 0;
            _itemTooLong = false;
        }
    }

    private void Step(byte here)
    {
        _at++;
        Append(here);
        if (_escaped) _escaped = false;
        else if (_inString) (_escaped, _inString) = (here == (byte)'\\', here != (byte)'"');
        else if (here == (byte)'"') _inString = true;
        else if (here is (byte)'{' or (byte)'[') _depth++;
        else if (here is (byte)'}' or (byte)']') _depth--;
    }

    private bool EndOfInput()
    {
        _depth = 0;
        if (_itemTooLong)
        {
            _number++;
            Skip($"Item {_number} is longer than {limits.RecordBytes} bytes and was passed over.");
        }

        return _itemLength > 0 && !_itemTooLong;
    }

    private bool Refill()
    {
        _at = 0;
        _filled = stream.Read(_input);
        return _filled > 0;
    }

    private void Append(byte each)
    {
        if (_itemTooLong) return;
        if (_itemLength == limits.RecordBytes)
        {
            _itemTooLong = true;
            return;
        }

        if (_itemLength == _item.Length) Array.Resize(ref _item, _item.Length * 2);
        _item[_itemLength++] = each;
    }
}

/// <summary>Parses the items of blocks.</summary>
internal sealed class JsonItemsParser(ReadLimits limits) : EventParser
{
    private readonly JsonItemParser _items = new(limits);
    private EventBlock _block = null!;
    private int _at;
    private long _number;

    public override void Start(EventBlock block)
    {
        _block = block;
        _at = 0;
        _number = block.FirstPosition;
    }

    public override ParseOutcome Next(EventRecord record, out string? reason)
    {
        while (true)
        {
            if (_items.TryNext(record, out reason)) return reason is null ? ParseOutcome.Event : ParseOutcome.Rejected;
            if (_at >= _block.Length) return ParseOutcome.End;
            var length = BinaryPrimitives.ReadInt32LittleEndian(_block.Bytes.AsSpan(_at));
            var start = _at + sizeof(int);
            _at = start + length;
            reason = _items.Parse(record, _block.Bytes, start, length, _number);
            record.Position = _number++;
            if (!ReferenceEquals(reason, JsonItemParser.ListMark)) return reason is null ? ParseOutcome.Event : ParseOutcome.Rejected;
        }
    }
}
