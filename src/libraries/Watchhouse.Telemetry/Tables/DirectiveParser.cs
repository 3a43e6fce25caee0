namespace Watchhouse.Telemetry;

/// <summary>Parses blocks of W3C extended logs and of Zeek's.</summary>
internal sealed class DirectiveParser(ReadLimits limits) : LineParser(limits)
{
    private DirectiveState _state = DirectiveState.W3c;
    private byte[] _scratch = [];

    public override void Start(EventBlock block)
    {
        base.Start(block);
        _state = (DirectiveState)block.Context!;
    }

    public override ParseOutcome Next(EventRecord record, out string? reason)
    {
        while (true)
        {
            var outcome = base.Next(record, out reason);
            if (outcome != ParseOutcome.Rejected || !ReferenceEquals(reason, Directive)) return outcome;
        }
    }

    private const string Directive = "The line is a directive.";

    protected override string? Parse(EventRecord record, byte[] source, int start, int length, long position)
    {
        record.Begin(source, start, length, position);
        var line = RecordFields.Utf8Text(source.AsSpan(start, length), ref _scratch);
        if (line[0] == (byte)'#')
        {
            _state = _state.After(line);
            return Directive;
        }

        if (_state.Header is not { } header)
            return _state.IsZeek ? "No #fields line stands before the record." : "No #Fields line stands before the record.";
        var root = record.Open(EventNodeKind.Mapping);
        var error = _state.IsZeek ? Zeek(record, line, header) : W3c(record, line, header);
        record.Close(root);
        return error ?? (record.NodeCount >= Limits.Nodes ? $"The record holds more than {Limits.Nodes} values." : null);
    }

    private string? W3c(EventRecord record, ReadOnlySpan<byte> line, TableHeader header)
    {
        var cells = new RowReader(line, header.Separator);
        var column = 0;
        var (date, time) = (-1, -1);
        while (cells.Next())
        {
            if (column == header.Names.Length)
            {
                if (cells.Cell.IsEmpty) continue;
                return $"The line has more values than the {header.Names.Length} columns of #Fields.";
            }

            var name = header.Names[column++];
            if (cells.Cell.IsEmpty || cells.Cell.SequenceEqual(_state.Unset)) continue;
            if (name.AsSpan().SequenceEqual("date"u8)) date = record.NodeCount;
            else if (name.AsSpan().SequenceEqual("time"u8)) time = record.NodeCount;
            record.AddText(name, cells.Cell);
            if (name.AsSpan().SequenceEqual("cs(User-Agent)"u8)) AddWithBlanks(record, "cs-user-agent"u8, cells.Cell);
            else if (name.AsSpan().SequenceEqual("date-time"u8)) record.AddText("TimeCreated"u8, cells.Cell);
        }

        if (column < header.Names.Length) return $"The line has {column} values where #Fields names {header.Names.Length}.";
        if (date >= 0 && time >= 0) AddTime(record, record[date], record[time]);
        return null;
    }

    // The header lines of IIS give time of day and date apart, in UTC.
    private static void AddTime(EventRecord record, in EventNode date, in EventNode time)
    {
        var (day, clock) = (date, time);
        var length = day.ValueLength + 1 + clock.ValueLength;
        var room = record.Reserve(length);
        record.ValueOf(day).CopyTo(room);
        room[day.ValueLength] = (byte)'T';
        record.ValueOf(clock).CopyTo(room[(day.ValueLength + 1)..]);
        record.AddOwned(EventNodeKind.Text, "TimeCreated"u8, record.Commit(length), length);
    }

    // IIS writes blanks in headers as plus signs; rules look for the agent as it was sent.
    private static void AddWithBlanks(EventRecord record, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var room = record.Reserve(value.Length);
        value.Replace(room, (byte)'+', (byte)' ');
        record.AddOwned(EventNodeKind.Text, name, record.Commit(value.Length), value.Length);
    }

    private string? Zeek(EventRecord record, ReadOnlySpan<byte> line, TableHeader header)
    {
        if (_state.Path.Length > 0) record.AddText("_path"u8, _state.Path);
        var column = 0;
        var ended = false;
        while (!ended)
        {
            var end = line.IndexOf(header.Separator);
            ended = end < 0;
            var value = ended ? line : line[..end];
            line = ended ? default : line[(end + 1)..];
            if (column == header.Names.Length) return $"The line has more values than the {header.Names.Length} columns of #fields.";
            var name = header.Names[column];
            var isSet = column < _state.IsSet.Length && _state.IsSet[column];
            column++;
            if (value.SequenceEqual(_state.Unset)) continue;
            if (isSet && _state.SetSeparator.Length > 0) AddSet(record, name, value);
            else AddUnescaped(record, name, value.SequenceEqual(_state.Empty) ? default : value);
        }

        return column < header.Names.Length ? $"The line has {column} values where #fields names {header.Names.Length}." : null;
    }

    private void AddSet(EventRecord record, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var list = record.Open(EventNodeKind.Sequence, name);
        if (!value.SequenceEqual(_state.Empty))
        {
            while (!value.IsEmpty && record.NodeCount < Limits.Nodes)
            {
                var end = value.IndexOf(_state.SetSeparator);
                AddUnescaped(record, default, end < 0 ? value : value[..end]);
                value = end < 0 ? default : value[(end + _state.SetSeparator.Length)..];
            }
        }

        record.Close(list);
    }

    // Zeek writes bytes that are not printable, and separators inside values, as \xhh.
    private static void AddUnescaped(EventRecord record, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (value.IndexOf("\\x"u8) < 0)
        {
            record.AddText(name, value);
            return;
        }

        var room = record.Reserve(value.Length);
        var length = 0;
        for (var at = 0; at < value.Length; at++)
        {
            // What is not ASCII may be no UTF-8, and stays as it is written.
            if (value[at] == (byte)'\\' && at + 3 < value.Length && value[at + 1] == (byte)'x'
                && TextCursor.IsHexDigit(value[at + 2]) && TextCursor.IsHexDigit(value[at + 3]) && TextCursor.HexValue(value[at + 2]) < 8)
            {
                room[length++] = (byte)((TextCursor.HexValue(value[at + 2]) << 4) | TextCursor.HexValue(value[at + 3]));
                at += 3;
            }
            else
            {
                room[length++] = value[at];
            }
        }

        record.AddOwned(EventNodeKind.Text, name, record.Commit(length), length);
    }
}
