using System.Buffers;
using System.Buffers.Binary;

namespace Watchhouse.Lake.Reading;

/// <summary>
/// Brings lines into the order in which they were received, in bounded memory: they are dealt into buckets by second of receipt, which
/// go to files when there are several, and each bucket is sorted by itself.
/// </summary>
internal sealed class ReplaySpool : IDisposable
{
    // A bucket is in memory whole when it is sorted.
    private const long BytesOfBucket = 32L << 20;

    // A second in which more came is sorted in pieces of this.
    private const int MostBytes = 128 << 20;

    private const int MostBuffered = 256 << 10;
    private const int HeaderLength = 24;

    private readonly Func<string> _makeDirectory;
    private readonly long[] _bounds;
    private readonly Bucket[] _buckets;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal) { [""] = 0 };
    private readonly List<string> _words = [""];
    private string? _directory;

    /// <param name="makeDirectory">Makes a directory for the files, if any are needed.</param>
    /// <param name="bounds">Where buckets end, as <see cref="Bounds"/> gives it.</param>
    public ReplaySpool(Func<string> makeDirectory, long[] bounds)
    {
        _makeDirectory = makeDirectory;
        _bounds = bounds;
        _buckets = [.. Enumerable.Range(0, bounds.Length + 1).Select(_ => new Bucket())];
    }

    /// <summary>The seconds at which new buckets begin, so that each holds about as much as may be in memory.</summary>
    public static long[] Bounds(IReadOnlyList<(long Second, long Lines)> seconds, long lineBytes)
    {
        var bounds = new List<long>();
        var lines = 0L;
        foreach (var (second, count) in seconds)
        {
            if (lines > 0 && (lines + count) * (lineBytes + HeaderLength) > BytesOfBucket)
            {
                bounds.Add(second);
                lines = 0;
            }

            lines += count;
        }

        return [.. bounds];
    }

    public void Add(string source, string? format, long receivedTicks, int line, ReadOnlySpan<byte> raw)
    {
        var at = Array.BinarySearch(_bounds, receivedTicks);
        var bucket = _buckets[at < 0 ? ~at : at + 1];
        var header = bucket.Bytes.GetSpan(HeaderLength);
        BinaryPrimitives.WriteInt64LittleEndian(header, receivedTicks);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], NumberOf(source));
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], NumberOf(format ?? ""));
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], line);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], raw.Length);
        bucket.Bytes.Advance(HeaderLength);
        bucket.Bytes.Write(raw);
        if (bucket.Bytes.WrittenCount < MostBuffered || _buckets.Length == 1) return;
        bucket.File ??= File.Create(Path.Combine(_directory ??= _makeDirectory(), $"{Array.IndexOf(_buckets, bucket)}"), 1);
        bucket.File.Write(bucket.Bytes.WrittenSpan);
        bucket.Bytes.ResetWrittenCount();
    }

    /// <summary>Gives all lines, in order.</summary>
    public void Give(LakeLine take, CancellationToken cancellation)
    {
        foreach (var bucket in _buckets)
        {
            if (bucket.File is null)
            {
                Give(bucket.Bytes.WrittenSpan, take, cancellation);
            }
            else
            {
                bucket.File.Write(bucket.Bytes.WrittenSpan);
                GiveFile(bucket.File, take, cancellation);
            }

            bucket.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var bucket in _buckets)
            bucket.Dispose();
        if (_directory is not null) Directory.Delete(_directory, recursive: true);
    }

    private void GiveFile(FileStream file, LakeLine take, CancellationToken cancellation)
    {
        file.Position = 0;
        var bytes = ArrayPool<byte>.Shared.Rent((int)Math.Min(file.Length, MostBytes));
        try
        {
            for (var kept = 0; ;)
            {
                var read = file.ReadAtLeast(bytes.AsSpan(kept), bytes.Length - kept, throwOnEndOfStream: false);
                var filled = bytes.AsSpan(0, kept + read);
                if (filled.IsEmpty) return;
                var whole = Give(filled, take, cancellation);
                filled[whole..].CopyTo(bytes);
                kept = filled.Length - whole;
                if (whole > 0) continue;
                // One line alone is longer than what was rented.
                if (read == 0) throw new InvalidDataException("What was laid aside to be sorted ends early.");
                var larger = ArrayPool<byte>.Shared.Rent(checked(bytes.Length * 2));
                bytes.AsSpan(0, kept).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(bytes);
                bytes = larger;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Sorts and gives the lines that are whole; returns their length.</summary>
    private int Give(ReadOnlySpan<byte> bytes, LakeLine take, CancellationToken cancellation)
    {
        var lines = new List<Line>();
        var at = 0;
        while (bytes.Length - at >= HeaderLength)
        {
            var header = bytes[at..];
            var length = BinaryPrimitives.ReadInt32LittleEndian(header[20..]);
            if (bytes.Length - at - HeaderLength < length) break;
            lines.Add(new Line(BinaryPrimitives.ReadInt64LittleEndian(header), BinaryPrimitives.ReadInt32LittleEndian(header[8..]),
                BinaryPrimitives.ReadInt32LittleEndian(header[12..]), BinaryPrimitives.ReadInt32LittleEndian(header[16..]), at + HeaderLength, length));
            at += HeaderLength + length;
        }

        lines.Sort();
        foreach (var line in lines)
        {
            cancellation.ThrowIfCancellationRequested();
            take(_words[line.Source], line.Format == 0 ? null : _words[line.Format], new DateTimeOffset(line.Received, TimeSpan.Zero), bytes.Slice(line.Start, line.Length));
        }

        return at;
    }

    private int NumberOf(string word)
    {
        if (_numbers.TryGetValue(word, out var number)) return number;
        _numbers.Add(word, number = _words.Count);
        _words.Add(word);
        return number;
    }

    private sealed class Bucket : IDisposable
    {
        public ArrayBufferWriter<byte> Bytes { get; private set; } = new();

        public FileStream? File { get; set; }

        public void Dispose()
        {
            File?.Dispose();
            Bytes = new ArrayBufferWriter<byte>();
        }
    }

    private readonly record struct Line(long Received, int Source, int Format, int Number, int Start, int Length) : IComparable<Line>
    {
        public int CompareTo(Line other)
        {
            var by = Received.CompareTo(other.Received);
            if (by == 0) by = Source.CompareTo(other.Source);
            if (by == 0) by = Format.CompareTo(other.Format);
            if (by == 0) by = Number.CompareTo(other.Number);
            return by == 0 ? Start.CompareTo(other.Start) : by;
        }
    }
}
