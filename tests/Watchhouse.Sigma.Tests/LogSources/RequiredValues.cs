namespace Watchhouse.Sigma.Tests;

/// <summary>The fields and values that a rule needs, by the first way in which its condition can be met.</summary>
internal static class RequiredValues
{
    public static List<(string Field, string Value)> Of(SigmaExpression condition)
    {
        var tests = new List<SigmaTest>();
        Collect(condition, tests);
        return [.. tests.Where(test => test.Match is not NullMatch).GroupBy(test => test.Field ?? "").Select(group => (group.Key, Text(group)))];
    }

    private static void Collect(SigmaExpression expression, List<SigmaTest> tests)
    {
        switch (expression)
        {
            case SigmaAll all:
                foreach (var operand in all.Operands) Collect(operand, tests);
                break;
            case SigmaAny any: Collect(any.Operands[0], tests); break;
            case SigmaTest test: tests.Add(test); break;
            default: break;
        }
    }

    // One text that meets all patterns of a field: beginnings first, ends last.
    private static string Text(IEnumerable<SigmaTest> tests)
    {
        var (start, middle, end) = ("", new List<string>(), "");
        foreach (var test in tests)
        {
            if (test.Match is NumberMatch number)
            {
                start = number.Text;
                continue;
            }

            var parts = ((TextMatch)test.Match).Pattern.Parts;
            var text = string.Concat(parts.Select(part => part.Text));
            if (parts.Length < 2 || parts[^1].Kind == PatternPartKind.Many && parts[0].Kind == PatternPartKind.Literal) start = text;
            else if (parts[0].Kind == PatternPartKind.Many && parts[^1].Kind == PatternPartKind.Literal) end = text;
            else middle.Add(text);
        }

        return start + string.Join(' ', middle) + end;
    }
}
