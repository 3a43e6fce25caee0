using System.Text.Json;
using CsCheck;

namespace Watchhouse.Sigma.Tests;

/// <summary>The compiled detector and the plain evaluator agree on any rule and any event.</summary>
public sealed class AgreementTests
{
    private static readonly string[] Words =
        ["a", "ab", "abc", "powershell.exe", @"C:\Windows\System32\cmd.exe", "ÄÖÜ", "ſ", "K", "Σς", "1", "1.0", "100", "1e2", "true", "", "x\ny", "-enc", "10.1.2.3", "::ffff:10.1.2.3", "a*b", "日本語", "tab\there"];

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    private static readonly Gen<string> Word = Gen.OneOf(OneOf(Words), Gen.Select(OneOf(Words), OneOf(Words), (left, right) => left + right));

    private static readonly Gen<string> Field = OneOf("A", "B", "a.b", "C");

    private static readonly Gen<SigmaPattern> Pattern = Gen.Select(
        Gen.OneOf(Gen.Const(PatternPartKind.Literal), Gen.Const(PatternPartKind.Literal), Gen.Const(PatternPartKind.Many), Gen.Const(PatternPartKind.One)), Word)
        .Select((kind, text) => new PatternPart(kind, kind == PatternPartKind.Literal ? text : "")).Array[0, 4].Select(parts => SigmaPattern.Of(parts));

    private static readonly Gen<SigmaMatch> Match = Gen.OneOf(
        Gen.Select(Pattern, Gen.Bool, (pattern, cased) => (SigmaMatch)new TextMatch(pattern, cased)),
        Pattern.Select(pattern => (SigmaMatch)new TextMatch(pattern.Pad(true, true), false)),
        OneOf("1", "100", "4624").Select(text => (SigmaMatch)new NumberMatch(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture), text)),
        OneOf("ab+c", "(?i)POWER", "[0-9]{2}", "cmd|enc", "^a", "e$", "x.y", "日+", @"\.exe$").Select(text => (SigmaMatch)new RegexMatch(text, false, false, false)),
        Gen.Const((SigmaMatch)new NetworkMatch(System.Net.IPNetwork.Parse("10.0.0.0/8"))),
        Gen.Const((SigmaMatch)new NullMatch()),
        Gen.Bool.Select(expected => (SigmaMatch)new ExistsMatch(expected)),
        Gen.Select(OneOf(Enum.GetValues<NumberComparison>()), Gen.Int[0, 120], (comparison, number) => (SigmaMatch)new CompareMatch(comparison, number)),
        Gen.Select(Field, OneOf(Enum.GetValues<FieldComparison>()), Gen.Bool, (field, comparison, cased) => (SigmaMatch)new FieldMatch(field, comparison, cased)));

    private static readonly Gen<SigmaExpression> Test = Gen.OneOf(
        Gen.Select(Field, Match, (field, match) => (SigmaExpression)new SigmaTest(field, match)),
        Gen.Select(Field, Match, (field, match) => (SigmaExpression)new SigmaTest(field, match)),
        Word.Select(word => (SigmaExpression)new SigmaTest(null, new TextMatch(SigmaPattern.Literal(word).Pad(true, true), false))));

    private static Gen<SigmaExpression> Expression(int depth) => depth == 0 ? Test : Gen.OneOf(
        Test,
        Expression(depth - 1).Array[0, 4].Select(each => (SigmaExpression)new SigmaAll([.. each])),
        Expression(depth - 1).Array[0, 9].Select(each => (SigmaExpression)new SigmaAny([.. each])),
        Expression(depth - 1).Select(each => (SigmaExpression)new SigmaNot(each)));

    private static Gen<string> Value(int depth)
    {
        var leaf = Gen.OneOf(
            Word.Select(word => JsonSerializer.Serialize(word)),
            Word.Select(word => "\"" + word.Replace("\\", "\\\\").Replace("\n", "\\n").Replace("\t", "\\t") + "\""),
            OneOf("null", "true", "false", "1", "1.0", "1e2", "100", "4624", "-3"));
        return depth == 0 ? leaf : Gen.OneOf(
            leaf,
            Value(depth - 1).Array[0, 3].Select(items => "[ " + string.Join(" ,", items) + "]"),
            Gen.Select(OneOf("b", "c"), Value(depth - 1), (name, value) => $"{{ \"{name}\" : {value} }}"));
    }

    private static readonly Gen<string> Event = Gen.Select(OneOf("A", "B", "a", "a.b", "C", "_id", "\\u0041"), Value(2))
        .Select((name, value) => $"\"{name}\": {value}").Array[0, 5].Select(members => "{" + string.Join(", ", members) + "}");

    [Fact]
    public void Detect_AnyRuleAndEvent_AgreesWithPlainEvaluator() =>
        Gen.Select(Expression(3), Event).Sample(
            (expression, json) =>
            {
                using var document = JsonDocument.Parse(json);
                var plain = PlainEvaluator.Matches(expression, document.RootElement);
                var rule = ConformanceTests.Rule("""{"s": {"A": 1}, "condition": "s"}""") with { Condition = expression };
                return ConformanceTests.Detects(rule, json) == plain;
            },
            iter: 20_000,
            print: each => $"{each.Item1}\n{each.Item2}");
}
