using System.Text;
using System.Text.RegularExpressions;
using CsCheck;

namespace Watchhouse.Sigma.Tests;

public sealed class LinearRegexTests
{
    private static readonly Gen<string> Text = OneOf("a", "b", "A", "k", "1", "\n", " ", "-", "é", "É", "_", "\r", "€", "\\").Array[0, 9].Select(string.Concat);

    private static readonly Gen<string> Atom = OneOf(
        "a", "b", "A", "k", "1", ".", @"\d", @"\w", @"\s", @"\S", @"\W", "[ab]", "[^a]", "[a-k1-]", @"[\w-]", @"[^\s\d]", "é", @"\n", @"\x61", @"\-", @"\\",
        "[]a]", "-", "{", @"(?:a|b)", "(?i:A|é)", "(?s:.)");

    // A plain dollar stands for the very end here, and for a last line feed too in .NET: see the known cases. The framework
    // loses matches where an anchor is repeated none or more times, so none is.
    private static readonly Gen<string> Anchor = OneOf("^", @"\A", @"\z", "(?m:^)", "(?m:$)", "(?i)a", @"\b", @"\B");

    private static readonly Gen<string> Quantifier = OneOf("", "", "", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "*?", "+?", "{1,3}?");

    private static readonly Gen<string> Expression = Gen.Recursive<string>((depth, inner) =>
        Gen.OneOf(Anchor, Quantified(Atom), Quantified(Atom), Quantified(depth > 1
                ? Atom
                : Gen.OneOf(inner.Select(each => $"({each})"), Gen.Select(inner, inner, (left, right) => $"(?:{left}|{right})"))))
            .Array[1, 3].Select(string.Concat));

    [Fact]
    public void IsMatch_GeneratedExpressions_AgreesWithTheFramework()
    {
        var read = 0;
        Gen.Select(Expression, Gen.Bool, Gen.Bool, Gen.Bool, Text.Array[1, 6]).Sample(
            (expression, i, m, s, texts) =>
            {
                var match = new RegexMatch(expression, i, m, s);
                if (LinearRegex.TryCompile(match) is not { } linear) return;
                Interlocked.Increment(ref read);
                Regex framework;
                try
                {
                    framework = SigmaRegex.Compile(match);
                }
                catch (NotSupportedException)
                {
                    return; // Its limit of size is lower.
                }

                foreach (var text in texts)
                {
                    var found = linear.IsMatch(Encoding.UTF8.GetBytes(text));
                    if (framework.IsMatch(text) != found) Assert.True(Backtrack(match, text) == found, $"/{expression}/ i={i} m={m} s={s} on '{text}'");
                }
            },
            iter: 4_000);

        Assert.True(read > 1_000, $"only {read} expressions were read");
    }

    [Theory]
    [InlineData("^.$", "😀", true)]
    [InlineData("^..$", "😀", false)]
    [InlineData("(a|aa)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", false)]
    [InlineData(@"[\u0400-\u04FF]", "Ж", true)]
    [InlineData("(?i)K", "\u212A", true)]
    [InlineData("x{3,5}y", "xxy", false)]
    [InlineData("x{3,5}y", "xxxxxxxy", true)]
    [InlineData("", "", true)]
    [InlineData("$", "", true)]
    [InlineData("a$", "a\n", false)]
    public void IsMatch_KnownCases_AsExpected(string expression, string text, bool expected) =>
        Assert.Equal(expected, LinearRegex.TryCompile(new(expression, false, false, false))!.IsMatch(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("(?=a)")]
    [InlineData("(?<!a)b")]
    [InlineData(@"(a)\1")]
    [InlineData("[a-z-[e]]")]
    [InlineData(@"\p{L}")]
    [InlineData("a**")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData(@"a\")]
    [InlineData("(?x) a b")]
    [InlineData("a{2,1}")]
    public void TryCompile_BeyondTheReader_IsLeftToTheFramework(string expression) =>
        Assert.Null(LinearRegex.TryCompile(new(expression, false, false, false)));

    [Fact]
    public void IsMatch_MoreStatesThanAreKept_StillAgrees()
    {
        // Which of the last twelve characters were an a: four thousand states, twice what is kept.
        var linear = LinearRegex.TryCompile(new("a.{11}b", false, false, true))!;
        var random = new Random(7);
        var text = new string([.. Enumerable.Range(0, 60_000).Select(_ => random.Next(2) == 0 ? 'a' : 'c')]);

        Assert.False(linear.IsMatch(Encoding.UTF8.GetBytes(text)));
        Assert.True(linear.IsMatch(Encoding.UTF8.GetBytes(text + "acccccccccccb")));
    }

    [Fact]
    public void IsMatch_ManyThreadsAtOnce_Agree()
    {
        var linear = LinearRegex.TryCompile(new("a.{9}b", false, false, true))!;
        var framework = new Regex("a.{9}b", RegexOptions.Singleline);

        Parallel.For(0, 2_000, index =>
        {
            var random = new Random(index);
            var text = new string([.. Enumerable.Range(0, 60).Select(_ => "abc"[random.Next(3)])]);
            Assert.Equal(framework.IsMatch(text), linear.IsMatch(Encoding.UTF8.GetBytes(text)));
        });
    }

    [Fact]
    public void TryCompile_PublishedRules_AllAreRead()
    {
        var regexes = SigmaHq.RuleSet.Rules.SelectMany(rule => Tests(rule.Condition)).Select(test => test.Match).OfType<RegexMatch>().Distinct().ToList();

        var left = regexes.Where(match => LinearRegex.TryCompile(match) is null).Select(match => match.Expression).ToList();

        Assert.True(regexes.Count > 100);
        Assert.Empty(left);
    }

    // The framework's automata lose matches where anchors stand in repeated groups: its other engine is asked then.
    private static bool Backtrack(RegexMatch match, string text) => Regex.IsMatch(
        text,
        match.Expression,
        (match.IgnoreCase ? RegexOptions.IgnoreCase : 0) | (match.Multiline ? RegexOptions.Multiline : 0)
            | (match.DotAll ? RegexOptions.Singleline : 0) | RegexOptions.CultureInvariant,
        TimeSpan.FromSeconds(10));

    private static Gen<string> Quantified(Gen<string> atom) => Gen.Select(atom, Quantifier, (each, count) => each + count);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static IEnumerable<SigmaTest> Tests(SigmaExpression expression) => expression switch
    {
        SigmaTest test => [test],
        SigmaNot not => Tests(not.Operand),
        SigmaAll all => all.Operands.SelectMany(Tests),
        SigmaAny any => any.Operands.SelectMany(Tests),
        _ => [],
    };
}
