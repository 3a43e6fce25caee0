using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Watchhouse.Journal.Storage;

/// <summary>
/// The files of the log, one a segment. The space of a segment is taken from the disk when the file is made
/// (fallocate(2)), so that what is let in can be written; the length of a file grows as it is written, so that it
/// tells where writing ended.
/// </summary>
internal sealed class SegmentFiles : IDisposable
{
    private readonly string _directory;
    private readonly LogGeometry _geometry;
    private readonly StorageProbe? _probe;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, SafeFileHandle> _unflushed = [];
    private SafeFileHandle? _current;
    private int _currentSegment = -1;
    private bool _namesUnflushed;

    public SegmentFiles(string directory, LogGeometry geometry, StorageProbe? probe)
    {
        (_directory, _geometry, _probe) = (directory, geometry, probe);
        var found = Find(directory);
        (First, End) = found.Count == 0 ? (0, 0) : (found.Min, found.Max + 1);
        Missing = found.Count < End - First ? Enumerable.Range(First, End - First).First(s => !found.Contains(s)) : null;
    }

    /// <summary>The oldest segment that is there.</summary>
    public int First { get; private set; }

    /// <summary>The segment after the newest.</summary>
    public int End { get; private set; }

    /// <summary>A segment that is missing between others.</summary>
    public int? Missing { get; }

    /// <summary>Not guarded: whoever asks must not wait for a flush, and a segment more or less does no harm.</summary>
    public long BytesOnDisk => (End - First) * _geometry.SegmentSize;

    public static SortedSet<int> Find(string directory)
    {
        var found = new SortedSet<int>();
        foreach (var path in Directory.EnumerateFiles(directory, "*.log"))
        {
            if (int.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var n))
                found.Add(n);
        }

        return found;
    }

    public static string NameOf(int segment) => segment.ToString("d8", CultureInfo.InvariantCulture) + ".log";

    public string PathOf(int segment) => Path.Combine(_directory, NameOf(segment));

    /// <summary>Says where the log goes on when it holds nothing and has no file.</summary>
    public void StartAt(int segment)
    {
        if (First == End)
            First = End = segment;
    }

    /// <summary>Takes the space of the next segment.</summary>
    /// <exception cref="IOException">The disk does not have it.</exception>
    public void Allocate()
    {
        _probe?.Invoke(StorageStep.Allocate, _geometry.SegmentSize);
        var path = PathOf(End);
        try
        {
            File.OpenHandle(
                path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete,
                preallocationSize: _geometry.SegmentSize).Dispose();
        }
        catch
        {
            File.Delete(path);
            throw;
        }

        lock (_gate)
        {
            _namesUnflushed = true;
            End++;
        }
    }

    public void Write(int segment, long offset, ReadOnlySpan<byte> bytes)
    {
        _probe?.Invoke(StorageStep.Write, bytes.Length);
        RandomAccess.Write(ForWriting(segment), bytes, offset);
    }

    public SafeFileHandle OpenRead(int segment) => File.OpenHandle(
        PathOf(segment), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Makes everything written so far, and the names of new files, durable.</summary>
    public void Flush()
    {
        _probe?.Invoke(StorageStep.Flush, 0);
        lock (_gate)
        {
            if (_namesUnflushed)
                DirectoryFlush.Flush(_directory);
            _namesUnflushed = false;
            foreach (var (segment, handle) in _unflushed)
            {
                RandomAccess.FlushToDisk(handle);
                if (segment != _currentSegment)
                    handle.Dispose();
            }

            _unflushed.Clear();
        }
    }

    /// <summary>Makes everything durable that is in any file, whoever wrote it.</summary>
    public void FlushAll()
    {
        for (var segment = First; segment < End; segment++)
        {
            using var handle = File.OpenHandle(
                PathOf(segment), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.FlushToDisk(handle);
        }

        DirectoryFlush.Flush(_directory);
    }

    /// <summary>Gives back the segments before one.</summary>
    public void RemoveBefore(int segment)
    {
        lock (_gate)
        {
            for (; First < Math.Min(segment, End); First++)
            {
                if (_unflushed.Remove(First, out var handle) && First != _currentSegment)
                    handle.Dispose();
                // What cannot be deleted now is deleted when the journal is next opened.
                try
                {
                    File.Delete(PathOf(First));
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                }
            }
        }
    }

    /// <summary>
    /// Cuts everything from an address on, so that the log ends there and what follows is zero: old bytes behind the
    /// tail could pass for records one day. The space stays taken. Returns how many bytes other than zero there were.
    /// </summary>
    public long Cut(long address)
    {
        var cut = 0L;
        var last = _geometry.Segment(address);
        for (var segment = last; segment < End; segment++)
        {
            using var handle = File.OpenHandle(
                PathOf(segment), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            cut += Clear(handle, segment == last ? _geometry.OffsetInSegment(address) : 0);
            RandomAccess.FlushToDisk(handle);
        }

        return cut;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var handle in _unflushed.Values)
                handle.Dispose();
            _current?.Dispose();
        }
    }

    private SafeFileHandle ForWriting(int segment)
    {
        lock (_gate)
        {
            if (segment != _currentSegment)
            {
                if (_currentSegment >= 0 && !_unflushed.ContainsKey(_currentSegment))
                    _current!.Dispose();
                if (!_unflushed.TryGetValue(segment, out _current))
                    _current = File.OpenHandle(
                        PathOf(segment), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
                _currentSegment = segment;
            }

            _unflushed[segment] = _current!;
            return _current!;
        }
    }

    private static long Clear(SafeFileHandle handle, long from)
    {
        var buffer = new byte[1 << 16];
        var count = 0L;
        for (int read; (read = RandomAccess.Read(handle, buffer, from)) > 0; from += read)
        {
            var other = read - buffer.AsSpan(0, read).Count((byte)0);
            if (other == 0)
                continue;
            count += other;
            buffer.AsSpan(0, read).Clear();
            RandomAccess.Write(handle, buffer.AsSpan(0, read), from);
        }

        return count;
    }
}
