using CsCheck;
using Watchhouse.Response.Bulletins;

namespace Watchhouse.Response.Tests.Bulletins;

public sealed class BulletinPureTests
{
    private static readonly string[] Marks = ["*", "**", "`", "[", "](", ")", "# ", "- ", "1. ", "\n", "\n\n", "```\n", "https://a.example", "javascript:x"];
    private static readonly DateTimeOffset Due = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("# Title", "h1[text:Title]")]
    [InlineData("#hashtag", "p[text:#hashtag]")]
    [InlineData("One\ntwo\n\nthree", "p[text:One two]p[text:three]")]
    [InlineData("- a\n- b\n  more\n\n1. c", "ul[text:a|text:b more]ol[text:c]")]
    [InlineData("Be **quick** and `rm -r *`", "p[text:Be ;strong:quick;text: and ;code:rm -r *]")]
    [InlineData("```\n<b>**x**\n```", "pre[code:<b>**x**]")]
    [InlineData("see [here](https://ncsc.example/a)", "p[text:see ;link:here]")]
    [InlineData("see [here](javascript:alert(1))", "p[text:see [here](javascript:alert(1))]")]
    [InlineData("see [here](https://user@ncsc.example)", "p[text:see [here](https://user@ncsc.example)]")]
    [InlineData("2 * 3 * 4 and a*b", "p[text:2 * 3 * 4 and a*b]")]
    public void Parse_OfWhatBulletinsUse_MakesParts(string text, string expected) =>
        Assert.Equal(expected, string.Concat(MarkdownText.Parse(text).Select(block =>
            $"{block.Kind}[{string.Join('|', block.Lines.Select(line => string.Join(';', line.Select(span => $"{span.Kind}:{span.Text}"))))}]")));

    [Fact]
    public void Parse_OfAnyText_LosesNoWordAndLinksOnlyToHttps() =>
        Gen.OneOf(Gen.Int[0, Marks.Length - 1].Select(at => Marks[at]), Gen.String[Gen.Char.AlphaNumeric, 1, 8]).Array[0, 40].Sample(parts =>
        {
            var text = string.Concat(parts);
            var spans = MarkdownText.Parse(text).SelectMany(block => block.Lines).SelectMany(line => line).ToList();
            Assert.All(spans, span => Assert.True(span.Kind == "link" ? span.Address!.StartsWith("https://", StringComparison.Ordinal) : span.Address is null));
            // Whatever the marks do, letters are neither lost nor made.
            var shown = string.Concat(spans.Select(span => span.Text + span.Address)).Where(char.IsAsciiLetter);
            Assert.Equal(text.Where(char.IsAsciiLetter).Order(), shown.Order());
        });

    [Fact]
    public void Schedule_OfAnyDeadline_GoesForwardAndNeverRightAfterTheForcesWereTold() =>
        Gen.Int[61, 60 * 24 * 90].Sample(minutes =>
        {
            var told = Due.AddMinutes(-minutes);
            var at = ChaseSchedule.First(told, Due);
            var times = new List<DateTimeOffset>();
            while (at is { } step)
            {
                times.Add(step);
                Assert.NotNull(ChaseSchedule.Latest(step, Due));
                at = ChaseSchedule.After(step, Due);
            }

            Assert.Equal(times.Distinct().Order(), times);
            Assert.True(times[0] > told.AddMinutes(30));
            Assert.Contains(Due, times);
            Assert.Equal(Due.AddHours(72), times[^1]);
        });

    [Theory]
    [InlineData(-25, null)]
    [InlineData(-24, "24h-before")]
    [InlineData(-1, "2h-before")]
    [InlineData(0, "due")]
    [InlineData(100, "72h-after")]
    public void Latest_OfHoursAroundTheDeadline_IsTheStepThatCameLast(int hours, string? step) => Assert.Equal(step, ChaseSchedule.Latest(Due.AddHours(hours), Due));
}
