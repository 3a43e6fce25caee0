using System.Text.Json;
using System.Text.Unicode;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.Ingest.Reading;

namespace Watchhouse.Monitoring.Ingest.Splunk;

/// <summary>What a body of event envelopes holds, or the answer that refuses it whole: the protocol knows no other.</summary>
internal sealed record HecScan(Dictionary<string, List<EventRange>> BySource, HecAnswer? Refusal = null, EventRange At = default);

/// <summary>
/// Finds event envelopes: JSON objects one behind the other, with or without white space between them, as Splunk's
/// shippers write them. The source is the sourcetype. Pure.
/// </summary>
internal static class HecEventReader
{
    public const string NoSourcetype = "splunk-hec";

    /// <summary>Sourcetypes that are kept apart in one request.</summary>
    private const int MostSources = 32;

    public static HecScan Read(ReadOnlySpan<byte> body, string? sourcetype, IngestLimits limits)
    {
        var scan = new HecScan([]);
        var at = 0;
        for (var number = 0; ; number++)
        {
            at += body[at..].IndexOfAnyExcept(" \t\r\n"u8) is >= 0 and var blank ? blank : body.Length - at;
            if (at == body.Length) return number == 0 ? scan with { Refusal = HecAnswer.NoData } : scan;
            var found = ReadOne(body[at..], limits, out var length, out var own);
            var range = new EventRange(at, length > 0 ? length : body.Length - at);
            if (found is null && number >= limits.MaxEvents)
                found = new HecAnswer($"There are more than {limits.MaxEvents} events. Send smaller batches.", 6, 413);
            if (found is not null) return scan with { Refusal = found with { InvalidEvent = number }, At = range };
            var source = SourceName.From(own ?? sourcetype, NoSourcetype);
            if (scan.BySource.Count >= MostSources && !scan.BySource.ContainsKey(source)) source = NoSourcetype;
            if (!scan.BySource.TryGetValue(source, out var events)) scan.BySource[source] = events = [];
            events.Add(range);
            at += length;
        }
    }

    private static HecAnswer? ReadOne(ReadOnlySpan<byte> text, IngestLimits limits, out int length, out string? sourcetype)
    {
        (length, sourcetype) = (0, null);
        // One more level than an event: the envelope.
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = limits.MaxDepth + 1 });
        HecAnswer? wrong = null;
        var hasEvent = false;
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return HecAnswer.InvalidFormat;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("event"u8))
                {
                    hasEvent = true;
                    reader.Read();
                    if (reader.TokenType == JsonTokenType.Null || (reader.TokenType == JsonTokenType.String && reader.ValueSpan.IsEmpty))
                        wrong ??= HecAnswer.EventBlank;
                }
                else if (reader.ValueTextEquals("time"u8))
                {
                    reader.Read();
                    if (!IsTime(ref reader)) wrong ??= HecAnswer.InvalidFormat;
                }
                else if (reader.ValueTextEquals("fields"u8))
                {
                    reader.Read();
                    if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null)) wrong ??= HecAnswer.FieldsWrong;
                }
                else if (reader.ValueTextEquals("sourcetype"u8))
                {
                    reader.Read();
                    if (reader.TokenType == JsonTokenType.String && Utf8.IsValid(reader.ValueSpan)) sourcetype = reader.GetString();
                }
                else
                {
                    reader.Read();
                }

                reader.Skip();
            }

            length = (int)reader.BytesConsumed;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return reader.CurrentDepth > limits.MaxDepth
                ? new HecAnswer(JsonEvent.TooDeep(limits), HecAnswer.InvalidFormat.Code, 400)
                : HecAnswer.InvalidFormat;
        }

        if (length > limits.MaxEventBytes) return new HecAnswer(JsonEvent.TooLong(limits), HecAnswer.InvalidFormat.Code, 413);
        if (!Utf8.IsValid(text[..length])) return new HecAnswer(JsonEvent.NotUtf8, HecAnswer.InvalidFormat.Code, 400);
        return wrong ?? (hasEvent ? null : HecAnswer.EventRequired);
    }

    // Seconds since 1970 as a number, or as text that is one.
    private static bool IsTime(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number or JsonTokenType.Null => true,
        JsonTokenType.String => System.Buffers.Text.Utf8Parser.TryParse(reader.ValueSpan, out double _, out var used) && used == reader.ValueSpan.Length,
        _ => false,
    };
}
