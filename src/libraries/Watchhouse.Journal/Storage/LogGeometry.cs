using System.Numerics;
using System.Security.Cryptography;
using Watchhouse.Journal.Framing;

namespace Watchhouse.Journal.Storage;

/// <summary>
/// How the log lies on disk. An address counts the bytes of the whole log; a record (length, 4 bytes; frame; padding
/// to 4) never crosses a page, and a segment file holds whole pages.
/// </summary>
/// <param name="PageBits">Size of a page, as a power of two.</param>
/// <param name="SegmentBits">Size of a segment, as a power of two.</param>
/// <param name="Seed">A random number of this journal that its checksums begin with.</param>
internal readonly record struct LogGeometry(int PageBits, int SegmentBits, uint Seed)
{
    /// <summary>Bytes before the first record of the log; the engine's own.</summary>
    public const long FirstAddress = 64;

    public const int RecordHeader = sizeof(int);

    public const int SectorSize = 512;

    public long PageSize => 1L << PageBits;

    public long SegmentSize => 1L << SegmentBits;

    /// <summary>The longest payload that surely fits.</summary>
    public long MaxPayload => PageSize - RecordHeader - BatchFrame.MaxOverhead - 4;

    public static LogGeometry For(JournalOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBatchBytes, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxBatchBytes, 512 << 20, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.MinFreeDiskBytes, nameof(options));
        var page = Math.Max(4096, BitOperations.RoundUpToPowerOf2(
            (ulong)options.MaxBatchBytes + RecordHeader + BatchFrame.MaxOverhead + 4));
        if (!BitOperations.IsPow2(options.SegmentBytes) || (ulong)options.SegmentBytes < page)
            throw new ArgumentException(
                $"SegmentBytes is a power of two and at least {page}, which a page for batches of "
                + $"{options.MaxBatchBytes} bytes takes; it is {options.SegmentBytes}.", nameof(options));
        if (options.MaxBytes < 2 * options.SegmentBytes)
            throw new ArgumentException(
                $"MaxBytes is at least two segments of {options.SegmentBytes} bytes; it is {options.MaxBytes}.",
                nameof(options));
        if (options.MaxPendingBytes < options.MaxBatchBytes)
            throw new ArgumentException(
                $"MaxPendingBytes ({options.MaxPendingBytes}) is at least MaxBatchBytes ({options.MaxBatchBytes}).",
                nameof(options));
        return new LogGeometry(
            BitOperations.Log2(page), BitOperations.Log2((ulong)options.SegmentBytes),
            BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))));
    }

    public static int RecordLength(int frame) => RecordHeader + ((frame + 3) & ~3);

    public long PageEnd(long address) => ((address >> PageBits) + 1) << PageBits;

    public int Segment(long address) => (int)(address >> SegmentBits);

    public long SegmentStart(int segment) => (long)segment << SegmentBits;

    public long OffsetInSegment(long address) => address & (SegmentSize - 1);

    /// <summary>Where a record of this length ends if it is appended at the tail.</summary>
    public long EndOfNext(long tail, int record) =>
        tail + record <= PageEnd(tail) ? tail + record : PageEnd(tail) + record;
}
