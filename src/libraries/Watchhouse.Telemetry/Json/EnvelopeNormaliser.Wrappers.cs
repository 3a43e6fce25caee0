namespace Watchhouse.Telemetry;

/// <summary>Wrappers other than those of Windows events.</summary>
internal sealed partial class EnvelopeNormaliser
{
    private byte[] _text = [];

    // winlog.event_data.Image and winlog.channel as names, as Elasticsearch exports write them.
    private void CopyFlat(int node)
    {
        var name = Name(node);
        if (!name.StartsWith("winlog."u8)) Copy(node);
        else if (name.StartsWith("winlog.event_data."u8)) CopyAs(name["winlog.event_data.".Length..], node);
        else if (name.StartsWith("winlog.user_data."u8)) CopyAs(name["winlog.user_data.".Length..], node);
        else if (WinlogName(name["winlog.".Length..]) is { IsEmpty: false } known) CopyAs(known, node);
        else Copy(node);
    }

    private static ReadOnlySpan<byte> WinlogName(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("channel"u8) => "Channel"u8,
        _ when name.SequenceEqual("event_id"u8) => "EventID"u8,
        _ when name.SequenceEqual("computer_name"u8) => "Computer"u8,
        _ when name.SequenceEqual("provider_name"u8) => "Provider_Name"u8,
        _ when name.SequenceEqual("provider_guid"u8) => "Provider_Guid"u8,
        _ when name.SequenceEqual("record_id"u8) => "EventRecordID"u8,
        _ when name.SequenceEqual("task"u8) => "Task"u8,
        _ when name.SequenceEqual("opcode"u8) => "Opcode"u8,
        _ when name.SequenceEqual("version"u8) => "Version"u8,
        _ when name.SequenceEqual("keywords"u8) => "Keywords"u8,
        _ => default,
    };

    private void LiftMembersAsTheyAre(int container)
    {
        for (var at = container + 1; at < _before[container].End; at = _before[at].End) Copy(at);
    }

    // AuditData: the whole record of the unified audit log, as an object or as its text.
    private bool LiftText(int node)
    {
        if (_before[node].Kind == EventNodeKind.Mapping)
        {
            LiftMembersAsTheyAre(node);
            return true;
        }

        if (_before[node].Kind != EventNodeKind.Text) return false;
        var (start, length) = OwnText(node);
        return RecordFields.LooksLikeJson(_record.Owned.Slice(start, length))
            && JsonEventParser.TryAppendOwned(_record, default, start, length, lift: true, context.Limits);
    }

    // A dynamic column of Log Analytics comes as text that is JSON. An empty list stays text: rules ask for '[]'.
    private void CopyOpened(int node)
    {
        ref readonly var old = ref _before[node];
        if (old.Kind == EventNodeKind.Text && old.ValueLength > 2)
        {
            var value = _record.ValueOf(old);
            if ((value[0] is (byte)'{' && value[^1] is (byte)'}') || (value[0] is (byte)'[' && value[^1] is (byte)']'))
            {
                var (start, length) = OwnText(node);
                var name = Name(node);
                if (name.Length <= _name.Length)
                {
                    name.CopyTo(_name);
                    var flags = old.Flags & EventNodeFlags.NameEscaped;
                    var made = _record.NodeCount;
                    if (JsonEventParser.TryAppendOwned(_record, _name.AsSpan(0, name.Length), start, length, lift: false, context.Limits))
                    {
                        _record[made].Flags |= flags;
                        return;
                    }
                }
            }
        }

        Copy(node);
    }

    private (int Start, int Length) OwnText(int node)
    {
        // The value may lie in the record's own bytes, which move when they grow: make room first.
        var length = _before[node].ValueLength;
        var room = _record.Reserve(length);
        var value = _record.ValueOf(_before[node]);
        if ((_before[node].Flags & EventNodeFlags.ValueEscaped) != 0) length = JsonEscapes.Unescape(value, room);
        else value.CopyTo(room);
        return (_record.Commit(length), length);
    }

    // NXLog writes Windows events flat, but names provider and computer its own way.
    private void AddNxlogNames()
    {
        AddName("Provider_Name"u8, "SourceName"u8);
        AddName("Provider_Guid"u8, "ProviderGuid"u8);
        AddName("Computer"u8, "Hostname"u8);
        AddName("EventRecordID"u8, "RecordNumber"u8);
    }

    private void AddName(ReadOnlySpan<byte> name, ReadOnlySpan<byte> other)
    {
        if (_record.Find(name) >= 0 || _record.Find(other) is not (> 0 and var at) || _record[at].IsContainer) return;
        AddLeaf(name, at, 0, 0);
    }

    // The same value under another name, without so many bytes at its beginning and its end.
    private void AddLeaf(ReadOnlySpan<byte> name, int node, int trimStart, int trimEnd)
    {
        var start = _record.Own(name);
        var made = _record.Add();
        _record[made] = _record[node];
        ref var leaf = ref _record[made];
        (leaf.NameStart, leaf.NameLength, leaf.End) = (start, name.Length, made + 1);
        leaf.Flags = (leaf.Flags & ~EventNodeFlags.NameEscaped) | EventNodeFlags.NameOwned;
        leaf.ValueStart += trimStart;
        leaf.ValueLength -= trimStart + trimEnd;
        _record[0].End = _record.NodeCount;
    }

    // Filebeat, Fluent Bit and their like put the line that they read into message.
    private void OpenLine(int message)
    {
        var length = _record[message].ValueLength;
        if (_text.Length < length) _text = new byte[length * 2];
        var value = _record.ValueOf(_record[message]);
        if ((_record[message].Flags & EventNodeFlags.ValueEscaped) != 0) length = JsonEscapes.Unescape(value, _text);
        else value.CopyTo(_text);
        ReadOnlySpan<byte> line = _text.AsSpan(0, length);
        var before = _record.NodeCount;
        if (InnerFormat.TryAdd(_record, line, context) == InnerKind.None)
        {
            if (AccessLogLine.Fits(line)) AccessLogLine.TryParse(_record, line);
            else if (SyslogLine.Fits(line)) SyslogLine.Parse(_record, line, context);
        }

        if (_record.NodeCount > before) _record[0].End = _record.NodeCount;
    }
}
