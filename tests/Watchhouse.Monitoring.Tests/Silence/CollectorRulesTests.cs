using Watchhouse.Monitoring.Silence;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Tests.Silence;

public sealed class CollectorRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 30, 0, TimeSpan.Zero);
    private static readonly CollectorHealth Well = new("Entra audits", true, Now.AddDays(90), null, null);

    [Theory]
    [InlineData(31, null, null)]
    [InlineData(30, "medium", "The certificate of the collector Entra audits lapses on 20 December")]
    [InlineData(3, "high", "The certificate of the collector Entra audits lapses on 23 November")]
    [InlineData(-1, "high", "The certificate of the collector Entra audits has lapsed")]
    public void Judge_CredentialByItsDaysLeft_IsToldInGoodTime(int days, string? level, string? title)
    {
        var finding = CollectorRules.Judge(Well with { CredentialExpiresAt = Now.AddDays(days) }, Now).SingleOrDefault();

        Assert.Equal((level, title), (finding?.Level, finding?.Title));
    }

    [Fact]
    public void Judge_CredentialFromFirstToLast_IsThreeAlertsAndNoMore()
    {
        var ends = Now.AddDays(40);
        var moments = Enumerable.Range(0, 24 * 80).Select(hour => Now.AddHours(hour))
            .SelectMany(now => CollectorRules.Judge(Well with { CredentialExpiresAt = ends }, now)).Select(finding => finding.Since).Distinct();

        Assert.Equal([ends.AddDays(-30), ends.AddDays(-3), ends], moments);
    }

    [Theory]
    [InlineData(59, false)]
    [InlineData(60, true)]
    public void Judge_ProblemByItsLength_IsAnAlertWhenItLasts(int minutes, bool isFound)
    {
        var health = Well with { Problem = "The consent was withdrawn.", ProblemSince = Now.AddMinutes(-minutes) };

        Assert.Equal(isFound, CollectorRules.Judge(health, Now).Any(finding =>
            finding.Rule == CollectorRules.Fails && finding.Recommendation.Contains("The consent was withdrawn.", StringComparison.Ordinal)));
    }

    [Fact]
    public void Judge_GapsOfADay_AreOneAlertThatNamesTheFirst()
    {
        var day = new DateOnly(2026, 11, 12);
        var start = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        var finding = CollectorRules.Judge("office", day,
            [new("Audit.General", start.AddHours(5), start.AddHours(6), "Late."), new("Audit.Exchange", start.AddHours(2), start.AddHours(3), "It is gone.")]);

        Assert.Contains("Of Audit.Exchange, 2026-11-12 02:00 UTC to 2026-11-12 03:00 UTC is not covered: It is gone. 1 more", finding.Recommendation, StringComparison.Ordinal);
        Assert.Equal(start, finding.Since);
    }

    [Fact]
    public void Judge_KeyOfAMachineClient_SaysWhichAndWhatToDo()
    {
        var finding = CollectorRules.Judge(new LapsingClient(ForceId.Of("KNT"), "c1", "Sentinel shipper", true, Now.AddDays(2), Now), Now)!;

        Assert.Equal(("The last key of the machine client Sentinel shipper lapses on 22 November", "high"), (finding.Title, finding.Level));
    }
}
