using Microsoft.Win32.SafeHandles;

namespace Watchhouse.Ledger.Storage;

/// <summary>Steps at which storage can fail; the tests make them fail.</summary>
internal enum StorageStep
{
    Write,
    Flush,
    Truncate,
}

/// <summary>
/// Called before each step with the file's name and the bytes to write. Returns how many of them the storage takes;
/// fewer is a full disk. May throw.
/// </summary>
internal delegate int StorageProbe(StorageStep step, string file, int bytes);

/// <summary>An append-only file: reads anywhere, writes at its end.</summary>
internal sealed class LedgerFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly StorageProbe? _probe;

    private LedgerFile(string path, SafeFileHandle handle, StorageProbe? probe)
    {
        Path = path;
        Name = System.IO.Path.GetFileName(path);
        _handle = handle;
        _probe = probe;
        Length = RandomAccess.GetLength(handle);
    }

    public string Path { get; }

    public string Name { get; }

    /// <summary>
    /// The length at opening and what was appended since; a reader calls <see cref="RefreshLength"/> to see more.
    /// </summary>
    public long Length { get; private set; }

    public static LedgerFile OpenWrite(string path, FileMode mode, StorageProbe? probe) =>
        new(path, File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite), probe);

    public static LedgerFile OpenRead(string path) =>
        new(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), null);

    public long RefreshLength() => Length = RandomAccess.GetLength(_handle);

    /// <summary>Reads until the span is full or the file ends; returns the bytes read.</summary>
    public int Read(Span<byte> destination, long offset)
    {
        var total = 0;
        while (total < destination.Length)
        {
            var read = RandomAccess.Read(_handle, destination[total..], offset + total);
            if (read == 0)
                break;
            total += read;
        }

        return total;
    }

    public async ValueTask<int> ReadAsync(Memory<byte> destination, long offset, CancellationToken cancellation)
    {
        var total = 0;
        while (total < destination.Length)
        {
            var read = await RandomAccess.ReadAsync(_handle, destination[total..], offset + total, cancellation);
            if (read == 0)
                break;
            total += read;
        }

        return total;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var taken = _probe?.Invoke(StorageStep.Write, Name, bytes.Length) ?? bytes.Length;
        RandomAccess.Write(_handle, bytes[..taken], Length);
        if (taken < bytes.Length)
            throw new IOException($"No space left for {Path}.");
        Length += bytes.Length;
    }

    public void Truncate(long length)
    {
        _probe?.Invoke(StorageStep.Truncate, Name, 0);
        RandomAccess.SetLength(_handle, length);
        Length = length;
    }

    public void Flush()
    {
        _probe?.Invoke(StorageStep.Flush, Name, 0);
        RandomAccess.FlushToDisk(_handle);
    }

    public void Dispose() => _handle.Dispose();
}
