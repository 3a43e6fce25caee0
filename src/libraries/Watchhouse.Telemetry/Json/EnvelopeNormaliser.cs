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

    private bool _isMicrosoft;

    // For each length of a name, which first characters (their lowest six bits) names of interest begin with: nearly every
    // member of nearly every event is done with by one look at this table.
    private static readonly ulong[] Interest = MakeInterest(
        "Event", "agent", "input", "winlog", "_source", "message", "Channel", "EventID", "AuditData", "auditData", "SourceName", "Provider_Name", "properties",
        "TimeGenerated", "OfficeWorkload", "SourceModuleName", "SourceModuleType", "log.file", "log.file.path", "agent.type", "Type", "category",
        "Category", "clientAppUsed", "resultType", "ResultType", "resulttype", "ResultStatus", "resultStatus", "resultstatus",
        "ExtendedProperties", "extendedproperties", "targetResources", "TargetResources", "operationName", "OperationName",
        "activityDisplayName", "ActivityDisplayName", "@odata.type", "TimeGenerated [UTC]");

    private static ulong[] MakeInterest(params ReadOnlySpan<string> names)
    {
        var table = new ulong[65];
        foreach (var name in names) table[name.Length] |= 1UL << (name[0] & 63);
        // winlog.… and TimeGenerated [zone] come in any length.
        for (var length = 14; length <= 64; length++) table[length] |= (1UL << ('w' & 63)) | (1UL << ('T' & 63));
        return table;
    }

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
        _record = record;
        _isMicrosoft = false;
        for (var layer = 0; layer < 3; layer++)
        {
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

        if (_isMicrosoft) AddMicrosoftNames();
    }

    private (Shape Shape, int Node) Look(EventRecord record)
    {
        var nodes = record.Nodes;
        var (source, interest) = (record.Source, Interest);
        var (message, isShipped, table, nxlog) = (-1, false, false, 0);
        for (var at = 1; at < nodes.Length; at = nodes[at].End)
        {
            ref readonly var node = ref nodes[at];
            if ((uint)node.NameLength >= (uint)interest.Length || interest[node.NameLength] == 0) continue;
            var first = ((node.Flags & EventNodeFlags.NameOwned) == 0 ? source : record.OwnedBuffer)[node.NameStart];
            if (((interest[node.NameLength] >> (first & 63)) & 1) == 0) continue;
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
                    _isMicrosoft = true;
                    return (Shape.AuditData, at);
                case 10 when name.SequenceEqual("SourceName"u8):
                    nxlog++;
                    break;
                case 13 when name.SequenceEqual("Provider_Name"u8):
                    // Whoever made the event has given it the names that rules use.
                    nxlog -= 100;
                    break;
                case 10 when name.SequenceEqual("properties"u8):
                    table |= node.Kind == EventNodeKind.Text;
                    _isMicrosoft = true;
                    break;
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
                case 4 or 8 when name.SequenceEqual("Type"u8) || name.SequenceEqual("category"u8) || name.SequenceEqual("Category"u8):
                    _isMicrosoft |= record.ValueOf(node).EndsWith("Logs"u8);
                    break;
                case 10 or 11 or 12 or 13 or 18 or 19:
                    // Any of the names that AddMicrosoftNames asks for, or one that looks like it and costs a second look.
                    _isMicrosoft |= first != (byte)'S';
                    break;
                case 15:
                    _isMicrosoft |= name.EndsWith("Resources"u8);
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
