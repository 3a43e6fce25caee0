using System.Collections.Immutable;
using Watchhouse.Sigma;

namespace Watchhouse.Bench;

/// <summary>
/// Rules of the same shape that look for something else: every letter of a text is moved along the alphabet, so that
/// ten times the rules are ten times the literals. What decides the log source stays.
/// </summary>
internal static class OtherRules
{
    public static SigmaRule Like(SigmaRule rule, int copy) =>
        rule with { Id = $"{rule.Id}-{copy}", Condition = Change(rule.Condition, copy) };

    private static SigmaExpression Change(SigmaExpression expression, int copy) => expression switch
    {
        SigmaAll all => new SigmaAll([.. all.Operands.Select(each => Change(each, copy))]),
        SigmaAny any => new SigmaAny([.. any.Operands.Select(each => Change(each, copy))]),
        SigmaNot not => new SigmaNot(Change(not.Operand, copy)),
        SigmaTest { Match: TextMatch text, Field: not ("Channel" or "Provider_Name" or "EventType") } test =>
            test with { Match = text with { Pattern = SigmaPattern.Of([.. text.Pattern.Parts.Select(part => part with { Text = Move(part.Text, copy) })]) } },
        _ => expression,
    };

    private static string Move(string text, int by) => string.Concat(text.Select(each => each switch
    {
        >= 'a' and <= 'z' => (char)('a' + ((each - 'a' + by) % 26)),
        >= 'A' and <= 'Z' => (char)('A' + ((each - 'A' + by) % 26)),
        _ => each,
    }));
}
