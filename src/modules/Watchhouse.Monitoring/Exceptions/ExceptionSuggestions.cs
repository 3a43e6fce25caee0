using System.Text;
using Watchhouse.Monitoring.Alerts.Explaining;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Sigma;
using Watchhouse.Telemetry;

namespace Watchhouse.Monitoring.Exceptions;

/// <summary>A part that an exception from an alert could have.</summary>
/// <param name="MetRule">Whether the rule looked at the field.</param>
/// <param name="IsProposed">Whether it is chosen from the start.</param>
internal sealed record SuggestedPart(ExceptionPart Part, bool MetRule, bool IsProposed);

/// <summary>
/// What the events of an alert have in common, as parts of a condition under which the alert would not have been raised: whom it is
/// about, the fields that met the rule, then all others. Pure.
/// </summary>
internal static class ExceptionSuggestions
{
    public const int Most = 120;
    private const int MostProposed = 4;
    private const int Deepest = 4;

    public static IReadOnlyList<SuggestedPart> Of(AlertExplanation shown)
    {
        var alert = shown.Detail.Alert;
        var parts = new List<SuggestedPart>();
        if (alert.EntityKind != "source") parts.Add(new(new(ExceptionPart.Entity, ExceptionTest.Equal, alert.Entity), false, true));
        var sources = shown.Detail.Evidence.Select(each => each.Source).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (sources.Count == 1) parts.Add(new(new(ExceptionPart.Source, ExceptionTest.Equal, sources[0]), false, alert.EntityKind == "source"));
        var met = shown.Events.SelectMany(each => each.Parts ?? []).Select(part => part.Field).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        // Of a correlation there are the fields that it groups by, and no others.
        var wanted = shown.Rule is SigmaCorrelation correlation ? correlation.GroupBy : null;
        var values = Values(shown, met, wanted);
        var proposed = 0;
        foreach (var (field, texts) in values)
        {
            if (Part(field, texts) is not { } part || part.Fault() is not null) continue;
            var isMet = met.Contains(field);
            parts.Add(new(part, isMet, isMet && part.Test == ExceptionTest.Equal && proposed++ < MostProposed));
            if (parts.Count >= Most) break;
        }

        return parts;
    }

    private static ExceptionPart? Part(string field, IReadOnlyList<string> texts) => texts switch
    {
        [] => null,
        [var only] => only.Length is > 0 and <= ExceptionPart.LongestValue ? new(field, ExceptionTest.Equal, only) : null,
        _ => texts.Count <= ExceptionPart.MostLines && texts.All(text => text.Length > 0 && !text.Contains('\n', StringComparison.Ordinal))
            ? new(field, ExceptionTest.OneOf, string.Join('\n', texts)) : null,
    };

    // The fields that every event has, with all values that they have in any of them; those that met the rule first.
    private static List<(string Field, IReadOnlyList<string> Values)> Values(AlertExplanation shown, List<string> met, IReadOnlyList<string>? wanted)
    {
        var names = new List<string>(wanted ?? met);
        var reader = new PayloadEvents();
        if (wanted is null) Each(reader, shown.Detail.Evidence.Take(1), record => Names(record, 0, "", 0, names));
        var asked = names.Distinct(StringComparer.Ordinal).Take(Most).ToList();
        var session = SigmaDetector.Compile([], new() { LogSources = LogSourceMap.Default.Entries, Fields = asked }).CreateSession();
        var found = asked.ToDictionary(name => name, _ => new List<string>(), StringComparer.Ordinal);
        var missing = new HashSet<string>(StringComparer.Ordinal);
        Each(reader, shown.Detail.Evidence, record =>
        {
            session.Detect(record);
            foreach (var name in asked)
            {
                var texts = session.FieldTexts(name);
                if (texts.Count == 0) missing.Add(name);
                foreach (var text in texts)
                {
                    if (found[name].Count <= ExceptionPart.MostLines && !found[name].Contains(text, StringComparer.OrdinalIgnoreCase)) found[name].Add(text);
                }
            }
        });
        return [.. asked.Where(name => !missing.Contains(name)).Select(name => (name, (IReadOnlyList<string>)found[name]))];
    }

    private static void Each(PayloadEvents reader, IEnumerable<Alerts.AlertEvidence> evidence, Action<EventRecord> look)
    {
        foreach (var each in evidence.Where(each => each.Seen.Length > 0))
        {
            var format = each.Seen.AsSpan().TrimStart() is ['{', ..] ? PayloadFormat.Ndjson : PayloadFormat.HecRaw;
            reader.Read(format, Encoding.UTF8.GetBytes(each.Seen), each.At, look);
        }
    }

    // Paths as conditions name them; they lead through arrays.
    private static void Names(EventRecord record, int container, string path, int depth, List<string> names)
    {
        var isList = record[container].Kind == EventNodeKind.Sequence;
        for (var at = container + 1; at < record[container].End && names.Count < Most * 2; at = record[at].End)
        {
            var name = isList ? "" : record.NameText(record[at]);
            var own = isList ? path : path.Length == 0 ? name : $"{path}.{name}";
            if (record[at].Kind is EventNodeKind.Mapping or EventNodeKind.Sequence)
            {
                if (depth < Deepest) Names(record, at, own, depth + 1, names);
            }
            else if (own.Length is > 0 and <= ExceptionPart.LongestField && record[at].Kind != EventNodeKind.Null)
            {
                names.Add(own);
            }
        }
    }
}
