using System.Buffers;
using System.Text.Json;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.Ingest.Reading;

namespace Watchhouse.Monitoring.Ingest.Otlp;

/// <summary>
/// The events made of an export request: each log record one JSON object a line, with the attributes of its resource and
/// scope. A small request can name much of them many times, so what is written is bounded as well.
/// </summary>
internal sealed class OtlpEvents(IngestLimits limits)
{
    public const string NoService = "otlp";
    private const int MostSources = 32;
    private readonly ArrayBufferWriter<byte> _record = new(4096);
    private readonly Dictionary<string, (ArrayBufferWriter<byte> Lines, int Count)> _bySource = new(StringComparer.Ordinal);
    private long _written;
    private int _records;

    public RejectTally Rejects { get; } = new();

    /// <summary>Why the request is refused whole, if it is.</summary>
    public Refusal? Refusal { get; private set; }

    public int Records => _records;

    /// <summary>Writes one record.</summary>
    /// <param name="source">The service's name.</param>
    /// <param name="raw">The record as it came, for a reject's sample.</param>
    /// <param name="write">Writes the object; a <see cref="ProtoException"/> rejects this record alone.</param>
    /// <param name="state">What it writes from.</param>
    /// <returns>False when the request is refused and need not be read on.</returns>
    public bool Add<T>(string? source, ReadOnlySpan<byte> raw, Action<Utf8JsonWriter, T, ReadOnlySpan<byte>> write, T state)
    {
        _records++;
        if (_records > limits.MaxEvents) return Refuse($"There are more than {limits.MaxEvents} records. Send smaller batches.");
        _record.ResetWrittenCount();
        var reason = (string?)null;
        try
        {
            using var writer = new Utf8JsonWriter(_record, new JsonWriterOptions { MaxDepth = limits.MaxDepth, SkipValidation = true });
            write(writer, state, raw);
        }
        catch (ProtoException e)
        {
            reason = e.Message;
        }

        if (reason is null && _record.WrittenCount > limits.MaxEventBytes) reason = JsonEvent.TooLong(limits);
        if (reason is not null)
        {
            Rejects.Add(_records, reason, raw);
            return Rejects.Total <= limits.MaxRejects || Refuse($"More than {limits.MaxRejects} records cannot be read; the first says: {reason}");
        }

        _written += _record.WrittenCount + 1;
        if (_written > limits.MaxBodyBytes)
            return Refuse($"The records with the attributes of their resources have more than {limits.MaxBodyBytes} bytes. Send smaller batches.");
        Place(SourceName.From(source, NoService));
        return true;
    }

    public IReadOnlyList<IntakeBatch> Batches() => [.. _bySource.Select(static s =>
        new IntakeBatch(s.Key, PayloadFormat.OtlpRecord, s.Value.Count, s.Value.Lines.WrittenMemory))];

    private void Place(string source)
    {
        if (_bySource.Count >= MostSources && !_bySource.ContainsKey(source)) source = NoService;
        if (!_bySource.TryGetValue(source, out var entry)) entry = (new ArrayBufferWriter<byte>(4096), 0);
        if (entry.Count > 0) entry.Lines.Write("\n"u8);
        entry.Lines.Write(_record.WrittenSpan);
        _bySource[source] = (entry.Lines, entry.Count + 1);
    }

    private bool Refuse(string message)
    {
        Refusal = new Refusal(RefusalKind.TooLarge, message);
        return false;
    }
}
