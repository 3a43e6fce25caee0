namespace Watchhouse.Telemetry;

/// <summary>
/// Makes events of JSON objects. One that is nothing but a list of records (records of Azure Monitor, Records of CloudTrail, value of
/// Graph and OData) gives each of them as an event of its own.
/// </summary>
internal sealed class JsonItemParser(ReadLimits limits)
{
    private readonly EnvelopeNormaliser _normaliser = new(new(limits, null));
    private readonly Queue<(int Start, int Length)> _pending = new();
    private byte[] _source = [];
    private long _position;

    /// <summary>Gives the next record of a list that was read before; false where there is none.</summary>
    public bool TryNext(EventRecord record, out string? reason)
    {
        reason = null;
        while (_pending.TryDequeue(out var item))
        {
            reason = ParseOne(record, _source, item.Start, item.Length, _position);
            return true;
        }

        return false;
    }

    /// <summary>Reads an object. Null where an event is in the record; <see cref="ListMark"/> where records wait in <see cref="TryNext"/>.</summary>
    public string? Parse(EventRecord record, byte[] source, int start, int length, long position)
    {
        var error = ParseOne(record, source, start, length, position);
        if (error is not null || !IsList(record, out var list)) return error;
        for (var at = list + 1; at < record[list].End; at = record[at].End)
        {
            if (record[at].Kind == EventNodeKind.Mapping) _pending.Enqueue((record[at].ValueStart, record[at].ValueLength));
        }

        (_source, _position) = (source, position);
        return ListMark;
    }

    /// <summary>Says that the object was a list; compared by reference.</summary>
    public static string ListMark { get; } = "The record is a list of records.";

    private string? ParseOne(EventRecord record, byte[] source, int start, int length, long position)
    {
        var error = JsonEventParser.Parse(record, source, start, length, position, limits);
        if (error is null) _normaliser.Normalise(record);
        return error;
    }

    private static bool IsList(EventRecord record, out int list)
    {
        list = -1;
        if (record.NodeCount < 2) return false;
        for (var at = 1; at < record.NodeCount; at = record[at].End)
        {
            var name = record.NameOf(record[at]);
            if (record[at].Kind == EventNodeKind.Sequence
                && (name.SequenceEqual("records"u8) || name.SequenceEqual("Records"u8) || name.SequenceEqual("value"u8)))
            {
                list = at;
            }
            else if (name.Length == 0 || name[0] != (byte)'@')
            {
                // Anything but OData's annotations makes it an event that happens to hold a list.
                return false;
            }
        }

        return list > 0 && record[list].End > list + 1 && record[list + 1].Kind == EventNodeKind.Mapping;
    }
}
