using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Watchhouse.Sigma;

/// <summary>What reading a rule's detection needs and gathers.</summary>
internal sealed class DetectionContext(IReadOnlyDictionary<string, IReadOnlyList<string>> lists)
{
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ValueLists => lists;

    /// <summary>Every placeholder that the rule names.</summary>
    public SortedSet<string> Placeholders { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of them that have no list.</summary>
    public SortedSet<string> Missing { get; } = new(StringComparer.Ordinal);
}

/// <summary>
/// One item of a detection: a field with modifiers, and a value or values. Modifiers act from left to right on each value
/// (Sigma rules specification 2.1, "Field modifiers").
/// </summary>
internal static class DetectionItem
{
    public static SigmaExpression Parse(string key, YamlNode value, DetectionContext context)
    {
        var parts = key.Split('|');
        var field = parts[0].Length == 0 ? null : parts[0];
        var modifiers = parts.Skip(1).Select(part => part.Trim().ToLowerInvariant()).ToArray();
        var settings = ModifierChain.Read(modifiers, value.Line);
        var values = value is YamlList list ? list.Items : [value];
        // An empty list is read as null, as pySigma does.
        if (values.Count == 0) return new SigmaTest(field, new NullMatch());
        var tests = values.Select(each => each is YamlScalar scalar
                ? Value(field, scalar, settings, context)
                : throw new SigmaFormatException(each.Line, $"'{key}' holds a list or a map where a value is expected."))
            .ToList();
        var joined = settings.All ? Combine.All(tests) : Combine.Any(tests);
        return settings.Negated ? new SigmaNot(joined) : joined;
    }

    private static SigmaExpression Value(string? field, YamlScalar value, ModifierChain chain, DetectionContext context)
    {
        if (chain.Kind == MatchKind.Exists)
        {
            return value.Value.ToLowerInvariant() switch
            {
                "true" => new SigmaTest(field, new ExistsMatch(true)),
                "false" => new SigmaTest(field, new ExistsMatch(false)),
                _ => throw new SigmaFormatException(value.Line, $"'exists' takes true or false, not '{value.Value}'."),
            };
        }

        if (value.IsNull)
        {
            if (chain.TextSteps.Count > 0 || chain.Kind != MatchKind.Text)
                throw new SigmaFormatException(value.Line, "null takes no modifier but all, neq and cased.");
            return new SigmaTest(field, new NullMatch());
        }

        switch (chain.Kind)
        {
            case MatchKind.Compare:
                return new SigmaTest(field, new CompareMatch(chain.Comparison, Number(value)));
            case MatchKind.Network:
                return new SigmaTest(field, new NetworkMatch(Network(value)));
            case MatchKind.TimePart:
                return new SigmaTest(field, new TimePartMatch(chain.TimePart, (int)Number(value)));
            case MatchKind.FieldReference:
                return new SigmaTest(field, new FieldMatch(value.Value, chain.FieldComparison, chain.Cased));
            case MatchKind.Regex:
            {
                var expressions = chain.Expands ? Expand(value.Value, context, value.Line) : [value.Value];
                return Combine.Any([.. expressions.Select(text => Regex(field, text, chain, value.Line))]);
            }
        }

        if (chain.TextSteps.Count == 0 && !chain.Cased && value.IsPlain && field is not null && YamlNumber.TryParse(value.Value, out var number))
            return new SigmaTest(field, new NumberMatch(number, value.Value));
        var patterns = TextValue.Patterns(value.Value, chain.TextSteps, text => Expand(text, context, value.Line), value.Line);
        return Combine.Any([.. patterns.Select(pattern => (SigmaExpression)new SigmaTest(
            field, new TextMatch(field is null ? pattern.Pad(before: true, after: true) : pattern, chain.Cased)))]);
    }

    private static SigmaTest Regex(string? field, string text, ModifierChain chain, int line)
    {
        var (before, after) = (chain.RegexBefore ? ".*" : "", chain.RegexAfter ? ".*" : "");
        var match = new RegexMatch(before + text + after, chain.IgnoreCase, chain.Multiline, chain.DotAll);
        return SigmaRegex.Check(match) is { } reason ? throw new SigmaFormatException(line, reason) : new SigmaTest(field, match);
    }

    private static ImmutableArray<string> Expand(string text, DetectionContext context, int line)
    {
        var missing = new List<string>();
        var variants = ValueModifiers.Expand(text, context.ValueLists, missing, line, context.Placeholders);
        context.Missing.UnionWith(missing);
        return variants;
    }

    private static double Number(YamlScalar value) => YamlNumber.TryParse(value.Value, out var number)
        ? number
        : throw new SigmaFormatException(value.Line, $"'{value.Value}' is not a number, which this modifier needs.");

    private static IPNetwork Network(YamlScalar value)
    {
        if (IPNetwork.TryParse(value.Value, out var network)) return network;
        // A network whose host bits are set is meant as the network that it lies in.
        var slash = value.Value.LastIndexOf('/');
        if (!IPAddress.TryParse(slash < 0 ? value.Value : value.Value[..slash], out var address))
            throw new SigmaFormatException(value.Line, $"'{value.Value}' is not a network such as 10.0.0.0/8.");
        var bytes = address.GetAddressBytes();
        var length = bytes.Length * 8;
        if (slash >= 0 && (!int.TryParse(value.Value.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bytes.Length * 8))
            throw new SigmaFormatException(value.Line, $"'{value.Value}' is not a network: the prefix length is out of range.");
        for (var bit = length; bit < bytes.Length * 8; bit++) bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new(new IPAddress(bytes), length);
    }
}

/// <summary>Numbers as YAML's core schema reads plain scalars: decimal whole numbers without leading zeros, and floats.</summary>
internal static class YamlNumber
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.eE+-");

    public static bool TryParse(string text, out double number)
    {
        number = 0;
        var digits = text.AsSpan().TrimStart("+-");
        if (digits.Length == 0 || !(char.IsAsciiDigit(digits[0]) || digits[0] == '.') || text.Length - digits.Length > 1) return false;
        // 010 is octal to one reader and ten to another: such text is compared as it is written.
        if (digits.Length > 1 && digits[0] == '0' && char.IsAsciiDigit(digits[1])) return false;
        if (digits.ContainsAnyExcept(Digits)) return false;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }
}
