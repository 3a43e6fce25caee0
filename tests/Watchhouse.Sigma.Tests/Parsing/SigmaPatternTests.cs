namespace Watchhouse.Sigma.Tests;

public sealed class SigmaPatternTests
{
    [Theory]
    [InlineData(@"a*c", "a|*|c")]
    [InlineData(@"C:\\*", @"C:\|*")]
    [InlineData(@"C:\\\*", @"C:\*")]
    [InlineData(@"\\\\srv", @"\\srv")]
    [InlineData(@"\Temp\", @"\Temp\")]
    [InlineData(@"a??b**", "a|?|?|b|*")]
    [InlineData("", "")]
    public void Parse_Escapes_PartsOfTheSpecification(string text, string parts) =>
        Assert.Equal(parts, string.Join('|', SigmaPattern.Parse(text).Parts.Select(part => part.Kind switch
        {
            PatternPartKind.Many => "*",
            PatternPartKind.One => "?",
            _ => part.Text,
        })));

    [Fact]
    public void Pad_AlreadyPadded_StarIsNotDoubled() =>
        Assert.Equal("*b*", SigmaPattern.Parse("*b").Pad(before: true, after: true).ToString());
}
