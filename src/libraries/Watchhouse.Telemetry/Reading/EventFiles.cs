using System.Buffers.Binary;
using System.IO.Compression;

namespace Watchhouse.Telemetry;

/// <summary>How a file of events is opened.</summary>
public sealed record EventFileOptions
{
    /// <summary>Bounds of what is read.</summary>
    public ReadLimits Limits { get; init; } = ReadLimits.Default;

    /// <summary>The format, where the caller knows better than the content does; null finds it out.</summary>
    public EventFormat? Format { get; init; }

    /// <summary>
    /// A moment not long before which the events were written; gives the year to times that lack one (RFC 3164). Null takes
    /// the file's last change.
    /// </summary>
    public DateTimeOffset? Reference { get; init; }

    /// <summary>
    /// Whether the bytes are read as they are: neither unpacked nor brought from UTF-16. For what a stranger sent, whose size is known
    /// only as long as it stays packed.
    /// </summary>
    public bool IsVerbatim { get; init; }

    /// <summary>Told how many more bytes of the file itself (before it is unpacked) have been read.</summary>
    public Action<long>? Progress { get; init; }
}

/// <summary>Finds and opens files of events; format and compression are told by their content.</summary>
public static class EventFiles
{
    private static readonly string[] Extensions = [".evtx", ".json", ".jsonl", ".ndjson", ".log", ".txt", ".csv", ".tsv", ".xml", ".cef", ".leef"];
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
            var given = options.Reference is null ? options with { Reference = new DateTimeOffset(File.GetLastWriteTimeUtc(path)) } : options;
            return Open(options.Progress is null ? file : new CountingStream(file, options.Progress), given, Extension(path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The format of which the first bytes of an input tell; null where they are binary and of no known kind.</summary>
    public static EventFormat? FormatOf(ReadOnlySpan<byte> head) =>
        FormatDetector.Detect(head[..Math.Min(head.Length, FormatDetector.HeadBytes)], "");

    /// <summary>Opens a stream, which the source then owns.</summary>
    /// <exception cref="InvalidDataException">Its content is of no known kind.</exception>
    public static BlockSource Open(Stream stream, ReadLimits limits) => Open(stream, new EventFileOptions { Limits = limits }, "");

    /// <summary>
    /// Opens a stream, which the source then owns; the extension of its name, with the dot, helps where the content leaves open
    /// what it is.
    /// </summary>
    /// <exception cref="InvalidDataException">Its content is of no known kind.</exception>
    public static BlockSource Open(Stream stream, EventFileOptions options, string extension)
    {
        var raw = new PeekStream(stream);
        if (options.IsVerbatim) return Content(raw, options, extension);
        var head = raw.Peek(8);
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            return Text(new PeekStream(new GZipStream(raw, CompressionMode.Decompress)), options, extension);
        if (head.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(head) == 0xFD2FB528)
            return Text(new PeekStream(new ZstdStream(raw)), options, extension);
        return Text(raw, options, extension);
    }

    private static BlockSource Text(PeekStream stream, EventFileOptions options, string extension)
    {
        var head = stream.Peek(2);
        // Without its two bytes the mark would come out as one of UTF-8, which every reader passes over.
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) stream = new PeekStream(new Utf16Stream(stream, bigEndian: false));
        else if (head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) stream = new PeekStream(new Utf16Stream(stream, bigEndian: true));
        return Content(stream, options, extension);
    }

    private static BlockSource Content(PeekStream stream, EventFileOptions options, string extension)
    {
        var head = stream.Peek(FormatDetector.HeadBytes);
        var format = options.Format ?? FormatDetector.Detect(head, extension) ?? throw new InvalidDataException(
            "The content is binary and of no known kind. Events are read from EVTX, JSON, XML, CSV, syslog, CEF, LEEF, auditd, W3C, Zeek "
            + "and text, as they are or packed with gzip or zstd.");
        var context = new LineContext(options.Limits, options.Reference);
        return format switch
        {
            EventFormat.Evtx => new EvtxSource(stream, options.Limits),
            EventFormat.JsonLines => new JsonLinesSource(stream, options.Limits),
            EventFormat.Json => new JsonItemsSource(stream, options.Limits),
            EventFormat.Xml => new XmlItemsSource(stream, options.Limits),
            EventFormat.Csv => new CsvSource(stream, Separator(head), options.Limits),
            EventFormat.W3c => new DirectiveSource(stream, isZeek: false, options.Limits),
            EventFormat.Zeek => new DirectiveSource(stream, isZeek: true, options.Limits),
            EventFormat.SyslogFramed => new SyslogFrameSource(stream, context),
            _ => new TextLineSource(stream, format, context),
        };
    }

    private static byte Separator(ReadOnlySpan<byte> head)
    {
        var text = (head.StartsWith("\uFEFF"u8) ? head[3..] : head).TrimStart(" \r\n"u8);
        return TableHeader.Separators(TextCursor.Take(ref text, (byte)'\n').TrimEnd((byte)'\r'), out _) ?? (byte)',';
    }

    private static string Extension(string path)
    {
        var extension = Path.GetExtension(path).ToLowerInvariant();
        return extension.Length > 0 && Packings.Contains(extension) ? Path.GetExtension(path[..^extension.Length]).ToLowerInvariant() : extension;
    }

    private static bool IsKnown(string file) => Packings.Any(packing =>
        file.EndsWith(packing, StringComparison.OrdinalIgnoreCase)
        && Extensions.Contains(Path.GetExtension(file[..^packing.Length]).ToLowerInvariant()));
}
