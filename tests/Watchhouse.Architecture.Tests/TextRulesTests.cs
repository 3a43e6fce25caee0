using Watchhouse.Architecture.Tests.Rules;
using Watchhouse.Architecture.Tests.Tree;

namespace Watchhouse.Architecture.Tests;

public sealed class TextRulesTests
{
    private const string Source = "src/modules/Watchhouse.Response/Queue/Ticket.cs";

    [Theory]
    [InlineData("var now = DateTime.UtcNow;")]
    [InlineData("var now = System.DateTimeOffset.Now;")]
    [InlineData("var day = DateTime.Today;")]
    [InlineData("var id = Guid.NewGuid();")]
    [InlineData("var id = Guid.CreateVersion7();")]
    [InlineData("var now = TimeProvider.System.GetUtcNow();")]
    public void ReadsClock_PastTimeProvider_IsNamedWithItsLine(string line) =>
        Assert.Contains(
            Source + ":2",
            Assert.Single(TextRules.ReadsClock([TextFile.Of(Source, "first\n" + line)], [])),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("var now = clock.GetUtcNow();")]
    [InlineData("var id = Guid.CreateVersion7(clock.GetUtcNow());")]
    [InlineData("services.TryAddSingleton(TimeProvider.System);")]
    [InlineData("/// <summary>Like DateTime.UtcNow, but testable.</summary>")]
    [InlineData("var kept = record.DateTimeOffset;")]
    public void ReadsClock_ThroughTimeProvider_None(string line) =>
        Assert.Empty(TextRules.ReadsClock([TextFile.Of(Source, line)], []));

    [Fact]
    public void ReadsClock_TestOrExemptFile_None()
    {
        const string Line = "var now = DateTime.UtcNow;";

        Assert.Empty(TextRules.ReadsClock([TextFile.Of("tests/Some.Tests/SomeTests.cs", Line)], []));
        Assert.Empty(TextRules.ReadsClock([TextFile.Of(Source, Line)], [new Exemption(Source, "A reason.")]));
    }

    [Theory]
    [InlineData(TextRules.LongestFile, 0)]
    [InlineData(TextRules.LongestFile + 1, 1)]
    public void TooLong_AtTheLimit_OnlyAboveIsNamed(int lines, int violations)
    {
        var text = string.Join('\n', Enumerable.Repeat("line", lines));

        Assert.Equal(violations, TextRules.TooLong([TextFile.Of(Source, text)]).Count());
        Assert.Empty(TextRules.TooLong([TextFile.Of("src/platform/X/Migrations/20260101_First.cs", text)]));
        Assert.Empty(TextRules.TooLong([TextFile.Of("tests/Some.Tests/SomeTests.cs", text)]));
    }

    [Theory]
    [InlineData("throw new Not", "ImplementedException();")]
    [InlineData("// TO", "DO: the rest")]
    [InlineData("// FIX", "ME")]
    [InlineData("<p>This page is coming", " soon.</p>")]
    public void Unfinished_MarkInCode_IsNamed(string half, string otherHalf)
    {
        // Written in halves, so that this file does not break the rule itself.
        Assert.Single(TextRules.Unfinished([TextFile.Of(Source, half + otherHalf)], []));
        Assert.Empty(TextRules.Unfinished([TextFile.Of("docs/plan.md", half + otherHalf)], []));
    }

    [Theory]
    [InlineData("see /work/notes.md")]
    [InlineData("\"/root/.config\"")]
    [InlineData("path=/home/jo/watchhouse")]
    [InlineData(@"C:\Users\jo\watchhouse")]
    public void LocalPaths_OfOneMachine_AreNamed(string line) =>
        Assert.Single(TextRules.LocalPaths([TextFile.Of("docs/operations.md", line)], []));

    [Theory]
    [InlineData("https://example.test/work/items")]
    [InlineData("docs/work/plan.md")]
    [InlineData("/usr/bin/chromium")]
    [InlineData("a framework/library")]
    public void LocalPaths_OfAnyMachine_None(string line) =>
        Assert.Empty(TextRules.LocalPaths([TextFile.Of("docs/operations.md", line)], []));

    [Fact]
    public void Stale_ExemptionOfNothing_IsNamed()
    {
        var file = TextFile.Of(Source, "line");

        Assert.Empty(TextRules.Stale([file], [new Exemption("src/", "A reason.")]));
        Assert.Single(TextRules.Stale([file], [new Exemption("src/gone/", "A reason.")]));
    }
}
