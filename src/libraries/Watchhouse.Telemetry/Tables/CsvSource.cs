namespace Watchhouse.Telemetry;

/// <summary>
/// Rows under a header row. A row may go over several lines; its position is the line on which it begins. The header is read
/// with the first block and is no event.
/// </summary>
internal sealed class CsvSource(Stream stream, byte separator, ReadLimits limits) : LineSource(stream, limits)
{
    private TableHeader? _header;

    public override string Format => "CSV";

    public override EventParser CreateParser() => new CsvParser(Limits);

    protected override int WholeLength(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (RowReader.RowLength(bytes[at..], separator) is > 0 and var length) at += length;
        return at;
    }

    protected override void Filled(EventBlock block)
    {
        if (_header is null)
        {
            var text = block.Bytes.AsSpan(0, block.Length);
            if (text.StartsWith("\uFEFF"u8)) text = text[3..];
            text = text.TrimStart(" \r\n"u8);
            var length = RowReader.RowLength(text, separator);
            if (length == 0) length = text.Length;
            _header = TableHeader.Read(text[..length].TrimEnd("\r\n"u8), separator);
        }

        block.Context = _header;
    }
}

/// <summary>Parses blocks of rows.</summary>
internal sealed class CsvParser(ReadLimits limits) : EventParser
{
    private readonly EnvelopeNormaliser _normaliser = new(new(limits, null));
    private EventBlock _block = null!;
    private TableHeader _header = null!;
    private byte[] _scratch = [];
    private int _at;
    private long _line;

    public override void Start(EventBlock block)
    {
        (_block, _header, _at, _line) = (block, (TableHeader)block.Context!, 0, block.FirstPosition);
        if (block.FirstPosition == 1 && block.Sequence == 0) PassHeader();
    }

    public override ParseOutcome Next(EventRecord record, out string? reason)
    {
        reason = null;
        while (_at < _block.Length)
        {
            var (start, line) = (_at, _line);
            var row = TakeRow().TrimEnd("\r\n"u8);
            if (row.Trim(" \t"u8).IsEmpty) continue;
            record.Begin(_block.Bytes, start, row.Length, line);
            reason = row.Length > limits.RecordBytes
                ? $"The row has {row.Length} bytes; the limit is {limits.RecordBytes}."
                : Parse(record, RecordFields.Utf8Text(row, ref _scratch));
            if (reason is not null) return ParseOutcome.Rejected;
            _normaliser.Normalise(record);
            return ParseOutcome.Event;
        }

        return ParseOutcome.End;
    }

    private string? Parse(EventRecord record, ReadOnlySpan<byte> row)
    {
        var root = record.Open(EventNodeKind.Mapping);
        var cells = new RowReader(row, _header.Separator);
        var column = 0;
        while (cells.Next())
        {
            if (column == _header.Names.Length)
            {
                // A separator at the end of each row is common, and says nothing.
                if (cells.Cell.IsEmpty) continue;
                return $"The row has more cells than the {_header.Names.Length} columns of the header.";
            }

            var name = _header.Names[column++];
            // An export writes what is absent and what is empty alike.
            if (cells.Cell.IsEmpty) continue;
            if (cells.HasDoubled) AddUndoubled(record, name, cells.Cell);
            else record.AddTextOrJson(name, cells.Cell, limits);
        }

        if (!cells.IsWhole) return "The row has a quotation mark that is never closed.";
        if (column == 1 && _header.Names.Length > 2) return $"The row has 1 cell where the header has {_header.Names.Length} columns.";
        record.Close(root);
        return record.NodeCount >= limits.Nodes ? $"The record holds more than {limits.Nodes} values." : null;
    }

    private void AddUndoubled(EventRecord record, ReadOnlySpan<byte> name, ReadOnlySpan<byte> cell)
    {
        var room = record.Reserve(cell.Length);
        var length = 0;
        for (var at = 0; at < cell.Length; at++)
        {
            room[length++] = cell[at];
            if (cell[at] == (byte)'"' && at + 1 < cell.Length && cell[at + 1] == (byte)'"') at++;
        }

        var start = record.Commit(length);
        if (RecordFields.LooksLikeJson(record.Owned.Slice(start, length))
            && JsonEventParser.TryAppendOwned(record, name, start, length, lift: false, limits)) return;
        record.AddOwned(EventNodeKind.Text, name, start, length);
    }

    private void PassHeader()
    {
        while (_at < _block.Length && TakeRow().Trim(" \r\n\uFEFF"u8).IsEmpty)
        {
        }
    }

    private ReadOnlySpan<byte> TakeRow()
    {
        var rest = _block.Bytes.AsSpan(_at, _block.Length - _at);
        var bom = _at == 0 && _block.Sequence == 0 && rest.StartsWith("\uFEFF"u8) ? 3 : 0;
        var length = RowReader.RowLength(rest[bom..], _header.Separator);
        length = length == 0 ? rest.Length : length + bom;
        _at += length;
        _line += rest[..length].Count((byte)'\n');
        return rest[..length];
    }
}
