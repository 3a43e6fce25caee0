using System.Buffers.Binary;
using Watchhouse.Journal.Storage;

namespace Watchhouse.Journal.Reading;

/// <summary>A registered consumer: its committed place, on disk and in memory.</summary>
internal sealed class Consumer : IDisposable
{
    private const int Length = 28;
    private const int Version = 1;

    private readonly SlotFile _slots;
    private readonly Lock _gate = new();
    private JournalPosition _committed;
    private DateTimeOffset? _committedAt;

    private Consumer(string name, SlotFile slots, JournalPosition committed, DateTimeOffset? at) =>
        (Name, _slots, _committed, _committedAt) = (name, slots, committed, at);

    public string Name { get; }

    /// <summary>Whether a reader is open; guarded by the list of consumers.</summary>
    public bool HasReader { get; set; }

    public JournalPosition Committed
    {
        get
        {
            lock (_gate)
                return _committed;
        }
    }

    public static Consumer Register(string path, string name, JournalPosition at) =>
        new(name, SlotFile.Create(path, Record(at, null)), at, null);

    public static Consumer Load(string path, string name)
    {
        var slots = SlotFile.Open(
            path, "Restore it from a copy, or delete it: the consumer then reads everything again.", out var record);
        if (record.Length < Length || record[0] != Version)
        {
            slots.Dispose();
            throw new JournalFormatException($"The journal's file {path}", record.Length == 0 ? 0 : record[0], Version);
        }

        var ticks = BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(20));
        return new Consumer(
            name, slots,
            new JournalPosition(
                BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(4)),
                BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(12))),
            ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero));
    }

    /// <summary>Moves forward; durable when it returns.</summary>
    public void Commit(JournalPosition position, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (position <= _committed)
                return;
            _slots.Write(Record(position, now));
            (_committed, _committedAt) = (position, now);
        }
    }

    public JournalConsumerStatus Status(JournalPosition tail)
    {
        lock (_gate)
            return new JournalConsumerStatus(
                Name, _committed, Math.Max(0, tail.Sequence - _committed.Sequence),
                Math.Max(0, tail.Address - _committed.Address), _committedAt);
    }

    public void Dispose() => _slots.Dispose();

    private static byte[] Record(JournalPosition position, DateTimeOffset? at)
    {
        var record = new byte[Length];
        record[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(4), position.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(12), position.Address);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(20), at?.UtcTicks ?? 0);
        return record;
    }
}
