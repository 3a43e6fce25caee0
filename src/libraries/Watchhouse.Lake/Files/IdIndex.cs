using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Watchhouse.Lake.Files;

/// <summary>
/// The file beside each packed file that says which ids are in it and in which row: whole ids in order, then the row
/// of each. Whole ones, because two events that share a part of an id can be made on purpose, and the second would be
/// dropped as a repeat. Layout, little-endian: magic (8), count (8), SHA-256 of the rest (32), ids (16 each, big-endian),
/// rows (4 each).
/// </summary>
internal sealed class IdIndex : IDisposable
{
    private const int HeaderLength = 48;
    private const int IdLength = 16;
    private const int WindowIds = 512;
    private const int MaxGuesses = 4;

    private static readonly byte[] Magic = "WHIDS\0\0\x01"u8.ToArray();

    private readonly SafeFileHandle _handle;
    private readonly byte[] _window = new byte[WindowIds * IdLength];
    private readonly byte[] _row = new byte[4];
    private long _windowStart;
    private int _windowCount;

    private IdIndex(SafeFileHandle handle, long count)
    {
        _handle = handle;
        Count = count;
    }

    /// <summary>Number of ids.</summary>
    public long Count { get; }

    public static UInt128 Key(Guid id)
    {
        Span<byte> bytes = stackalloc byte[IdLength];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static Guid Id(UInt128 key)
    {
        Span<byte> bytes = stackalloc byte[IdLength];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Writes an index and flushes it to disk. Sorts what it is given.</summary>
    /// <param name="path">The file to make.</param>
    /// <param name="keys">The ids in the order of the rows; sorted on return.</param>
    public static void Write(string path, UInt128[] keys)
    {
        var rows = new int[keys.Length];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = i;
        Array.Sort(keys, rows);
        var body = new byte[(long)keys.Length * (IdLength + 4)];
        for (var i = 0; i < keys.Length; i++)
            BinaryPrimitives.WriteUInt128BigEndian(body.AsSpan(i * IdLength), keys[i]);
        var rowPart = body.AsSpan(keys.Length * IdLength);
        for (var i = 0; i < rows.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(rowPart[(i * 4)..], rows[i]);

        Span<byte> header = stackalloc byte[HeaderLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], keys.Length);
        SHA256.HashData(body, header[16..]);
        using var handle = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        RandomAccess.Write(handle, header, 0);
        RandomAccess.Write(handle, body, HeaderLength);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>Opens an index.</summary>
    /// <exception cref="LakeCorruptException">It is missing, cut or no index.</exception>
    public static IdIndex Open(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> header = stackalloc byte[16];
            if (RandomAccess.Read(handle, header, 0) != 16 || !header[..8].SequenceEqual(Magic))
                throw new LakeCorruptException($"{path} is no index of ids. {Remedy}");
            var count = BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
            if (count is < 0 or > int.MaxValue || RandomAccess.GetLength(handle) != HeaderLength + (count * (IdLength + 4)))
                throw new LakeCorruptException($"{path} is cut or has grown. {Remedy}");
            return new IdIndex(handle, count);
        }
        catch (Exception e)
        {
            handle?.Dispose();
            if (e is FileNotFoundException)
                throw new LakeCorruptException($"{path} is missing. {Remedy}", e);
            throw;
        }
    }

    /// <summary>Whether an index is there, whole and has so many ids; if not, why.</summary>
    public static string? Fault(string path, long count)
    {
        try
        {
            using var index = Open(path);
            if (index.Count != count)
                return $"has {index.Count} ids where the manifest says {count}";
            var header = new byte[HeaderLength];
            _ = RandomAccess.Read(index._handle, header, 0);
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            stream.Position = HeaderLength;
            return SHA256.HashData(stream).AsSpan().SequenceEqual(header.AsSpan(16)) ? null : "is not what was written";
        }
        catch (LakeCorruptException e)
        {
            return e.InnerException is FileNotFoundException ? "is missing" : "is cut or no index";
        }
    }

    /// <summary>All ids, in order.</summary>
    public UInt128[] ReadKeys()
    {
        var bytes = new byte[Count * IdLength];
        if (ReadAt(bytes, HeaderLength) != bytes.Length)
            throw new LakeCorruptException($"An index of ids ended early. {Remedy}");
        var keys = MemoryMarshal.Cast<byte, UInt128>(bytes).ToArray();
        for (var i = 0; i < keys.Length; i++)
            keys[i] = BinaryPrimitives.ReadUInt128BigEndian(bytes.AsSpan(i * IdLength));
        return keys;
    }

    /// <summary>Adds all ids to a filter.</summary>
    public void AddTo(Writing.IdFilter filter)
    {
        const int Most = 4096;
        var bytes = ArrayPool<byte>.Shared.Rent(Most * IdLength);
        try
        {
            for (var done = 0L; done < Count;)
            {
                var count = (int)Math.Min(Most, Count - done);
                var part = bytes.AsSpan(0, count * IdLength);
                if (ReadAt(part, HeaderLength + (done * IdLength)) != part.Length)
                    throw new LakeCorruptException($"An index of ids ended early. {Remedy}");
                for (var i = 0; i < count; i++)
                    filter.Add(BinaryPrimitives.ReadUInt128BigEndian(part[(i * IdLength)..]));
                done += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>
    /// The row of an id, or -1. Fastest when asked in the order of the ids: a window of the file is kept, and the next
    /// place is guessed from the value, since ids are spread evenly.
    /// </summary>
    public int Find(UInt128 key)
    {
        long low = 0, high = Count;
        for (var guesses = 0; low < high; guesses++)
        {
            if (_windowCount == 0 || _windowStart + _windowCount <= low || _windowStart >= high)
                Load(Guess(key, low, high, guesses));
            if (key < WindowKey(0))
            {
                high = Math.Min(high, _windowStart);
            }
            else if (key > WindowKey(_windowCount - 1))
            {
                low = Math.Max(low, _windowStart + _windowCount);
            }
            else
            {
                var place = SearchWindow(key);
                return place < 0 ? -1 : RowAt(_windowStart + place);
            }
        }

        return -1;
    }

    public void Dispose() => _handle.Dispose();

    private const string Remedy = "Run the verification of the lake with repair: it builds the index anew from the events.";

    private long Guess(UInt128 key, long low, long high, int guesses)
    {
        // Ids that are not spread evenly would be approached in small steps for ever: halve instead.
        var share = guesses < MaxGuesses ? (double)key / (double)UInt128.MaxValue : -1;
        var place = share < 0 ? low + ((high - low) / 2) : (long)(share * Count);
        return Math.Clamp(place, low, high - 1);
    }

    private void Load(long around)
    {
        _windowStart = Math.Clamp(around - (WindowIds / 2), 0, Math.Max(0, Count - WindowIds));
        _windowCount = (int)Math.Min(WindowIds, Count - _windowStart);
        var length = _windowCount * IdLength;
        if (ReadAt(_window.AsSpan(0, length), HeaderLength + (_windowStart * IdLength)) != length)
            throw new LakeCorruptException($"An index of ids ended early. {Remedy}");
    }

    private int ReadAt(Span<byte> buffer, long offset)
    {
        var done = 0;
        while (done < buffer.Length)
        {
            var read = RandomAccess.Read(_handle, buffer[done..], offset + done);
            if (read == 0) break;
            done += read;
        }

        return done;
    }

    private UInt128 WindowKey(int index) => BinaryPrimitives.ReadUInt128BigEndian(_window.AsSpan(index * IdLength));

    private int SearchWindow(UInt128 key)
    {
        int low = 0, high = _windowCount - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = WindowKey(middle);
            if (found == key) return middle;
            if (found < key) low = middle + 1;
            else high = middle - 1;
        }

        return -1;
    }

    private int RowAt(long place)
    {
        _ = RandomAccess.Read(_handle, _row, HeaderLength + (Count * IdLength) + (place * 4));
        return BinaryPrimitives.ReadInt32LittleEndian(_row);
    }
}
