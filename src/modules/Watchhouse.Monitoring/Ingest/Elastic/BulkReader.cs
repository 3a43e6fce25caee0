using System.Text.Json;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.Ingest.Reading;

namespace Watchhouse.Monitoring.Ingest.Elastic;

/// <summary>One action of a bulk request and what becomes of it.</summary>
/// <param name="Action">The action's word: create, index, update or delete.</param>
/// <param name="Index">The index that it names, or that the address names.</param>
/// <param name="Id">The id that it names, if any.</param>
/// <param name="Problem">Why it is refused; null when its document is taken.</param>
internal readonly record struct BulkItem(string Action, string Index, string? Id, string? Problem);

/// <summary>What a bulk request holds; its items in order.</summary>
internal sealed class BulkScan(IngestLimits limits)
{
    public List<BulkItem> Items { get; } = [];

    public Dictionary<string, List<EventRange>> BySource { get; } = new(StringComparer.Ordinal);

    public EventScan Events { get; } = new(limits);
}

/// <summary>
/// Reads Elasticsearch's bulk format: a line that says what to do, and for create, index and update a line with the
/// document. Events are only ever added, so update and delete are refused, each by itself. Pure.
/// </summary>
internal static class BulkReader
{
    public const string OnlyAdds = "Events are only added here: send create or index.";
    public const string NoIndex = "An index is missing: name it in the action or in the address.";
    public const string NoDocument = "The document is missing: the request ends behind its action.";
    private const int MostSources = 32;
    private const string Other = "elastic";

    public static BulkScan Read(ReadOnlySpan<byte> body, string? index, IngestLimits limits)
    {
        var scan = new BulkScan(limits);
        var lines = new LineCursor(body);
        while (lines.NextFilled())
        {
            if (ReadAction(lines.Bytes) is not { } action)
            {
                scan.Events.Refuse(new Refusal(RefusalKind.Unreadable,
                    $"Malformed action/metadata line [{lines.Line}], expected an object with one of create, index, update or delete. "
                    + "Nothing of the request was kept.") { Line = lines.Line }, lines.Range);
                return scan;
            }

            var named = action.Index.Length > 0 ? action.Index : index ?? "";
            var item = action with { Index = named, Problem = named.Length == 0 ? NoIndex : null };
            if (item.Action is "update" or "delete") item = item with { Problem = OnlyAdds };
            if (item.Action != "delete")
            {
                if (!lines.NextFilled()) item = item with { Problem = NoDocument };
                else item = item with { Problem = item.Problem ?? JsonEvent.Judge(lines.Bytes, limits) };
            }

            scan.Items.Add(item);
            var going = item.Problem is null
                ? scan.Events.Take(lines.Range)
                : scan.Events.Reject(lines.Line, item.Problem, lines.Bytes);
            if (!going) return scan;
            if (item.Problem is null) Place(scan, SourceOf(named), lines.Range);
        }

        return scan;
    }

    /// <summary>An index without the day or number that rolls it over: the source stays the same when the day turns.</summary>
    public static string SourceOf(string index)
    {
        var end = index.Length;
        while (end > 0 && (char.IsAsciiDigit(index[end - 1]) || index[end - 1] is '.' or '-' or '_')) end--;
        // Only a tail that a hyphen or full stop sets off is one; 'web01' keeps its number.
        var tail = index.AsSpan(end);
        var name = end == 0 || (tail.Length > 0 && tail[0] is '-' or '.' or '_') ? index[..end] : index;
        return SourceName.From(name, Other);
    }

    private static void Place(BulkScan scan, string source, EventRange range)
    {
        if (scan.BySource.Count >= MostSources && !scan.BySource.ContainsKey(source)) source = Other;
        if (!scan.BySource.TryGetValue(source, out var events)) scan.BySource[source] = events = [];
        events.Add(range);
    }

    private static BulkItem? ReadAction(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 8 });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName) return null;
            var action = reader.GetString()!;
            if (action is not ("create" or "index" or "update" or "delete")) return null;
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            var (index, id) = ("", (string?)null);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isIndex = reader.ValueTextEquals("_index"u8);
                var isId = reader.ValueTextEquals("_id"u8);
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && isIndex) index = Short(reader.GetString()!);
                else if (reader.TokenType == JsonTokenType.String && isId) id = Short(reader.GetString()!);
                reader.Skip();
            }

            return reader.Read() && reader.TokenType == JsonTokenType.EndObject && !reader.Read()
                ? new BulkItem(action, index, id, null)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // Elasticsearch itself takes at most 512 bytes of an id; the answer repeats them for each item.
    private static string Short(string text) => text.Length <= 512 ? text : text[..512];
}
