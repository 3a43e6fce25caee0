using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Watchhouse.Sigma;

/// <summary>What reading a rule's detection needs and gathers.</summary>
internal sealed class DetectionContext(
    IReadOnlyDictionary<string, IReadOnlyList<string>> lists, IReadOnlyDictionary<string, IReadOnlyList<string>>? more = null)
{
    /// <summary>Lists for placeholders; those given second fill the gaps of the first.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ValueLists { get; } =
        more is null || more.Count == 0 ? lists : lists.Concat(more.Where(each => !lists.ContainsKey(each.Key))).ToDictionary();

    /// <summary>Every placeholder that the rule names.</summary>
    public SortedSet<string> Placeholders { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of the item that is being read that have no list.</summary>
    public SortedSet<string> Missing { get; } = new(StringComparer.Ordinal);
}

/// <summary>
/// One item of a detection: a field with modifiers, and a value or values. Modifiers act from left to right on each value
/// (Sigma rules specification 2.1, "Field modifiers").
/// </summary>
internal static class DetectionItem
{
    // Thirty times the longest published one. What an expression becomes is a multiple of its length.
    private const int MostExpression = 20_000;

    public static PartItem Read(string key, YamlNode value, DetectionContext context)
    {
        var bar = key.IndexOf('|', StringComparison.Ordinal);
        var name = bar < 0 ? key : key[..bar];
        var field = name.Length == 0 ? null : name;
        var chain = bar < 0 ? ModifierChain.None : ModifierChain.Read(key[(bar + 1)..], value.Line);
        context.Missing.Clear();
        ImmutableArray<ImmutableArray<SigmaMatch>> matches;
        switch (value)
        {
            // An empty list is read as null, as pySigma does.
            case YamlList { Items.Count: 0 }:
                matches = [[Null(field, value.Line)]];
                break;
            case YamlList list:
            {
                var all = ImmutableArray.CreateBuilder<ImmutableArray<SigmaMatch>>(list.Items.Count);
                foreach (var item in list.Items) all.Add(Value(key, field, item, chain, context));
                matches = all.MoveToImmutable();
                break;
            }

            default:
                matches = [Value(key, field, value, chain, context)];
                break;
        }

        var read = new PartItem(field, matches, chain.All, chain.Negated);
        return context.Missing.Count == 0 ? read : read with { Pending = new(key, value, [.. context.Missing], context.ValueLists) };
    }

    private static ImmutableArray<SigmaMatch> Value(string key, string? field, YamlNode node, ModifierChain chain, DetectionContext context)
    {
        if (node is not YamlScalar value) throw new SigmaFormatException(node.Line, $"'{key}' holds a list or a map where a value is expected.");
        if (chain.Kind == MatchKind.Exists)
        {
            if (field is null) throw new SigmaFormatException(value.Line, "'exists' needs a field.");
            return value.Value.ToLowerInvariant() switch
            {
                "true" => [new ExistsMatch(true)],
                "false" => [new ExistsMatch(false)],
                _ => throw new SigmaFormatException(value.Line, $"'exists' takes true or false, not '{value.Value}'."),
            };
        }

        if (value.IsNull)
        {
            if (chain.TextSteps.Count > 0 || chain.Kind != MatchKind.Text)
                throw new SigmaFormatException(value.Line, "null takes no modifier but all, neq and cased.");
            return [Null(field, value.Line)];
        }

        switch (chain.Kind)
        {
            case MatchKind.Compare:
                return [new CompareMatch(chain.Comparison, Number(value))];
            case MatchKind.Network:
                return [new NetworkMatch(Network(value))];
            case MatchKind.TimePart:
                return [new TimePartMatch(chain.TimePart, WholeNumber(value))];
            case MatchKind.FieldReference:
                return [new FieldMatch(value.Value, chain.FieldComparison, chain.Cased)];
            case MatchKind.Regex:
            {
                if (!chain.Expands) return [Regex(value.Value, chain, value.Line)];
                return [.. Expand(value.Value, context, value.Line).Select(text => Regex(text, chain, value.Line))];
            }
        }

        if (chain.TextSteps.Count == 0 && !chain.Cased && value.IsPlain && field is not null && YamlNumber.TryParse(value.Value, out var number))
            return [new NumberMatch(number, value.Value)];
        if (chain.TextSteps.Count == 0) return [new TextMatch(SigmaPattern.Parse(value.Value), chain.Cased)];
        var patterns = TextValue.Patterns(value.Value, chain.TextSteps, text => Expand(text, context, value.Line), value.Line);
        return [.. patterns.Select(pattern => (SigmaMatch)new TextMatch(pattern, chain.Cased))];
    }

    private static NullMatch Null(string? field, int line) =>
        field is null ? throw new SigmaFormatException(line, "null needs a field: no keyword is absent.") : new();

    private static RegexMatch Regex(string text, ModifierChain chain, int line)
    {
        if (text.Length > MostExpression)
            throw new SigmaFormatException(line, $"The regular expression has {text.Length} characters; the limit is {MostExpression}.");
        var (before, after) = (chain.RegexBefore ? ".*" : "", chain.RegexAfter ? ".*" : "");
        var match = new RegexMatch(before + text + after, chain.IgnoreCase, chain.Multiline, chain.DotAll);
        return SigmaRegex.Check(match) is { } reason ? throw new SigmaFormatException(line, reason) : match;
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

    private static int WholeNumber(YamlScalar value) =>
        int.TryParse(value.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new SigmaFormatException(value.Line, $"'{value.Value}' is not a whole number, which this modifier needs.");

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
