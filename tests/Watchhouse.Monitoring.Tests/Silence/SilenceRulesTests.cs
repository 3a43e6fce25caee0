using CsCheck;
using Watchhouse.Monitoring.Silence;

namespace Watchhouse.Monitoring.Tests.Silence;

public sealed class SilenceRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Judge_SourceThatDeliveredEveryHourAndStopped_IsQuietAfterHalfAnHour()
    {
        var history = History(hour => 1000, last: Now.AddMinutes(-29));
        Assert.DoesNotContain(SilenceRules.Judge(history, Now), finding => finding.Rule == SilenceRules.Quiet);

        var quiet = Assert.Single(SilenceRules.Judge(history with { LastReceivedAt = Now.AddMinutes(-31) }, Now), finding => finding.Rule == SilenceRules.Quiet);

        Assert.Equal(("high", "Source dc-logs has gone quiet", Now.AddMinutes(-31)), (quiet.Level, quiet.Title, quiet.Since));
        Assert.Contains("2026-11-20 11:59 UTC", quiet.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_SourceThatRestsAtNight_IsNotQuietAtNight()
    {
        // From 7 to 19 o'clock; now it is 4 in the morning.
        var night = new DateTimeOffset(2026, 11, 20, 4, 30, 0, TimeSpan.Zero);
        long Events(DateTimeOffset hour) => hour.Hour is >= 7 and < 19 ? 500 : 0;
        var history = History(Events, last: night.Date.AddDays(-1).AddHours(18.9), now: night);

        Assert.Empty(SilenceRules.Judge(history, night));
        // At noon it should have begun.
        var noon = new DateTimeOffset(2026, 11, 20, 12, 30, 0, TimeSpan.Zero);
        var late = History(hour => hour >= noon.Date.AddHours(7) ? 0 : Events(hour), last: noon.Date.AddDays(-1).AddHours(18.9), now: noon);
        Assert.Contains(SilenceRules.Judge(late, noon), finding => finding.Rule == SilenceRules.Quiet);
    }

    [Fact]
    public void Judge_SourceThatIsNew_IsNotJudged() =>
        Assert.Empty(SilenceRules.Judge(History(hour => hour > Now.AddHours(-8) ? 100 : 0, last: Now.AddHours(-5)), Now));

    [Fact]
    public void Judge_RateFarBelowTheSameHourOfOtherDays_HasDropped()
    {
        var lastHour = new DateTimeOffset(2026, 11, 20, 11, 0, 0, TimeSpan.Zero);
        var history = History(hour => hour == lastHour ? 90 : 1000, last: Now);

        var dropped = Assert.Single(SilenceRules.Judge(history, Now));

        Assert.Equal((SilenceRules.Dropped, "Source dc-logs fell to 9 % of its usual rate"), (dropped.Rule, dropped.Title));
        Assert.Empty(SilenceRules.Judge(History(hour => hour == lastHour ? 110 : 1000, last: Now), Now));
    }

    [Theory]
    [InlineData(99, 0, false)]
    [InlineData(100, 0, true)]
    [InlineData(100, 1000, false)]
    [InlineData(112, 1000, true)]
    public void Judge_Rejects_CountWhenTheyAreManyAndAShare(long rejects, long events, bool isFound) =>
        Assert.Equal(isFound, SilenceRules.Judge(History(_ => events, last: Now) with { RejectsOfLastHour = rejects }, Now)
            .Any(finding => finding.Rule == SilenceRules.Rejected));

    [Fact]
    public void Judge_SourceThatRepeatsItsWeek_IsNeverQuiet() => Gen.Long[0, 3].Array[24].Where(day => day.Sum() > 6).Sample(day =>
    {
        // Whatever the shape of its day, a day like those before is no alert at any minute of it.
        var start = new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);
        for (var minute = 0; minute < 24 * 60; minute += 17)
        {
            var now = start.AddMinutes(minute);
            var last = Enumerable.Range(0, 48).Select(back => now.AddHours(-back)).First(hour => day[hour.Hour] > 0);
            var at = last.Hour == now.Hour && last == now ? now : new DateTimeOffset(last.Year, last.Month, last.Day, last.Hour, 59, 59, TimeSpan.Zero);
            var history = History(hour => day[hour.Hour], last: at, now: now);
            Assert.DoesNotContain(SilenceRules.Judge(history, now), finding => finding.Rule == SilenceRules.Quiet);
        }
    });

    private static SourceHistory History(Func<DateTimeOffset, long> events, DateTimeOffset last, DateTimeOffset? now = null)
    {
        var running = (now ?? Now).AddMinutes(-(now ?? Now).Minute);
        return new("dc-logs", running.AddDays(-60), last,
            [.. Enumerable.Range(1 - SilenceRules.HoursLookedAt, SilenceRules.HoursLookedAt).Select(hour => events(running.AddHours(hour)))], 0);
    }
}
