using Watchhouse.Journal;
using Watchhouse.Lake;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Normalisation;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Telemetry;

namespace Watchhouse.Monitoring.Archive;

/// <summary>
/// Makes the lake's rows of a batch: one for each event, and one for each line that no event could be made of, so that every
/// accepted line is kept. Pure but for the memory that it keeps between batches; not thread-safe.
/// </summary>
internal sealed class RowMaker(TableMappings mappings)
{
    /// <summary>Events that claim to be older are filed under the day on which they came: a clock that was never set says 1970.</summary>
    public static readonly DateTimeOffset Oldest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Events that claim to be of the future by more than this are filed under the day on which they came.</summary>
    public static readonly TimeSpan FarAhead = TimeSpan.FromDays(2);

    private static readonly byte[][] Activities =
    [
        [.. "EventID"u8], [.. "Operation"u8], [.. "operationName"u8], [.. "OperationName"u8], [.. "ActionType"u8], [.. "activityDisplayName"u8],
        [.. "eventName"u8], [.. "event"u8],
    ];

    private readonly PayloadEvents _payload = new();
    private readonly EventNormaliser _normaliser = new(mappings);
    private readonly NormalisedEvent _event = new();
    private readonly RowBytes _bytes = new();
    private readonly List<RowDraft> _drafts = [];
    private LakeRow[] _rows = new LakeRow[1024];

    /// <summary>The rows; valid until the next call.</summary>
    public ReadOnlyMemory<LakeRow> Make(JournalBatch batch, ArchiveBook book)
    {
        _bytes.Clear();
        _drafts.Clear();
        var tally = new ArchiveTally { ReceivedAt = batch.ReceivedAt };
        var last = -1;
        _payload.Read(batch.Format, batch.Payload, batch.ReceivedAt, (record, line) =>
        {
            // The envelope that it came in is kept once, and with it everything that was received.
            if (line == last) Add(record, batch, record.Raw, -1, tally);
            else Add(record, batch, _payload.Lines.BytesOf(line), line, tally);
            last = line;
        });
        AddUnread(batch, tally);
        book.Archived(ForceId.Of(batch.Owner), batch.Source, tally);
        return Rows(batch);
    }

    private void Add(EventRecord record, JournalBatch batch, ReadOnlySpan<byte> raw, int line, ArchiveTally tally)
    {
        _normaliser.Normalise(record, new EventContext(batch.Owner, batch.Source, batch.ReceivedAt), _event);
        tally.Add(_event);
        var draft = new RowDraft(_event.Table, FiledAt(_event.TimeGenerated, batch.ReceivedAt), EvidenceId.Of(_event.Identity))
        {
            Computer = _bytes.Add(Find(EntityKind.Host, EntityRole.Observer)),
            Account = _bytes.Add(Find(EntityKind.Account, EntityRole.Actor)),
            SourceIp = _bytes.Add(Find(EntityKind.Address, EntityRole.Source)),
            TargetIp = _bytes.Add(Find(EntityKind.Address, EntityRole.Destination, isExact: true)),
            Activity = _bytes.Add(ActivityOf(record)),
            Columns = _bytes.Add(_event.Columns),
            Unknown = _bytes.Add(_event.Unknown.Length > 2 ? _event.Unknown : default),
            Raw = _bytes.Add(raw),
            Line = line,
        };
        _drafts.Add(draft);
    }

    private void AddUnread(JournalBatch batch, ArchiveTally tally)
    {
        var lines = _payload.Lines;
        for (var number = 0; number < lines.Count; number++)
        {
            if (!lines.IsUnread(number)) continue;
            var raw = lines.BytesOf(number);
            tally.Unreadable++;
            _drafts.Add(new RowDraft(TableCatalogue.CatchAll, batch.ReceivedAt, DerivedId.OfLine(batch.Owner, batch.Source, batch.ReceivedAt, 0, raw)) { Raw = _bytes.Add(raw), Line = number });
        }
    }

    /// <summary>The time under which an event is filed; what it claims itself stays in its columns.</summary>
    internal static DateTimeOffset FiledAt(DateTimeOffset time, DateTimeOffset received) =>
        time < Oldest || time > received + FarAhead ? received : time;

    private ReadOnlySpan<byte> Find(EntityKind kind, EntityRole role, bool isExact = false)
    {
        var found = -1;
        var entities = _event.Entities;
        for (var index = 0; index < entities.Length; index++)
        {
            if (entities[index].Kind != kind) continue;
            if (entities[index].Role == role) return _event.ValueOf(entities[index]);
            if (found < 0 && !isExact) found = index;
        }

        return found < 0 ? default : _event.ValueOf(entities[found]);
    }

    private static ReadOnlySpan<byte> ActivityOf(EventRecord record)
    {
        foreach (var name in Activities)
        {
            var at = record.Find(name);
            if (at >= 0 && record[at].Kind is EventNodeKind.Text or EventNodeKind.Number && record[at].ValueLength is > 0 and <= 200)
                return record.ValueOf(record[at]);
        }

        return default;
    }

    private ReadOnlyMemory<LakeRow> Rows(JournalBatch batch)
    {
        if (_rows.Length < _drafts.Count) _rows = new LakeRow[Math.Max(_drafts.Count, _rows.Length * 2)];
        for (var number = 0; number < _drafts.Count; number++)
        {
            var draft = _drafts[number];
            _rows[number] = new LakeRow
            {
                Owner = batch.Owner,
                Table = draft.Table,
                Time = draft.Time,
                Source = batch.Source,
                EventId = draft.Id,
                ReceivedAt = batch.ReceivedAt,
                Computer = _bytes[draft.Computer],
                Account = _bytes[draft.Account],
                SourceIp = _bytes[draft.SourceIp],
                TargetIp = _bytes[draft.TargetIp],
                Activity = _bytes[draft.Activity],
                Columns = _bytes[draft.Columns],
                UnknownFields = _bytes[draft.Unknown],
                Raw = _bytes[draft.Raw],
                Format = batch.Format,
                Line = draft.Line,
            };
        }

        return _rows.AsMemory(0, _drafts.Count);
    }

    private readonly record struct RowDraft(string Table, DateTimeOffset Time, Guid Id)
    {
        public Range Computer { get; init; }

        public Range Account { get; init; }

        public Range SourceIp { get; init; }

        public Range TargetIp { get; init; }

        public Range Activity { get; init; }

        public Range Columns { get; init; }

        public Range Unknown { get; init; }

        public Range Raw { get; init; }

        public int Line { get; init; }
    }

    /// <summary>Bytes of a batch's rows, one after the other.</summary>
    private sealed class RowBytes
    {
        private const int LargestKept = 16 << 20;

        private byte[] _bytes = new byte[1 << 20];
        private int _length;

        public ReadOnlyMemory<byte> this[Range range] => _bytes.AsMemory(range);

        public void Clear()
        {
            if (_bytes.Length > LargestKept) _bytes = new byte[1 << 20];
            _length = 0;
        }

        public Range Add(ReadOnlySpan<byte> bytes)
        {
            if (bytes.IsEmpty) return 0..0;
            if (_bytes.Length - _length < bytes.Length) Array.Resize(ref _bytes, checked(Math.Max(_bytes.Length * 2, _length + bytes.Length)));
            bytes.CopyTo(_bytes.AsSpan(_length));
            var start = _length;
            _length += bytes.Length;
            return start.._length;
        }
    }
}
