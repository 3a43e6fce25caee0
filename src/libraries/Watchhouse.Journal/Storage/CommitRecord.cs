using System.Buffers.Binary;

namespace Watchhouse.Journal.Storage;

/// <summary>What is durable: everything from the begin to the tail. One immutable value, so that readers see it whole.</summary>
/// <param name="Geometry">How the log lies on disk.</param>
/// <param name="Number">Number of the commit.</param>
/// <param name="Begin">The place before the oldest batch.</param>
/// <param name="Tail">The place after the newest.</param>
/// <param name="LastAppend">When the newest was made durable; default if there never was one.</param>
internal sealed record CommitRecord(
    LogGeometry Geometry, long Number, JournalPosition Begin, JournalPosition Tail, DateTimeOffset LastAppend)
{
    public const int Length = 56;

    private const int Version = 1;

    public static CommitRecord New(LogGeometry geometry)
    {
        var start = new JournalPosition(0, LogGeometry.FirstAddress);
        return new CommitRecord(geometry, 1, start, start, default);
    }

    public void Write(Span<byte> to)
    {
        to[..Length].Clear();
        to[0] = Version;
        to[1] = (byte)Geometry.PageBits;
        to[2] = (byte)Geometry.SegmentBits;
        BinaryPrimitives.WriteUInt32LittleEndian(to[52..], Geometry.Seed);
        BinaryPrimitives.WriteInt64LittleEndian(to[4..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(to[12..], Begin.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(to[20..], Begin.Address);
        BinaryPrimitives.WriteInt64LittleEndian(to[28..], Tail.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(to[36..], Tail.Address);
        BinaryPrimitives.WriteInt64LittleEndian(to[44..], LastAppend.UtcTicks);
    }

    public static CommitRecord Read(ReadOnlySpan<byte> from, string path)
    {
        if (from.Length < 1 || from[0] != Version)
            throw new JournalFormatException($"The journal's file {path}", from.IsEmpty ? 0 : from[0], Version);
        return new CommitRecord(
            new LogGeometry(from[1], from[2], BinaryPrimitives.ReadUInt32LittleEndian(from[52..])),
            BinaryPrimitives.ReadInt64LittleEndian(from[4..]),
            new JournalPosition(
                BinaryPrimitives.ReadInt64LittleEndian(from[12..]), BinaryPrimitives.ReadInt64LittleEndian(from[20..])),
            new JournalPosition(
                BinaryPrimitives.ReadInt64LittleEndian(from[28..]), BinaryPrimitives.ReadInt64LittleEndian(from[36..])),
            new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(from[44..]), TimeSpan.Zero));
    }
}
