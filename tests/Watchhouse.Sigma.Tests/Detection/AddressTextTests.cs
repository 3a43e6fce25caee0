using System.Net;
using System.Text;
using CsCheck;

namespace Watchhouse.Sigma.Tests;

public sealed class AddressTextTests
{
    [Fact]
    public void TryParse_EveryAddress_IsTheNumberOfTheFrameworksOwn() =>
        Gen.OneOf(
            Gen.Byte.Array[4].Select(bytes => new IPAddress(bytes)),
            Gen.OneOf(Gen.Const((byte)0), Gen.Byte).Array[16].Select(bytes => new IPAddress(bytes))).Sample(address =>
        {
            Assert.True(AddressText.TryParse(Encoding.UTF8.GetBytes(address.ToString()), out var value));
            Assert.Equal(AddressText.Of(address), value);
        });

    [Theory]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3")]
    [InlineData("fe80::1%eth0", "fe80::1")]
    [InlineData("2001:DB8:0:0:0:0:0:1", "2001:db8::1")]
    [InlineData("::", "::")]
    [InlineData("1::", "1::")]
    public void TryParse_OtherForms_AreTheSameAddress(string text, string same)
    {
        Assert.True(AddressText.TryParse(Encoding.UTF8.GetBytes(text), out var value));
        Assert.Equal(AddressText.Of(IPAddress.Parse(same)), value);
    }

    [Theory]
    [InlineData("12345")]
    [InlineData("10.1")]
    [InlineData("10.1.2.256")]
    [InlineData("10.1.2.3.4")]
    [InlineData("1.2.3.")]
    [InlineData("1:2:3")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData(":1:2:3:4:5:6:7")]
    [InlineData("g::1")]
    [InlineData("12:34:56")]
    [InlineData("C:\\Windows")]
    public void TryParse_NoAddress_IsNone(string text) => Assert.False(AddressText.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void TryParse_RandomText_NeverThrows() =>
        Gen.OneOf(Gen.Char["0123456789abcdef:.%g"], Gen.Char).Array[0, 40].Select(each => new string(each))
            .Sample(text => { _ = AddressText.TryParse(Encoding.UTF8.GetBytes(text), out _); });
}
