using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Normalisation;
using Watchhouse.Sigma;

namespace Watchhouse.Monitoring.Rules.Pages;

/// <summary>
/// In which table of the archive events of an entry of the log-source table are kept: an event that has what the entry is
/// recognised by is made, and asked of the mappings. Pure; what was found is kept.
/// </summary>
internal static class SourceTables
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly ConcurrentDictionary<string, string?> Known = new(StringComparer.Ordinal);

    /// <summary>The table; null where what the entry says does not decide it.</summary>
    public static string? Of(LogSourceEntry entry) => Known.GetOrAdd(entry.Name, static (_, each) => Find(each), entry);

    private static string? Find(LogSourceEntry entry)
    {
        var normaliser = new EventNormaliser(TableMappings.Default);
        var row = new NormalisedEvent();
        string? table = null;
        new PayloadEvents().Read(PayloadFormat.Ndjson, Encoding.UTF8.GetBytes(Event(entry).ToJsonString(Relaxed)), DateTimeOffset.UnixEpoch, record =>
        {
            normaliser.Normalise(record, new EventContext("NMC", "none", DateTimeOffset.UnixEpoch), row);
            table = row.Table;
        });
        // What comes as a row of a table says so itself, in a column that mappings need not look at.
        return table != TableCatalogue.CatchAll ? table
            : entry.When.SelectMany(condition => condition.Values).Select(value => TableCatalogue.Default.Find(value)?.Name).FirstOrDefault(name => name is not null);
    }

    private static JsonObject Event(LogSourceEntry entry)
    {
        var whole = new JsonObject();
        foreach (var condition in entry.When)
        {
            var at = whole;
            var names = condition.Path.Split('.');
            foreach (var name in names[..^1])
            {
                if (at[name] is not JsonObject inner) at[name] = inner = [];
                at = inner;
            }

            var value = condition.Values.IsEmpty ? "1" : condition.Values[0];
            // Event ids are numbers in what arrives.
            at[names[^1]] = long.TryParse(value, out var number) ? number : value;
        }

        return whole;
    }
}
