using System.IO.Compression;

namespace Watchhouse.Ledger.Export;

/// <summary>An export to be read: a folder or a zip file.</summary>
internal sealed class ExportSource : IDisposable
{
    private readonly string _path;
    private readonly ZipArchive? _zip;

    public ExportSource(string path)
    {
        _path = Path.GetFullPath(path);
        if (File.Exists(path))
            _zip = ZipFile.OpenRead(path);
        else if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"There is no export at {_path}.");
    }

    public static bool IsZip(string path) => path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);

    /// <summary>Names of all files, with '/' between directories.</summary>
    public IEnumerable<string> Names() => _zip is not null
        ? _zip.Entries.Select(entry => entry.FullName)
        : Directory.EnumerateFiles(_path, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(_path, file).Replace(Path.DirectorySeparatorChar, '/'));

    /// <summary>Opens a file; null if there is none.</summary>
    public Stream? Open(string name)
    {
        if (_zip is not null)
            return _zip.GetEntry(name)?.Open();
        var path = Path.Combine(_path, name);
        return File.Exists(path) ? File.OpenRead(path) : null;
    }

    /// <summary>The bytes of a file, at most one more than <paramref name="limit"/>; null if there is none.</summary>
    public byte[]? Read(string name, int limit)
    {
        using var stream = Open(name);
        if (stream is null)
            return null;
        var bytes = new byte[limit + 1];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    public void Dispose() => _zip?.Dispose();
}
