using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Telemetry;

namespace Watchhouse.Commands.Import;

/// <summary>What became of a file.</summary>
internal sealed record FileReport(long Events, long Rejected, bool IsWhole);

/// <summary>
/// Turns a file into batches that stand for themselves. Lines of text and JSON stay as they are; what has headers or is binary
/// becomes a JSON object for each event, with the fields that rules look for. Kept between files.
/// </summary>
internal sealed class ImportFile(Action<ImportBatch> ready, Action<string> problem, Action<long> progress)
{
    private const int MostProblems = 20;

    private static readonly Dictionary<string, EventFormat> Lines = new(StringComparer.Ordinal)
    {
        ["syslog"] = EventFormat.Syslog,
        ["syslog with octet counting"] = EventFormat.Syslog,
        ["CEF"] = EventFormat.Cef,
        ["LEEF"] = EventFormat.Leef,
        ["auditd"] = EventFormat.Auditd,
        ["access log"] = EventFormat.AccessLog,
        ["text lines"] = EventFormat.TextLines,
    };

    private readonly ArrayBufferWriter<byte> _payload = new(ImportSpool.BatchBytes);
    private readonly ArrayBufferWriter<byte> _one = new(64 * 1024);
    private readonly EventRecord _record = new();
    private readonly EventBlock _block = new();
    private Utf8JsonWriter? _json;
    private int _count;
    private int _number;
    private string _format = "";

    private ImportOptions _options = null!;

    /// <exception cref="IOException">It cannot be opened, or a batch could not be written.</exception>
    /// <exception cref="InvalidDataException">Its content is of no known kind.</exception>
    public FileReport Read(string path, ImportOptions options, CancellationToken cancellationToken)
    {
        (_options, _count, _number) = (options, 0, 0);
        _payload.ResetWrittenCount();
        using var source = EventFiles.Open(path, new EventFileOptions
        {
            Format = options.Format,
            Limits = ReadLimits.Default with { RecordBytes = ImportSpool.EventBytes },
            Progress = progress,
        });
        var isLine = Lines.TryGetValue(source.Format, out var form);
        var isJson = source.Format is "JSON" or "JSON lines";
        _format = isLine ? ImportFormats.Line(form, File.GetLastWriteTimeUtc(path)) : ImportFormats.Json;
        var parser = source.CreateParser();
        var (events, rejected, told) = (0L, 0L, 0);
        var isWhole = true;
        while (TryRead(source, path, ref isWhole))
        {
            cancellationToken.ThrowIfCancellationRequested();
            parser.Start(_block);
            while (parser.Next(_record, out var reason) is var outcome and not ParseOutcome.End)
            {
                if (outcome == ParseOutcome.Event && TryAdd(isLine || isJson, ref reason))
                {
                    events++;
                    continue;
                }

                if (rejected++ < MostProblems) problem($"{path}: record {_record.Position}: {reason}");
            }
        }

        foreach (var skipped in source.Skipped)
        {
            rejected++;
            if (told++ < MostProblems) problem($"{path}: {skipped}");
        }

        if (rejected > MostProblems) problem($"{path}: {rejected:N0} records in all could not be read.");
        Flush();
        return new(events, rejected, isWhole);
    }

    // A packed file may be cut off: what came before that is taken.
    private bool TryRead(BlockSource source, string path, ref bool isWhole)
    {
        try
        {
            return source.Read(_block);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            problem($"{path}: reading stopped, and what came before is taken: {e.Message}");
            isWhole = false;
            return false;
        }
    }

    private bool TryAdd(bool asItStands, ref string? reason)
    {
        _one.ResetWrittenCount();
        if (asItStands) _one.Write(_record.Raw);
        else if (!TryWriteJson(ref reason)) return false;
        if (_one.WrittenCount > ImportSpool.EventBytes)
        {
            reason = $"The event has {_one.WrittenCount:N0} bytes as JSON; the limit is {ImportSpool.EventBytes:N0}.";
            return false;
        }

        if (_count > 0 && _payload.WrittenCount + _one.WrittenCount > ImportSpool.BatchBytes) Flush();
        if (_count++ > 0) _payload.Write("\n"u8);
        var line = _payload.GetSpan(_one.WrittenCount)[.._one.WrittenCount];
        _one.WrittenSpan.CopyTo(line);
        // Outside of texts, where JSON has none of them, they are blanks; a framed message becomes one line.
        line.Replace((byte)'\n', (byte)' ');
        line.Replace((byte)'\r', (byte)' ');
        _payload.Advance(line.Length);
        if (_count >= ImportSpool.BatchEvents) Flush();
        return true;
    }

    private bool TryWriteJson(ref string? reason)
    {
        _json ??= new(_one, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = 1000 });
        _json.Reset(_one);
        try
        {
            EventJson.Write(_record, _json);
            _json.Flush();
            return true;
        }
        catch (ArgumentException)
        {
            reason = "It holds text that is not Unicode.";
            return false;
        }
    }

    // The key follows from content and place: the same file makes the same batches, wherever it lies and whenever it comes.
    private void Flush()
    {
        if (_count == 0) return;
        var sum = Convert.ToHexStringLower(SHA256.HashData(_payload.WrittenSpan));
        ready(new ImportBatch(_options.Force, _options.Source, _format, _count, $"{_options.Source}\n{_number++}\n{sum}", _payload.WrittenMemory));
        _payload.ResetWrittenCount();
        _count = 0;
    }
}
