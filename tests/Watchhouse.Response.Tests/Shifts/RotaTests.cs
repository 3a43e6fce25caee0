using CsCheck;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Shifts;

namespace Watchhouse.Response.Tests.Shifts;

public sealed class RotaTests
{
    [Fact]
    public void Plan_OfAnyPatternOverAnyYear_LeavesNoMomentOutAndNoneTwice() =>
        Gen.Select(Gen.Int[0, RotaPattern.All.Count - 1], Gen.Int[0, 3_000], Gen.Int[0, 1439], Gen.Int[1, RotaPattern.MostWeeks]).Sample((which, day, from, weeks) =>
        {
            var pattern = RotaPattern.All[which];
            var shifts = pattern.Plan(new DateOnly(2026, 1, 1).AddDays(day), weeks, from).ToList();
            Assert.Equal(weeks * 7 * pattern.Slots.Count, shifts.Count);
            for (var at = 1; at < shifts.Count; at++) Assert.Equal(shifts[at - 1].EndsAt, shifts[at].StartsAt);
            Assert.All(shifts, shift => Assert.InRange((shift.EndsAt - shift.StartsAt).TotalHours, (24.0 / pattern.Slots.Count) - 1, (24.0 / pattern.Slots.Count) + 1));
            // Nobody watches two shifts one after the other.
            for (var at = 1; at < shifts.Count; at++) Assert.NotEqual(shifts[at - 1].Team, shifts[at].Team);
        }, iter: 400);

    [Theory]
    [InlineData("2026-03-28", 11)]
    [InlineData("2026-10-24", 13)]
    [InlineData("2026-06-01", 12)]
    public void Plan_OfANightInWhichClocksChange_IsAnHourLongerOrShorter(string day, int hours)
    {
        var night = RotaPattern.All[0].Plan(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), 1, 19 * 60).First();
        Assert.Equal(hours, (night.EndsAt - night.StartsAt).TotalHours);
        Assert.Equal(("19:00", "07:00"), (HouseTime.Clock(night.StartsAt), HouseTime.Clock(night.EndsAt)));
    }

    [Fact]
    public void Teams_OfEveryPattern_WatchEquallyLong()
    {
        foreach (var pattern in RotaPattern.All)
        {
            var cycle = pattern.Cycles[0].Length;
            Assert.All(pattern.Cycles, each => Assert.Equal(cycle, each.Length));
            Assert.Single(pattern.Cycles.Select(each => each.Count(mark => mark != '-')).Distinct());
        }
    }

    [Fact]
    public void Warnings_OfARota_NameGapsOverlapsAndWhoIsThereTwice()
    {
        var start = new DateTimeOffset(2026, 11, 2, 7, 0, 0, TimeSpan.Zero);
        var (one, two) = (new ShiftPerson(Guid.NewGuid(), "One (test)"), new ShiftPerson(Guid.NewGuid(), "Two (test)"));
        ShiftModel[] shifts = [Of(0, 8, one), Of(7, 12, two), Of(11, 13, two), Of(14, 15)];
        Assert.Equal(["overlap", "twice", "gap", "nobody"], RotaCheck.Warnings(shifts).Select(warning => warning.Kind));
        Assert.Empty(RotaCheck.Warnings([Of(0, 8, one), Of(8, 16, two)]));

        ShiftModel Of(int from, int until, params ShiftPerson[] people) => new(Guid.NewGuid(), start.AddHours(from), start.AddHours(until), "Day", "", null, people, 1);
    }
}
