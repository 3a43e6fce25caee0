using Watchhouse.Monitoring.Archive;
using Watchhouse.Monitoring.Archive.Pages;

namespace Watchhouse.Monitoring.Tests.Archive;

public sealed class RetentionWordsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly HoldAnswer Old = new(Guid.NewGuid(), null, Now.AddDays(-100), Now.AddDays(-80), "A case.", Now.AddDays(-70), null, null);

    [Theory]
    [InlineData(1, "1 day")]
    [InlineData(30, "30 days")]
    [InlineData(365, "1 year (365 days)")]
    [InlineData(2190, "6 years (2,190 days)")]
    public void Days_OfARule_AreWords(int days, string expected) => Assert.Equal(expected, RetentionWords.Days(days));

    [Fact]
    public void Consequence_OfARule_SaysWhatGoesAndWhatIsHeld()
    {
        var words = RetentionWords.Consequence("SigninLogs", new RetentionEffect(new DateOnly(2025, 11, 25), 12_345, 7));

        Assert.StartsWith("Events of SigninLogs of before 25 November 2025 are deleted within a day", words, StringComparison.Ordinal);
        Assert.Contains("12,345 events now", words, StringComparison.Ordinal);
        Assert.Contains("7 more are as old and stay", words, StringComparison.Ordinal);
    }

    [Fact]
    public void Release_OfAHold_SaysWhatTheRulesThenDelete()
    {
        Assert.Contains("stay until one does", RetentionWords.Release(Old, [], Now), StringComparison.Ordinal);
        Assert.Contains("deleted within a day", RetentionWords.Release(Old, [new("", 90)], Now), StringComparison.Ordinal);
        Assert.Contains("Nothing of it is as old", RetentionWords.Release(Old, [new("", 365)], Now), StringComparison.Ordinal);
        // A rule of the table comes before the one of all, and one of another table does not count.
        var signIns = Old with { Table = "SigninLogs" };
        Assert.Contains("Nothing of it is as old", RetentionWords.Release(signIns, [new("", 90), new("SigninLogs", 365)], Now), StringComparison.Ordinal);
        Assert.Contains("stay until one does", RetentionWords.Release(signIns, [new("Syslog", 1)], Now), StringComparison.Ordinal);
    }

    [Fact]
    public void Time_OfAHold_IsDaysInLondonOfWhichTheLastIsIncluded()
    {
        var begin = new DateTimeOffset(2026, 6, 30, 23, 0, 0, TimeSpan.Zero);

        Assert.Equal("1 Jul 2026", RetentionWords.Time(begin, begin.AddDays(1)));
        Assert.Equal("1 Jul 2026 to 2 Jul 2026", RetentionWords.Time(begin, begin.AddDays(2)));
    }
}
