using CsCheck;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Tests.Tenancy;

public sealed class ForceIdTests
{
    [Theory]
    [InlineData("KNT", true)]
    [InlineData("NMC", true)]
    [InlineData("A1", true)]
    [InlineData("ABCDEFGH", true)]
    [InlineData("ABCDEFGHI", false)]
    [InlineData("K", false)]
    [InlineData("1KN", false)]
    [InlineData("knt", false)]
    [InlineData("K T", false)]
    [InlineData("KÑT", false)]
    [InlineData("", false)]
    public void TryParse_OfText_TakesTagsOnly(string text, bool good) =>
        Assert.Equal(good, ForceId.TryParse(text, null, out _));

    [Fact]
    public void TryParse_OfAnything_NeverThrowsAndRoundTrips() =>
        Gen.String.Sample(text => !ForceId.TryParse(text, null, out var id) || id.ToString() == text);
}
