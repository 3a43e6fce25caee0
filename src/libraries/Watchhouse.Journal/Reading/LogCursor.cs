using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Win32.SafeHandles;
using Watchhouse.Journal.Framing;
using Watchhouse.Journal.Storage;

namespace Watchhouse.Journal.Reading;

/// <summary>
/// Goes through the records of the log in order, from the files. The engine's own iterator is not used: it passes
/// without a word over a length that became zero or negative, and holds two pages of native memory. Here every frame
/// has a number, so that nothing can be missing unseen, and behind damage the next whole frame is looked for.
/// </summary>
internal sealed class LogCursor(SegmentFiles files, LogGeometry geometry, JournalPosition start) : IDisposable
{
    private const int ReadAhead = 1 << 18;
    private const int LeastRecord = LogGeometry.RecordHeader + BatchFrame.HeaderLength;

    private byte[] _window = [];
    private long _windowStart;
    private int _windowLength;
    private SafeFileHandle? _file;
    private int _segment = -1;

    /// <summary>The place after what was read last.</summary>
    public JournalPosition Position { get; private set; } = start;

    /// <summary>
    /// Moves behind the next frame that is not void. False at the end. After damage the position is behind it.
    /// </summary>
    /// <param name="end">The place up to which the log is good.</param>
    /// <param name="frame">The frame, until the next call.</param>
    /// <param name="damage">Set if batches cannot be read; there is no frame then.</param>
    public bool TryNext(JournalPosition end, out ReadOnlyMemory<byte> frame, out JournalDamage? damage)
    {
        damage = null;
        while (Position.Sequence < end.Sequence)
        {
            if (Look(Position.Address, end.Address, out frame, out var record, out var problem)
                && BatchFrame.Sequence(frame.Span) == Position.Sequence + 1)
            {
                Position = new JournalPosition(Position.Sequence + 1, record + RecordLength(frame));
                if (BatchFrame.IsVoid(frame.Span))
                    continue;
                return true;
            }

            damage = PassDamage(end, problem);
            if (damage is null)
                continue;
            frame = default;
            return false;
        }

        frame = default;
        return false;
    }

    /// <summary>Goes back to a place that was read already.</summary>
    public void Return(JournalPosition position) => Position = position;

    /// <summary>
    /// The whole frames with the next numbers from here on, as a crash may have left them behind the last commit.
    /// </summary>
    public JournalPosition FindEnd(long filesEnd)
    {
        while (Look(Position.Address, filesEnd, out var frame, out var record, out _)
            && BatchFrame.Sequence(frame.Span) == Position.Sequence + 1)
            Position = new JournalPosition(Position.Sequence + 1, record + RecordLength(frame));
        return Position;
    }

    public void Dispose()
    {
        _file?.Dispose();
        (_file, _segment) = (null, -1);
    }

    private static int RecordLength(ReadOnlyMemory<byte> frame) => LogGeometry.RecordLength(frame.Length);

    /// <summary>Looks at the record that begins here, or at the beginning of the next page.</summary>
    private bool Look(
        long address, long end, out ReadOnlyMemory<byte> frame, out long record, out string problem)
    {
        record = address;
        if (geometry.PageEnd(address - 1) != address
            && (geometry.PageEnd(address) - address < LeastRecord
                || (LengthAt(address, end) == 0 && geometry.PageEnd(address) < end)))
            record = geometry.PageEnd(address);
        return IsRecord(record, end, out frame, out problem);
    }

    private bool IsRecord(long address, long end, out ReadOnlyMemory<byte> frame, out string problem)
    {
        frame = default;
        var room = Math.Min(geometry.PageEnd(address), end) - address;
        if (room < LeastRecord)
        {
            problem = "the log ends before a batch";
            return false;
        }

        var header = Window(address, LeastRecord, end).Span;
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length != BatchFrame.StatedLength(header[LogGeometry.RecordHeader..]) || length == 0
            || LogGeometry.RecordLength(length) > room)
        {
            problem = "no batch begins here";
            return false;
        }

        var whole = Window(address, LogGeometry.RecordHeader + length, end)[LogGeometry.RecordHeader..];
        if (!BatchFrame.IsWhole(whole.Span, geometry.Seed))
        {
            problem = "the checksum of the batch does not fit its bytes";
            return false;
        }

        frame = whole;
        problem = "";
        return true;
    }

    /// <summary>
    /// Looks for the next whole frame. Null if no batch is missing before it: then it was the unused end of a page
    /// that has other bytes than it should.
    /// </summary>
    private JournalDamage? PassDamage(JournalPosition end, string problem)
    {
        var from = Position.Address;
        var first = Position.Sequence + 1;
        var (address, last) = Find(from, end);
        Position = new JournalPosition(last, address);
        if (last < first)
            return null;
        if (problem.Length == 0)
            problem = "another batch stands here";
        var segment = geometry.Segment(from);
        return new JournalDamage(
            first, last, SegmentFiles.NameOf(segment), geometry.OffsetInSegment(from), problem, Position);
    }

    private (long Address, long SequenceBefore) Find(long from, JournalPosition end)
    {
        for (var address = from; address < end.Address;)
        {
            var pageEnd = Math.Min(geometry.PageEnd(address), end.Address);
            if (pageEnd - address < LeastRecord)
            {
                address = pageEnd;
                continue;
            }

            var length = (int)Math.Min(pageEnd - address, ReadAhead);
            var at = Window(address, length, end.Address).Span.IndexOf("WHJB"u8);
            if (at < 0)
            {
                // The magic may lie across the border of what was looked at.
                address = address + length >= pageEnd ? pageEnd : address + length - 3;
                continue;
            }

            var candidate = address + at - LogGeometry.RecordHeader;
            if (at >= LogGeometry.RecordHeader && candidate % 4 == 0
                && IsRecord(candidate, end.Address, out var frame, out _)
                && BatchFrame.Sequence(frame.Span) is var sequence
                && sequence > Position.Sequence && sequence <= end.Sequence)
                return (candidate, sequence - 1);
            address += at + 1;
        }

        return (end.Address, end.Sequence);
    }

    private int LengthAt(long address, long end) =>
        end - address < LogGeometry.RecordHeader
            ? 0
            : BinaryPrimitives.ReadInt32LittleEndian(Window(address, LogGeometry.RecordHeader, end).Span);

    /// <summary>These bytes of the log, which lie in one page. What a file is short of is zero.</summary>
    private ReadOnlyMemory<byte> Window(long address, int length, long end)
    {
        if (address >= _windowStart && address + length <= _windowStart + _windowLength)
            return _window.AsMemory((int)(address - _windowStart), length);

        var want = (int)Math.Min(Math.Max(length, ReadAhead), Math.Min(geometry.PageEnd(address), end) - address);
        var kept = address >= _windowStart && address < _windowStart + _windowLength
            ? _window.AsSpan((int)(address - _windowStart), (int)(_windowStart + _windowLength - address))
            : default;
        // Not from the shared pool: a caller may still look at a payload when the reader is closed behind its back.
        var larger = _window.Length < want
            ? GC.AllocateUninitializedArray<byte>((int)BitOperations.RoundUpToPowerOf2((uint)want))
            : _window;
        kept.CopyTo(larger);
        _window = larger;
        Fill(address + kept.Length, _window.AsSpan(kept.Length, want - kept.Length));
        (_windowStart, _windowLength) = (address, want);
        return _window.AsMemory(0, length);
    }

    private void Fill(long address, Span<byte> to)
    {
        var segment = geometry.Segment(address);
        if (segment != _segment)
        {
            _file?.Dispose();
            (_file, _segment) = (null, -1);
            _file = files.OpenRead(segment);
            _segment = segment;
        }

        var offset = geometry.OffsetInSegment(address);
        while (to.Length > 0)
        {
            var read = RandomAccess.Read(_file!, to, offset);
            if (read == 0)
                break;
            to = to[read..];
            offset += read;
        }

        to.Clear();
    }
}
