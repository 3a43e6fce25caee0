using Watchhouse.Federation.Clients;
using Watchhouse.Federation.SignIn.Accounts;
using Watchhouse.Federation.SignIn.Cookies;
using Watchhouse.Federation.SignIn.Tenants;

namespace Watchhouse.Federation.Tests.SignIn;

public sealed class CoreTests
{
    // RFC 6238, appendix B, SHA-1, the last six of its eight digits.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Totp_VectorsOfTheStandard_Agree(long seconds, string code)
    {
        var key = Totp.ToBase32("12345678901234567890"u8);
        Assert.Equal(code, Totp.Code(key, DateTimeOffset.FromUnixTimeSeconds(seconds)));
        Assert.Equal(seconds / 30, Totp.Match(key, code, DateTimeOffset.FromUnixTimeSeconds(seconds), 0));
        Assert.NotNull(Totp.Match(key, code, DateTimeOffset.FromUnixTimeSeconds(seconds + 30), 0));
        Assert.Null(Totp.Match(key, code, DateTimeOffset.FromUnixTimeSeconds(seconds + 90), 0));
        Assert.Null(Totp.Match(key, code, DateTimeOffset.FromUnixTimeSeconds(seconds), seconds / 30));
    }

    [Theory]
    [InlineData("short words", false)]
    [InlineData("PasswordPassword1", false)]
    [InlineData("Police-Watchhouse-2026", false)]
    [InlineData("aaaaaaaaaaaaaaaaaa", false)]
    [InlineData("Sam.Lantern@1234567", false)]
    [InlineData("lantern copper meadow", true)]
    public void Password_OnlyLongAndUncommon_IsTaken(string password, bool taken) =>
        Assert.Equal(taken, PasswordRules.Check(password, "Sam Lantern", "sam.lantern@kent.example") is null);

    [Fact]
    public void RecoveryCodes_AreTenDifferentOnes_AndReadHoweverTyped()
    {
        var codes = RecoveryCodes.New();
        Assert.Equal(10, codes.Distinct().Count());
        Assert.Equal(RecoveryCodes.Hash(codes[0]), RecoveryCodes.Hash(" " + codes[0].ToLowerInvariant().Replace('-', ' ')));
        Assert.Null(RecoveryCodes.Hash("123456"));
    }

    [Fact]
    public void ClientKey_ReadsWhatItWrites_AndNothingElse()
    {
        for (var i = 0; i < 200; i++)
        {
            var key = ClientKey.New();
            Assert.True(ClientKey.TryParse(key.ToString(), out var read));
            Assert.Equal(key.LookupId, read.LookupId);
            Assert.Equal(key.Hash(), read.Hash());
        }

        foreach (var wrong in new[] { null, "", "whk_", ClientKey.New().ToString()[..^1], "xxx" + ClientKey.New().ToString()[3..], ClientKey.New() + "A" })
            Assert.False(ClientKey.TryParse(wrong, out _));
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/people?x=1", true)]
    [InlineData("", false)]
    [InlineData("people", false)]
    [InlineData("//evil.example", false)]
    [InlineData("/\\evil.example", false)]
    [InlineData("/\t/evil.example", false)]
    public void LocalUrl_OnlyPathsOfThisSite_AreLocal(string url, bool local) => Assert.Equal(local, LocalUrl.IsLocal(url));

    [Theory]
    [InlineData("https://login.gov.example/tenant/v2.0", true)]
    [InlineData("https://login.gov.example.evil.example/tenant", false)]
    [InlineData("https://user@login.gov.example/tenant", false)]
    [InlineData("http://login.gov.example/tenant", false)]
    [InlineData("https://login.gov.example/tenant?x=1", false)]
    [InlineData("http://127.0.0.1:9/x", false)]
    public void Authority_OnlyThoseOfTheOperator_AreAllowed(string authority, bool allowed) =>
        Assert.Equal(allowed, new TenantOptions { Authorities = { "https://login.gov.example" } }.Allows(authority));
}
