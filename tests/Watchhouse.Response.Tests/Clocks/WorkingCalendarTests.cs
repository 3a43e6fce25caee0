using CsCheck;
using Watchhouse.Response.Clocks;

namespace Watchhouse.Response.Tests.Clocks;

public sealed class WorkingCalendarTests
{
    internal static readonly WorkingCalendar Office = WorkingCalendar.Of(
        Enumerable.Range(1, 5).ToDictionary(day => (DayOfWeek)day, _ => (9 * 60, 17 * 60)),
        new HashSet<DateOnly> { new(2026, 12, 25), new(2026, 12, 28), new(2027, 1, 1) });

    private static readonly WorkingCalendar AllDays = WorkingCalendar.Of(Enum.GetValues<DayOfWeek>().ToDictionary(day => day, _ => (0, WorkingCalendar.MinutesOfADay)), new HashSet<DateOnly>());

    private static readonly WorkingCalendar Nights = WorkingCalendar.Of(Enum.GetValues<DayOfWeek>().ToDictionary(day => day, _ => (30, 4 * 60)), new HashSet<DateOnly>());

    // In 2027 the clocks go forward on 28 March and back on 31 October.
    [Theory]
    [InlineData("2027-03-28T00:00Z", "2027-03-29T00:00+01:00", 23)]
    [InlineData("2027-10-31T00:00+01:00", "2027-11-01T00:00Z", 25)]
    [InlineData("2027-06-01T00:00+01:00", "2027-06-02T00:00+01:00", 24)]
    public void Between_DayOnWhichTheClocksChange_HasItsRealHours(string from, string until, int hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), AllDays.Between(Time(from), Time(until)));

    [Theory]
    [InlineData("2027-03-28T00:00Z", "2027-03-28T12:00+01:00", 2.5)]
    [InlineData("2027-10-31T00:00+01:00", "2027-10-31T12:00Z", 4.5)]
    [InlineData("2027-01-10T00:00Z", "2027-01-10T12:00Z", 3.5)]
    public void Between_NightOnWhichTheClocksChange_HasItsRealHours(string from, string until, double hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), Nights.Between(Time(from), Time(until)));

    // Half past one is left out on the first of these days, and comes twice on the second.
    [Theory]
    [InlineData("2027-03-28T00:00Z", 90, 240, 2)]
    [InlineData("2027-10-31T00:00+01:00", 90, 240, 3.5)]
    [InlineData("2027-03-28T00:00Z", 0, 90, 1)]
    [InlineData("2027-10-31T00:00+01:00", 0, 90, 2.5)]
    public void Between_HoursThatBeginOrEndInTheHourOfTheChange_HaveTheirRealHours(string midnight, int opens, int closes, double hours)
    {
        var calendar = WorkingCalendar.Of(Enum.GetValues<DayOfWeek>().ToDictionary(day => day, _ => (opens, closes)), new HashSet<DateOnly>());
        Assert.Equal(TimeSpan.FromHours(hours), calendar.Between(Time(midnight), Time(midnight).AddHours(12)));
    }

    [Theory]
    // Over the weekend on which the clocks go forward: eight hours of Friday's 16:00 are Monday's 16:00, an hour earlier in UTC.
    [InlineData("2027-03-26T16:00Z", 8, "2027-03-29T16:00+01:00")]
    [InlineData("2027-10-29T16:00+01:00", 8, "2027-11-01T16:00Z")]
    // Over Christmas: Thursday, then nothing until Tuesday.
    [InlineData("2026-12-24T16:00Z", 2, "2026-12-29T10:00Z")]
    // On a Saturday nobody works, and what ends with the day ends then and not when the next begins.
    [InlineData("2026-11-28T12:00Z", 8, "2026-11-30T17:00Z")]
    public void After_OverDaysOff_IsWhenSomebodyWorks(string from, double hours, string expected)
    {
        var due = Office.After(Time(from), TimeSpan.FromHours(hours));
        Assert.Equal(Time(expected), due);
        Assert.Equal(TimeSpan.FromHours(hours), Office.Between(Time(from), due));
    }

    [Fact]
    public void AfterAndBetween_AnyCalendarAndTime_AreEachOthersInverse() =>
        Gen.Select(OneOf(Office, Nights, AllDays, WorkingCalendar.Always), Gen.Int[0, 600_000], Gen.Int[1, 20_000]).Sample((calendar, start, minutes) =>
        {
            var from = new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(start);
            var due = calendar.After(from, TimeSpan.FromMinutes(minutes));
            return calendar.Between(from, due) == TimeSpan.FromMinutes(minutes) && calendar.Between(from, due.AddTicks(-1)) < TimeSpan.FromMinutes(minutes);
        }, iter: 2_000);

    [Fact]
    public void Between_CutAnywhere_IsTheSumOfItsParts() =>
        Gen.Select(OneOf(Office, Nights, AllDays), Gen.Int[0, 600_000], Gen.Int[0, 20_000], Gen.Int[0, 20_000]).Sample((calendar, start, first, second) =>
        {
            var from = new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(start);
            var (cut, until) = (from.AddMinutes(first), from.AddMinutes(first + second));
            return calendar.Between(from, until) == calendar.Between(from, cut) + calendar.Between(cut, until);
        }, iter: 2_000);

    private static Gen<WorkingCalendar> OneOf(params WorkingCalendar[] calendars) => Gen.Int[0, calendars.Length - 1].Select(index => calendars[index]);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
