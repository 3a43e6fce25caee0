namespace Watchhouse.Telemetry;

/// <summary>
/// Brings the shapes in which events are wrapped to the flat names that rules use: Event, System and EventData as EVTX
/// converters have them, the winlog object of Winlogbeat and Elastic Agent, exports of Elasticsearch, NXLog, the message of
/// Filebeat, AuditData of Purview, and tables of Log Analytics whose columns hold JSON as text. Nodes move, and only names are
/// made anew. Any other event is left as it is, at the cost of a look at its members' names.
/// </summary>
internal sealed partial class EnvelopeNormaliser(LineContext context)
{
    private EventNode[] _before = new EventNode[128];
    private readonly byte[] _name = new byte[256];
    private EventRecord _record = null!;

    private enum Shape
    {
        Plain,
        WindowsEvent,
        Winlog,
        FlatWinlog,
        SearchHit,
        AuditData,
        Table,
        Nxlog,
        ShippedLine,
    }

    public void Normalise(EventRecord record)
    {
        // An export may hold one envelope in another; none is known that holds more than two.
        for (var layer = 0; layer < 3; layer++)
        {
            _record = record;
            var (shape, at) = Look(record);
            switch (shape)
            {
                case Shape.Plain: break;
                case Shape.Nxlog: AddNxlogNames(); break;
                case Shape.ShippedLine: OpenLine(at); break;
                default: Rewrite(shape, at); break;
            }

            if (shape is Shape.Plain or Shape.WindowsEvent or Shape.Winlog or Shape.FlatWinlog or Shape.Nxlog) break;
            if (shape is Shape.Table or Shape.AuditData) break;
        }

        AddMicrosoftNames();
    }

    private static (Shape Shape, int Node) Look(EventRecord record)
    {
        var nodes = record.Nodes;
        var (message, isShipped, table, nxlog) = (-1, false, false, 0);
        for (var at = 1; at < nodes.Length; at = nodes[at].End)
        {
            ref readonly var node = ref nodes[at];
            if (node.NameLength is < 5 or > 64) continue;
            var name = record.NameOf(node);
            switch (node.NameLength)
            {
                case 5 when node.Kind == EventNodeKind.Mapping:
                    if (name.SequenceEqual("Event"u8) && record.FindIn(at, "System"u8) > 0) return (Shape.WindowsEvent, at);
                    isShipped |= name.SequenceEqual("agent"u8) || name.SequenceEqual("input"u8);
                    break;
                case 6 when name.SequenceEqual("winlog"u8) && node.Kind == EventNodeKind.Mapping:
                    return (Shape.Winlog, at);
                case 7 when name.SequenceEqual("_source"u8) && node.Kind == EventNodeKind.Mapping:
                    return (Shape.SearchHit, at);
                case 7 when name.SequenceEqual("message"u8) && node.Kind == EventNodeKind.Text:
                    message = at;
                    break;
                case 7 when name.SequenceEqual("Channel"u8) || name.SequenceEqual("EventID"u8):
                    nxlog++;
                    break;
                case 9 when name.SequenceEqual("AuditData"u8) || name.SequenceEqual("auditData"u8):
                    return (Shape.AuditData, at);
                case 10 when name.SequenceEqual("SourceName"u8):
                    nxlog++;
                    break;
                case 10 when name.SequenceEqual("properties"u8) && node.Kind == EventNodeKind.Text:
                case 13 when name.SequenceEqual("TimeGenerated"u8):
                case 14 when name.SequenceEqual("OfficeWorkload"u8):
                    table = true;
                    break;
                case 16 when name.SequenceEqual("SourceModuleName"u8) || name.SequenceEqual("SourceModuleType"u8):
                    nxlog += 4;
                    break;
                case > 13 when name.StartsWith("winlog."u8):
                    return (Shape.FlatWinlog, at);
                case > 14 when name.StartsWith("TimeGenerated ["u8):
                    table = true;
                    break;
                case 8 when name.SequenceEqual("log.file"u8):
                case 13 when name.SequenceEqual("log.file.path"u8):
                case 10 when name.SequenceEqual("agent.type"u8):
                    isShipped = true;
                    break;
                default: break;
            }
        }

        // Columns that hold JSON as text: also the small projections of a table, which keep these two.
        if (!table && record.Find("LoggedByService"u8) > 0 && record.Find("OperationName"u8) > 0) table = true;
        if (table) return (Shape.Table, 0);
        if (nxlog >= 7) return (Shape.Nxlog, 0);
        return isShipped && message > 0 ? (Shape.ShippedLine, message) : (Shape.Plain, 0);
    }

    private void Rewrite(Shape shape, int envelope)
    {
        var record = _record;
        var count = record.NodeCount;
        if (_before.Length < count) _before = new EventNode[count * 2];
        record.Nodes.CopyTo(_before);
        record.Truncate(1);
        if (shape == Shape.WindowsEvent) LiftEvent(envelope);
        else if (shape == Shape.Winlog) LiftWinlog(envelope);
        for (var at = 1; at < count; at = _before[at].End)
        {
            if (shape == Shape.Table) CopyOpened(at);
            else if (shape == Shape.FlatWinlog) CopyFlat(at);
            else if (at != envelope) Copy(at);
            else if (shape == Shape.SearchHit) LiftMembersAsTheyAre(at);
            else if (shape == Shape.AuditData && !LiftText(at)) Copy(at);
        }

        record[0].End = record.NodeCount;
    }

    private void LiftEvent(int envelope)
    {
        for (var at = envelope + 1; at < _before[envelope].End; at = _before[at].End)
        {
            if (Is(at, "System"u8)) LiftSystem(at);
            else if (Is(at, "EventData"u8)) LiftData(at);
            else if (Is(at, "UserData"u8)) LiftUserData(at);
            else if (Is(at, "RenderingInfo"u8)) Copy(at);
        }
    }

    private void LiftWinlog(int envelope)
    {
        for (var at = envelope + 1; at < _before[envelope].End; at = _before[at].End)
        {
            if (Is(at, "event_data"u8)) LiftData(at);
            else if (Is(at, "user_data"u8)) LiftMembers(at);
            else if (Is(at, "channel"u8)) CopyAs("Channel"u8, at);
            else if (Is(at, "event_id"u8)) CopyAs("EventID"u8, at);
            else if (Is(at, "computer_name"u8)) CopyAs("Computer"u8, at);
            else if (Is(at, "provider_name"u8)) CopyAs("Provider_Name"u8, at);
            else if (Is(at, "provider_guid"u8)) CopyAs("Provider_Guid"u8, at);
            else if (Is(at, "record_id"u8)) CopyAs("EventRecordID"u8, at);
            else if (Is(at, "task"u8)) CopyAs("Task"u8, at);
            else if (Is(at, "opcode"u8)) CopyAs("Opcode"u8, at);
            else if (Is(at, "version"u8)) CopyAs("Version"u8, at);
            else if (Is(at, "keywords"u8)) CopyAs("Keywords"u8, at);
        }
    }

    // An element with attributes becomes a field an attribute: Provider_Name, Execution_ProcessID.
    private void LiftSystem(int system)
    {
        for (var at = system + 1; at < _before[system].End; at = _before[at].End)
        {
            if (_before[at].Kind != EventNodeKind.Mapping)
            {
                if (_before[at].Kind != EventNodeKind.Null) Copy(at);
                continue;
            }

            for (var inner = at + 1; inner < _before[at].End; inner = _before[inner].End)
            {
                if (Is(inner, "#text"u8) || Is(inner, "$value"u8) || Is(inner, "Value"u8)) CopyAs(Name(at), inner);
                else if (Is(inner, "#attributes"u8) && _before[inner].Kind == EventNodeKind.Mapping) LiftAttributes(at, inner);
                else LiftAttribute(at, inner);
            }
        }
    }

    private void LiftAttributes(int element, int attributes)
    {
        for (var at = attributes + 1; at < _before[attributes].End; at = _before[at].End) LiftAttribute(element, at);
    }

    private void LiftAttribute(int element, int attribute)
    {
        var name = Name(element);
        var part = Name(attribute).TrimStart("@#"u8);
        // TimeCreated has nothing but its time, which the flat form writes under the element's own name.
        if (name.SequenceEqual("TimeCreated"u8) && part.SequenceEqual("SystemTime"u8))
        {
            CopyAs(name, attribute);
            return;
        }

        if (name.Length + 1 + part.Length > _name.Length) return;
        name.CopyTo(_name);
        _name[name.Length] = (byte)'_';
        part.CopyTo(_name.AsSpan(name.Length + 1));
        CopyAs(_name.AsSpan(0, name.Length + 1 + part.Length), attribute);
    }

    private void LiftUserData(int data)
    {
        // The one element inside names the kind of data; its members are the fields.
        for (var at = data + 1; at < _before[data].End; at = _before[at].End)
        {
            if (_before[at].Kind == EventNodeKind.Mapping) LiftMembers(at);
            else Copy(at);
        }
    }

    private void LiftMembers(int container)
    {
        for (var at = container + 1; at < _before[container].End; at = _before[at].End)
        {
            if (!Is(at, "#attributes"u8) && !Is(at, "xmlns"u8)) CopyWithoutSpaces(at);
        }
    }

    private void LiftData(int data)
    {
        if (_before[data].Kind != EventNodeKind.Mapping)
        {
            if (_before[data].Kind != EventNodeKind.Null) Copy(data);
            return;
        }

        for (var at = data + 1; at < _before[data].End; at = _before[at].End)
        {
            if (Is(at, "#attributes"u8)) continue;
            if (Is(at, "Data"u8) && _before[at].IsContainer && LiftNamedData(at)) continue;
            CopyWithoutSpaces(at);
        }
    }

    // XML-to-JSON converters that know nothing of events: Data is a list of objects with a name and a text.
    private bool LiftNamedData(int data)
    {
        if (_before[data].Kind == EventNodeKind.Mapping) return LiftNamed(data);
        var any = false;
        for (var at = data + 1; at < _before[data].End; at = _before[at].End)
            any |= _before[at].Kind == EventNodeKind.Mapping && LiftNamed(at);
        return any;
    }

    private bool LiftNamed(int item)
    {
        var (name, text) = (-1, -1);
        for (var at = item + 1; at < _before[item].End; at = _before[at].End)
        {
            if (Is(at, "@Name"u8) || Is(at, "Name"u8)) name = at;
            else if (Is(at, "#text"u8) || Is(at, "$value"u8) || Is(at, "text"u8)) text = at;
            else if (Is(at, "#attributes"u8))
            {
                for (var inner = at + 1; inner < _before[at].End; inner = _before[inner].End)
                {
                    if (Is(inner, "Name"u8)) name = inner;
                }
            }
        }

        if (name < 0 || _before[name].Kind != EventNodeKind.Text) return false;
        if (text >= 0) CopyAs(_record.ValueOf(_before[name]), text);
        return true;
    }

    private ReadOnlySpan<byte> Name(int node) => _record.NameOf(_before[node]);

    private bool Is(int node, ReadOnlySpan<byte> name) => Name(node).SequenceEqual(name);

    // Rules write SourceName where Windows writes "Source Name".
    private void CopyWithoutSpaces(int node)
    {
        var name = Name(node);
        if (name.IndexOf((byte)' ') < 0 || name.Length > _name.Length)
        {
            Copy(node);
            return;
        }

        var length = 0;
        foreach (var each in name)
        {
            if (each != (byte)' ') _name[length++] = each;
        }

        CopyAs(_name.AsSpan(0, length), node);
    }

    private void CopyAs(ReadOnlySpan<byte> name, int node)
    {
        var start = _record.Own(name);
        var copy = _record.NodeCount;
        Copy(node);
        ref var made = ref _record[copy];
        made.NameStart = start;
        made.NameLength = name.Length;
        made.Flags = (made.Flags & ~EventNodeFlags.NameEscaped) | EventNodeFlags.NameOwned;
    }

    private void Copy(int node)
    {
        var shift = _record.NodeCount - node;
        for (var at = node; at < _before[node].End; at++)
        {
            var copy = _record.Add();
            _record[copy] = _before[at];
            _record[copy].End += shift;
        }
    }
}
