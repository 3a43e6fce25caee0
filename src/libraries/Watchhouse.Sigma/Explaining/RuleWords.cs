using System.Globalization;

namespace Watchhouse.Sigma;

/// <summary>Conditions in words.</summary>
internal static class RuleWords
{
    private const int MostValues = 200;

    public static ConditionWords Of(SigmaExpression expression) => expression switch
    {
        SigmaTest test => new(Of(test), []),
        SigmaNot { Operand: SigmaTest test } => new($"not: {Of(test)}", []),
        SigmaNot not => new("not", [Of(not.Operand)]),
        SigmaAll { Operands.Length: 0 } => new("always", []),
        SigmaAll all => new("all of", [.. all.Operands.Select(Of)]),
        SigmaAny any => Any(any),
        _ => new(expression.ToString(), []),
    };

    private static ConditionWords Any(SigmaAny any)
    {
        if (any.Operands.Length == 0) return new("never", []);
        var parts = new List<ConditionWords>();
        // Values of one field that are compared alike are one line: rules hold lists of hundreds.
        foreach (var group in any.Operands.GroupBy(each => each is SigmaTest { Match: TextMatch } test ? Verb(test) : null))
        {
            if (group.Key is null || group.Count() == 1)
            {
                parts.AddRange(group.Select(Of));
                continue;
            }

            var values = group.Take(MostValues).Select(each => new ConditionWords(Value((TextMatch)((SigmaTest)each).Match), [])).ToList();
            if (group.Count() > MostValues) values.Add(new($"and {group.Count() - MostValues} more", []));
            parts.Add(new($"{group.Key} any of", values));
        }

        return parts.Count == 1 ? parts[0] : new("any of", parts);
    }

    private static string Of(SigmaTest test)
    {
        var field = Field(test.Field);
        return test.Match switch
        {
            TextMatch text => $"{Verb(test)} {Value(text)}",
            NumberMatch number => $"{field} is the number {number.Text}",
            RegexMatch regex => $"{field} fits the expression {Written(regex)}",
            NetworkMatch network => $"{field} is an address in {network.Network}",
            NullMatch => $"{field} is absent or null",
            ExistsMatch exists => $"{field} is {(exists.Expected ? "there, be it empty or null" : "absent")}",
            CompareMatch compare => string.Create(CultureInfo.InvariantCulture, $"{field} is {Words(compare.Comparison)} {compare.Number}"),
            FieldMatch other => $"{field} {Words(other.Comparison)} the value of {other.OtherField}{(other.Cased ? ", by case" : "")}",
            TimePartMatch time => $"the {time.Part.ToString().ToLowerInvariant()} of {field} is {time.Number}",
            _ => $"{field}: {test.Match}",
        };
    }

    public static string Written(RegexMatch regex)
    {
        var flags = string.Concat(regex.IgnoreCase ? "i" : "", regex.Multiline ? "m" : "", regex.DotAll ? "s" : "");
        return flags.Length == 0 ? $"/{regex.Expression}/" : $"/{regex.Expression}/{flags}";
    }

    private static string Field(string? field) => field ?? "any value";

    private static string Verb(SigmaTest test)
    {
        var text = (TextMatch)test.Match;
        var shape = BytePattern.Compile(text.Pattern, text.Cased).Shape;
        var verb = shape switch
        {
            PatternShape.Exact => "is",
            PatternShape.Prefix => "starts with",
            PatternShape.Suffix => "ends with",
            PatternShape.Contains => "contains",
            PatternShape.Everything => "is there, whatever it holds:",
            _ => "fits the pattern",
        };
        return $"{Field(test.Field)} {verb}{(text.Cased ? " (by case)" : "")}";
    }

    // A pattern in Sigma's own notation; where the verb says where the text stands, the text alone.
    private static string Value(TextMatch text) => BytePattern.Compile(text.Pattern, text.Cased).Shape switch
    {
        PatternShape.General or PatternShape.Everything => $"'{text.Pattern}'",
        _ => $"'{string.Concat(text.Pattern.Parts.Select(part => part.Text))}'",
    };

    private static string Words(NumberComparison comparison) => comparison switch
    {
        NumberComparison.Greater => "greater than",
        NumberComparison.GreaterOrEqual => "at least",
        NumberComparison.Less => "less than",
        _ => "at most",
    };

    private static string Words(FieldComparison comparison) => comparison switch
    {
        FieldComparison.StartsWith => "starts with",
        FieldComparison.EndsWith => "ends with",
        FieldComparison.Contains => "contains",
        _ => "equals",
    };
}
