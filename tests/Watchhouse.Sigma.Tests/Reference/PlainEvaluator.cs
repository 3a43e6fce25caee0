using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Watchhouse.Sigma.Tests;

/// <summary>
/// Evaluates conditions word by word as the specification has them: slow, and simple enough to be seen right. What the
/// compiled detector says is held against it.
/// </summary>
internal static class PlainEvaluator
{
    public static bool Matches(SigmaExpression expression, JsonElement root) => expression switch
    {
        SigmaAll all => all.Operands.All(each => Matches(each, root)),
        SigmaAny any => any.Operands.Any(each => Matches(each, root)),
        SigmaNot not => !Matches(not.Operand, root),
        SigmaTest test => Matches(test, root),
        _ => throw new NotSupportedException(),
    };

    private static bool Matches(SigmaTest test, JsonElement root)
    {
        if (test.Field is null)
        {
            return root.EnumerateObject().Where(member => !member.Name.StartsWith('_'))
                .SelectMany(member => Leaves(member.Value)).Any(leaf => Fits(leaf, test.Match, root));
        }

        var found = Find(root, test.Field);
        return test.Match switch
        {
            NullMatch => found.Count == 0 || found.Any(HasNull),
            ExistsMatch exists => found.Count > 0 == exists.Expected,
            _ => found.SelectMany(Values).Any(value => Fits(value, test.Match, root)),
        };
    }

    // The exact name at the top first; only where it is absent, the walk through objects and arrays of objects.
    private static List<JsonElement> Find(JsonElement root, string field)
    {
        var exact = Members(root, field).ToList();
        return exact.Count > 0 || !field.Contains('.') ? exact : [.. Walk([root], field.Split('.'))];
    }

    private static IEnumerable<JsonElement> Walk(IEnumerable<JsonElement> from, string[] names) =>
        names.Length == 0 ? from : Walk(from.SelectMany(Objects).SelectMany(each => Members(each, names[0])), names[1..]);

    private static IEnumerable<JsonElement> Objects(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => [value],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Objects),
        _ => [],
    };

    private static IEnumerable<JsonElement> Members(JsonElement value, string name) =>
        value.EnumerateObject().Where(member => member.Name == name).Select(member => member.Value);

    private static bool HasNull(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(HasNull));

    // A value itself, or any leaf in it; what holds objects offers its JSON text as well.
    private static IEnumerable<(string Text, bool IsNumber)> Values(JsonElement value)
    {
        foreach (var leaf in Leaves(value)) yield return leaf;
        if (value.ValueKind == JsonValueKind.Object
            || (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(each => each.ValueKind is JsonValueKind.Object or JsonValueKind.Array)))
            yield return (Compact(value.GetRawText()), false);
    }

    private static IEnumerable<(string Text, bool IsNumber)> Leaves(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [(value.GetString()!, false)],
        JsonValueKind.Number => [(value.GetRawText(), true)],
        JsonValueKind.True => [("true", false)],
        JsonValueKind.False => [("false", false)],
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Leaves(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Leaves),
        _ => [],
    };

    private static string Compact(string json)
    {
        var text = new StringBuilder();
        var inString = false;
        for (var at = 0; at < json.Length; at++)
        {
            if (inString && json[at] == '\\') text.Append(json[at++]);
            else if (json[at] == '"') inString = !inString;
            else if (!inString && json[at] <= ' ') continue;
            text.Append(json[at]);
        }

        return text.ToString();
    }

    private static bool Fits((string Text, bool IsNumber) value, SigmaMatch match, JsonElement root) => match switch
    {
        TextMatch text => text.Cased ? Glob(text.Pattern, value.Text, each => each) : Glob(text.Pattern, Fold(value.Text), Fold),
        NumberMatch number => Fold(value.Text) == Fold(number.Text)
            || (value.IsNumber && Number(value.Text) is { } parsed && parsed == number.Number),
        RegexMatch regex => SigmaRegex.Compile(regex).IsMatch(value.Text),
        NetworkMatch network => InNetwork(value.Text, network.Network),
        CompareMatch compare => Number(value.Text) is { } left && Compare(left, compare),
        FieldMatch field => Find(root, field.OtherField).SelectMany(Values).Any(other => Relates(value.Text, other.Text, field)),
        _ => throw new NotSupportedException(match.GetType().Name),
    };

    private static bool Relates(string left, string right, FieldMatch match)
    {
        if (!match.Cased) (left, right) = (Fold(left), Fold(right));
        return match.Comparison switch
        {
            FieldComparison.StartsWith => left.StartsWith(right, StringComparison.Ordinal),
            FieldComparison.EndsWith => left.EndsWith(right, StringComparison.Ordinal),
            FieldComparison.Contains => left.Contains(right, StringComparison.Ordinal),
            _ => left == right,
        };
    }

    private static bool Compare(double left, CompareMatch match) => match.Comparison switch
    {
        NumberComparison.Greater => left > match.Number,
        NumberComparison.GreaterOrEqual => left >= match.Number,
        NumberComparison.Less => left < match.Number,
        _ => left <= match.Number,
    };

    private static bool InNetwork(string text, IPNetwork network)
    {
        if (!text.AsSpan().ContainsAny('.', ':') || !IPAddress.TryParse(text, out var address)) return false;
        return network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
    }

    private static double? Number(string text) =>
        text.Length > 0 && !char.IsWhiteSpace(text[0]) && !char.IsWhiteSpace(text[^1])
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;

    // Straight recursion over scalar values, with a table of what has been tried.
    private static bool Glob(SigmaPattern pattern, string text, Func<string, string> fold)
    {
        List<(PatternPartKind Kind, Rune Rune)> tokens = [];
        foreach (var part in pattern.Parts)
        {
            if (part.Kind != PatternPartKind.Literal) tokens.Add((part.Kind, default));
            else tokens.AddRange(fold(part.Text).EnumerateRunes().Select(rune => (PatternPartKind.Literal, rune)));
        }

        var runes = text.EnumerateRunes().ToArray();
        var possible = new bool[runes.Length + 1];
        possible[0] = true;
        foreach (var (kind, rune) in tokens)
        {
            var next = new bool[runes.Length + 1];
            for (var at = 0; at <= runes.Length; at++)
            {
                next[at] = kind switch
                {
                    PatternPartKind.Many => possible[at] || (at > 0 && next[at - 1]),
                    PatternPartKind.One => at > 0 && possible[at - 1],
                    _ => at > 0 && possible[at - 1] && runes[at - 1] == rune,
                };
            }

            possible = next;
        }

        return possible[^1];
    }

    private static string Fold(string text) => string.Concat(text.EnumerateRunes().Select(rune => Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune))));
}
