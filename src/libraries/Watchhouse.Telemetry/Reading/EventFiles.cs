using System.Buffers.Binary;
using System.IO.Compression;
using ZstdSharp;

namespace Watchhouse.Telemetry;

/// <summary>How a file of events is opened.</summary>
public sealed record EventFileOptions
{
    /// <summary>Bounds of what is read.</summary>
    public ReadLimits Limits { get; init; } = ReadLimits.Default;

    /// <summary>Told how many more bytes of the file itself (before it is unpacked) have been read.</summary>
    public Action<long>? Progress { get; init; }
}

/// <summary>Finds and opens files of events; format and compression are told by their content.</summary>
public static class EventFiles
{
    private static readonly string[] Extensions = [".evtx", ".json", ".jsonl", ".ndjson", ".log", ".txt"];
    private static readonly string[] Packings = ["", ".gz", ".zst"];

    /// <summary>The files as given, and those with a known extension below directories, in order of their names.</summary>
    public static IEnumerable<string> Find(IEnumerable<string> paths) => paths.SelectMany(path => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(IsKnown).Order(StringComparer.Ordinal)
        : (IEnumerable<string>)[path]);

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="InvalidDataException">Its content is of no known kind.</exception>
    public static BlockSource Open(string path, EventFileOptions options)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        try
        {
            return Open(options.Progress is null ? file : new CountingStream(file, options.Progress), options.Limits);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens a stream, which the source then owns.</summary>
    public static BlockSource Open(Stream stream, ReadLimits limits)
    {
        var raw = new PeekStream(stream);
        var head = raw.Peek(8);
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])) return Content(new PeekStream(new GZipStream(raw, CompressionMode.Decompress)), limits);
        if (head.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(head) == 0xFD2FB528)
            return Content(new PeekStream(new DecompressionStream(raw, leaveOpen: false)), limits);
        return Content(raw, limits);
    }

    private static BlockSource Content(PeekStream stream, ReadLimits limits)
    {
        var head = stream.Peek(16 * 1024);
        if (head.StartsWith(EvtxFormat.FileMagic) || head.StartsWith(EvtxFormat.ChunkMagic)) return new EvtxSource(stream, limits);
        var text = head.StartsWith("\uFEFF"u8) ? head[3..] : head;
        text = text.TrimStart(" \t\r\n"u8);
        if (text.Length == 0 && head.Length < 16 * 1024) return new JsonLinesSource(stream, limits);
        return text.Length > 0 && text[0] switch
        {
            (byte)'[' => true,
            // An object that does not end on its line goes over several.
            (byte)'{' => !EndsOnItsLine(text),
            _ => false,
        }
            ? new JsonItemsSource(stream, limits)
            : new JsonLinesSource(stream, limits);
    }

    private static bool EndsOnItsLine(ReadOnlySpan<byte> text)
    {
        var feed = text.IndexOf((byte)'\n');
        var line = (feed < 0 ? text : text[..feed]).TrimEnd(" \t\r"u8);
        // A line longer than what was looked at is taken for whole.
        return (feed < 0 && text.Length > 8 * 1024) || line.EndsWith("}"u8);
    }

    private static bool IsKnown(string file) => Packings.Any(packing =>
        file.EndsWith(packing, StringComparison.OrdinalIgnoreCase)
        && Extensions.Contains(Path.GetExtension(file[..^packing.Length]).ToLowerInvariant()));
}
