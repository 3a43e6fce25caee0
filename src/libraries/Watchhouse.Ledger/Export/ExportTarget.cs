using System.IO.Compression;

namespace Watchhouse.Ledger.Export;

/// <summary>Where an export is written: a folder, or a zip file if the name ends so. One file at a time.</summary>
internal sealed class ExportTarget : IDisposable
{
    private readonly string _destination;
    private readonly string _temporary;
    private readonly ZipArchive? _zip;

    public ExportTarget(string destination)
    {
        _destination = Path.GetFullPath(destination).TrimEnd(Path.DirectorySeparatorChar);
        if (File.Exists(_destination) || Directory.Exists(_destination))
            throw new IOException($"The export would overwrite {_destination}.");
        // Made aside under another name: a half export never looks like a whole one.
        _temporary = _destination + ".partial";
        Discard();
        if (ExportSource.IsZip(destination))
            _zip = new ZipArchive(new FileStream(_temporary, FileMode.CreateNew), ZipArchiveMode.Create);
        else
            Directory.CreateDirectory(_temporary);
    }

    public Stream Create(string name)
    {
        if (_zip is not null)
            return _zip.CreateEntry(name, CompressionLevel.Fastest).Open();
        var path = Path.Combine(_temporary, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new FileStream(path, FileMode.CreateNew);
    }

    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        using var stream = Create(name);
        stream.Write(bytes);
    }

    public void Complete()
    {
        _zip?.Dispose();
        if (_zip is not null)
            File.Move(_temporary, _destination, overwrite: false);
        else
            Directory.Move(_temporary, _destination);
    }

    public void Dispose()
    {
        _zip?.Dispose();
        Discard();
    }

    private void Discard()
    {
        File.Delete(_temporary);
        if (Directory.Exists(_temporary))
            Directory.Delete(_temporary, recursive: true);
    }
}
