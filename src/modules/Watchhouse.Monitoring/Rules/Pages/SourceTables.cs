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

    private static readonly (string[] With, Dictionary<string, JsonNode> Fields)[] Companions =
    [
        (["Channel", "Provider_Name"], new() { ["EventID"] = 1, ["Computer"] = "host", ["Channel"] = "System", ["Provider_Name"] = "provider" }),
        (["appname"], new() { ["message"] = "text", ["hostname"] = "host" }),
        (["Workload", "RecordType", "Operation"], new()
        {
            ["CreationTime"] = "2026-01-01T00:00:00Z", ["Id"] = "1", ["Operation"] = "operation", ["OrganizationId"] = "1", ["RecordType"] = 1, ["UserId"] = "user", ["Workload"] = "Exchange",
        }),
    ];

    private static readonly ConcurrentDictionary<string, string?> Known = new(StringComparer.Ordinal);

    /// <summary>The table; null where no event can be made of what the entry says.</summary>
    public static string? Of(LogSourceEntry entry) => Known.GetOrAdd(entry.Name, static (_, each) => Find(each), entry);

    /// <summary>Whether events in a table say what kind they are: the one for all that has no table of its own does not.</summary>
    public static bool Tells(string? table) => table is not null and not TableCatalogue.CatchAll;

    private static string? Find(LogSourceEntry entry)
    {
        var whole = Event(entry);
        if (TableOf(whole) is { } table && Tells(table)) return table;
        // Such events have more than they are recognised by, and mappings may look at that.
        foreach (var (name, value) in Companions.Where(each => each.With.Any(whole.ContainsKey)).SelectMany(each => each.Fields))
            if (!whole.ContainsKey(name)) whole[name] = value.DeepClone();
        table = TableOf(whole);
        // What comes as a row of a table says so itself, in a column that mappings need not look at.
        return Tells(table) ? table
            : entry.When.SelectMany(condition => condition.Values).Select(value => TableCatalogue.Default.Find(value)?.Name).FirstOrDefault(name => name is not null) ?? table;
    }

    private static string? TableOf(JsonObject whole)
    {
        var normaliser = new EventNormaliser(TableMappings.Default);
        var row = new NormalisedEvent();
        string? table = null;
        new PayloadEvents().Read(PayloadFormat.Ndjson, Encoding.UTF8.GetBytes(whole.ToJsonString(Relaxed)), DateTimeOffset.UnixEpoch, record =>
        {
            normaliser.Normalise(record, new EventContext("NMC", "none", DateTimeOffset.UnixEpoch), row);
            table = row.Table;
        });
        return table;
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
