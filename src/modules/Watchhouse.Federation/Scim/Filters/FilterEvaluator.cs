using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Watchhouse.Federation.Scim.Schemas;

namespace Watchhouse.Federation.Scim.Filters;

/// <summary>Says whether a resource fits a filter. Attributes that are not kept have no value.</summary>
internal static class FilterEvaluator
{
    /// <summary>Refuses comparisons that no attribute can answer, so that the answer does not depend on what is stored.</summary>
    public static void Check(ScimFilter filter, ScimKind kind) => Check(filter, kind.Attributes, kind);

    public static bool Matches(ScimFilter filter, JsonObject resource, ScimKind kind) =>
        Matches(filter, resource, kind.Attributes, kind);

    /// <summary>Whether one value of a multi-valued attribute fits what stands in brackets.</summary>
    public static bool MatchesValue(ScimFilter selector, JsonNode? value, ScimAttribute attribute) =>
        value is JsonObject element && Matches(selector, element, attribute.Parts, null);

    private static void Check(ScimFilter filter, ImmutableArray<ScimAttribute> attributes, ScimKind? kind)
    {
        switch (filter)
        {
            case ScimFilter.And and: Check(and.Left, attributes, kind); Check(and.Right, attributes, kind); break;
            case ScimFilter.Or or: Check(or.Left, attributes, kind); Check(or.Right, attributes, kind); break;
            case ScimFilter.Not not: Check(not.Inner, attributes, kind); break;
            case ScimFilter.Present present: CheckSelector(present.Path, attributes, kind); break;
            case ScimFilter.Some some: CheckSelector(some.Path, attributes, kind); break;
            case ScimFilter.Compare compare:
                CheckSelector(compare.Path, attributes, kind);
                CheckComparison(compare, Leaf(compare.Path, attributes, kind));
                break;
        }
    }

    private static void CheckSelector(ScimPath path, ImmutableArray<ScimAttribute> attributes, ScimKind? kind)
    {
        if (path.Selector is { } selector && Named(path, attributes, kind) is { } attribute) Check(selector, attribute.Parts, null);
    }

    private static void CheckComparison(ScimFilter.Compare compare, ScimAttribute? leaf)
    {
        var ordered = compare.Operator is ScimOperator.Gt or ScimOperator.Ge or ScimOperator.Lt or ScimOperator.Le;
        var part = compare.Operator is ScimOperator.Co or ScimOperator.Sw or ScimOperator.Ew;
        if (part && compare.Literal.Value is not string)
            throw Wrong(compare, "co, sw and ew compare with text in quotation marks");
        // RFC 7644, table 3: an order of truth values is an error.
        if (leaf is { Type: ScimType.Boolean } && (ordered || part)) throw Wrong(compare, "a truth value is compared with eq or ne");
        if (leaf is { Type: ScimType.Complex }) throw Wrong(compare, $"'{leaf.Name}' has several parts; name one, such as {leaf.Name}.{leaf.Parts[0].Name}");
        if (leaf is { Type: ScimType.DateTime } && !part && compare.Literal.Value is not null && Moment(compare.Literal.Value) is null)
            throw Wrong(compare, "a moment is written like \"2026-03-01T08:00:00Z\"");
        if (ordered && compare.Literal.Value is null or bool) throw Wrong(compare, "null and truth values have no order");
    }

    private static ScimException Wrong(ScimFilter.Compare compare, string why) => ScimException.Bad(
        ScimErrors.InvalidFilter, $"The comparison '{FilterText.Short(compare.ToString())}' cannot be made: {why}.");

    private static bool Matches(ScimFilter filter, JsonObject scope, ImmutableArray<ScimAttribute> attributes, ScimKind? kind) => filter switch
    {
        ScimFilter.And and => Matches(and.Left, scope, attributes, kind) && Matches(and.Right, scope, attributes, kind),
        ScimFilter.Or or => Matches(or.Left, scope, attributes, kind) || Matches(or.Right, scope, attributes, kind),
        ScimFilter.Not not => !Matches(not.Inner, scope, attributes, kind),
        ScimFilter.Present present => Values(present.Path, scope, attributes, kind).Any(IsPresent),
        ScimFilter.Some some => Values(some.Path, scope, attributes, kind).Any(),
        ScimFilter.Compare compare => Compares(compare, scope, attributes, kind),
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, null),
    };

    private static bool Compares(ScimFilter.Compare compare, JsonObject scope, ImmutableArray<ScimAttribute> attributes, ScimKind? kind)
    {
        var leaf = Leaf(compare.Path, attributes, kind);
        var values = Values(compare.Path, scope, attributes, kind)
            .Select(v => v is JsonObject element && compare.Path.Part is null ? element["value"] : v)
            .Where(IsPresent)
            .ToList();
        if (compare.Literal.Value is not { } wanted) return compare.Operator == ScimOperator.Eq == (values.Count == 0);
        if (values.Count == 0) return compare.Operator == ScimOperator.Ne;
        return values.Exists(v => Fits(v!, compare.Operator, wanted, leaf));
    }

    private static bool Fits(JsonNode value, ScimOperator comparison, object wanted, ScimAttribute? leaf)
    {
        if (leaf?.Type == ScimType.Boolean)
        {
            // Directories write truth values as text too.
            var truth = wanted as bool? ?? (wanted is string word && bool.TryParse(word, out var read) ? read : null);
            var same = value.GetValueKind() is JsonValueKind.True or JsonValueKind.False && value.GetValue<bool>() == truth;
            return same == (comparison == ScimOperator.Eq);
        }

        if (value.GetValueKind() != JsonValueKind.String) return comparison == ScimOperator.Ne;
        var text = value.GetValue<string>();
        var rule = leaf?.CaseExact == true ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        if (wanted is not string other) return comparison == ScimOperator.Ne;
        int order;
        switch (comparison)
        {
            case ScimOperator.Co: return text.Contains(other, rule);
            case ScimOperator.Sw: return text.StartsWith(other, rule);
            case ScimOperator.Ew: return text.EndsWith(other, rule);
            default:
                order = leaf?.Type == ScimType.DateTime && Moment(text) is { } left && Moment(other) is { } right
                    ? left.CompareTo(right)
                    : string.Compare(text, other, rule);
                break;
        }

        return comparison switch
        {
            ScimOperator.Eq => order == 0,
            ScimOperator.Ne => order != 0,
            ScimOperator.Gt => order > 0,
            ScimOperator.Ge => order >= 0,
            ScimOperator.Lt => order < 0,
            _ => order <= 0,
        };
    }

    private static IEnumerable<JsonNode?> Values(ScimPath path, JsonObject scope, ImmutableArray<ScimAttribute> attributes, ScimKind? kind)
    {
        if (Named(path, attributes, kind) is not { } attribute || scope[attribute.Name] is not { } found) return [];
        var values = found is JsonArray array ? array.AsEnumerable() : [found];
        if (path.Selector is { } selector) values = values.Where(v => MatchesValue(selector, v, attribute));
        return path.Part is { } part ? values.Select(v => (v as JsonObject)?[part]) : values;
    }

    private static ScimAttribute? Named(ScimPath path, ImmutableArray<ScimAttribute> attributes, ScimKind? kind) =>
        kind is not null ? kind.Find(path) : path.Schema is null ? ScimAttribute.Find(attributes, path.Attribute) : null;

    /// <summary>What is compared. A multi-valued attribute without a part is compared by its values (RFC 7643 section 2.4).</summary>
    private static ScimAttribute? Leaf(ScimPath path, ImmutableArray<ScimAttribute> attributes, ScimKind? kind) =>
        Named(path, attributes, kind) is not { } attribute ? null
        : path.Part is { } part ? attribute.Part(part)
        : attribute is { MultiValued: true, Type: ScimType.Complex } ? attribute.Part("value")
        : attribute;

    private static bool IsPresent(JsonNode? value) => value switch
    {
        null => false,
        JsonArray array => array.Count > 0,
        JsonObject element => element.Count > 0,
        _ => value.GetValueKind() != JsonValueKind.String || value.GetValue<string>().Length > 0,
    };

    private static DateTimeOffset? Moment(object? value) =>
        value is string text && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;
}
