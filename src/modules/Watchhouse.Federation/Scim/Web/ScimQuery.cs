using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Watchhouse.Federation.Scim.Filters;
using Watchhouse.Federation.Scim.Schemas;

namespace Watchhouse.Federation.Scim.Web;

/// <summary>A query of a list (RFC 7644 section 3.4.2). Sorting is not offered, so its parameters are passed over.</summary>
internal sealed record ScimQuery(ScimFilter? Filter, int Start, int Count, Projection Projection)
{
    /// <summary>Also in the service provider configuration.</summary>
    public const int MostResults = 200;

    private const int Usual = 100;

    public static ScimQuery Of(IQueryCollection query, ScimKind kind) => Of(
        query["filter"], Whole(query["startIndex"], "startIndex"), Whole(query["count"], "count"),
        Projection.Of(Texts(query["attributes"]), Texts(query["excludedAttributes"])), kind);

    /// <summary>The body of a search by POST (RFC 7644 section 3.4.3).</summary>
    public static ScimQuery Of(JsonObject body, ScimKind kind)
    {
        ScimValues.RequireSchema(body, ScimUrns.Search);
        return Of(ScimValues.Text(body["filter"]), Whole(body["startIndex"]?.ToString(), "startIndex"), Whole(body["count"]?.ToString(), "count"),
            Projection.Of(Texts(body["attributes"]), Texts(body["excludedAttributes"])), kind);
    }

    private static ScimQuery Of(string? filter, int? start, int? count, Projection projection, ScimKind kind)
    {
        var parsed = string.IsNullOrWhiteSpace(filter) ? null : FilterParser.Parse(filter);
        if (parsed is not null) FilterEvaluator.Check(parsed, kind);
        // RFC 7644 section 3.4.2.4: less than one means one, and a negative count means none.
        return new ScimQuery(parsed, Math.Max(1, start ?? 1), Math.Clamp(count ?? Usual, 0, MostResults), projection);
    }

    private static int? Whole(string? text, string name) => string.IsNullOrEmpty(text) ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw ScimException.Bad(ScimErrors.InvalidValue, $"'{name}' is a whole number.");

    private static IEnumerable<string> Texts(IEnumerable<string?> values) => values.OfType<string>();

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        null => [],
        JsonArray array => array.Select(v => ScimValues.Text(v) ?? throw ScimException.Bad(ScimErrors.InvalidValue, "Attributes are named by text.")),
        _ => node.GetValueKind() == JsonValueKind.String ? [node.GetValue<string>()]
            : throw ScimException.Bad(ScimErrors.InvalidValue, "Attributes are named by text."),
    };
}

/// <summary>One page of a list, and how many fit in all.</summary>
internal sealed record ScimPage(int Total, int Start, IReadOnlyList<JsonObject> Resources)
{
    public JsonObject ToDocument() => new()
    {
        ["schemas"] = new JsonArray(ScimUrns.List),
        ["totalResults"] = Total,
        ["startIndex"] = Start,
        ["itemsPerPage"] = Resources.Count,
        [nameof(Resources)] = new JsonArray([.. Resources]),
    };
}
