namespace Watchhouse.Response.Clocks;

/// <summary>
/// When time counts, in London time: one period on each working day and none on bank holidays, or round the clock.
/// Time that passes is real time: a night shift over the change of the clocks has an hour more or less. Immutable.
/// </summary>
internal sealed class WorkingCalendar
{
    public const int MinutesOfADay = 24 * 60;

    /// <summary>Less than this a week, and times of days would run for months.</summary>
    public static readonly TimeSpan LeastWeek = TimeSpan.FromHours(10);

    /// <summary>Every minute of every day.</summary>
    public static readonly WorkingCalendar Always = new(new Dictionary<DayOfWeek, (int, int)>(), new HashSet<DateOnly>(), always: true);

    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");

    private readonly IReadOnlyDictionary<DayOfWeek, (int From, int Until)> _days;
    private readonly IReadOnlySet<DateOnly> _holidays;
    private readonly bool _always;

    private WorkingCalendar(IReadOnlyDictionary<DayOfWeek, (int From, int Until)> days, IReadOnlySet<DateOnly> holidays, bool always) =>
        (_days, _holidays, _always) = (days, holidays, always);

    /// <param name="days">The period of each working day in minutes since midnight on the wall clock; 1,440 is the midnight that ends it.</param>
    /// <param name="holidays">Days on which nobody works.</param>
    /// <exception cref="FormatException">The periods are none that time can be counted by; the message says which.</exception>
    public static WorkingCalendar Of(IReadOnlyDictionary<DayOfWeek, (int From, int Until)> days, IReadOnlySet<DateOnly> holidays)
    {
        foreach (var (day, (from, until)) in days)
        {
            if (from < 0 || until > MinutesOfADay || from >= until) throw new FormatException($"The hours of {day} do not end after they begin, within the day.");
        }

        return TimeSpan.FromMinutes(days.Values.Sum(each => each.Until - each.From)) < LeastWeek
            ? throw new FormatException($"Working hours are at least {LeastWeek.TotalHours:0} a week.") : new(days, holidays, always: false);
    }

    /// <summary>Working time between two moments; none when the second is not after the first.</summary>
    public TimeSpan Between(DateTimeOffset from, DateTimeOffset until)
    {
        if (until <= from) return TimeSpan.Zero;
        if (_always) return until - from;
        var sum = TimeSpan.Zero;
        for (var day = DayOf(from).AddDays(-1); day <= DayOf(until); day = day.AddDays(1))
        {
            if (Period(day) is not var (opens, closes)) continue;
            var (begin, end) = (opens > from ? opens : from, closes < until ? closes : until);
            if (end > begin) sum += end - begin;
        }

        return sum;
    }

    /// <summary>The first moment by which so much working time has passed. No time: the moment itself, though nobody works.</summary>
    public DateTimeOffset After(DateTimeOffset from, TimeSpan time)
    {
        if (time <= TimeSpan.Zero) return from;
        if (_always) return from + time;
        // Ends, because each week has hours and holidays are a finite set.
        for (var day = DayOf(from).AddDays(-1); ; day = day.AddDays(1))
        {
            if (Period(day) is not var (opens, closes)) continue;
            var begin = opens > from ? opens : from;
            if (closes <= begin) continue;
            if (closes - begin >= time) return begin + time;
            time -= closes - begin;
        }
    }

    private static DateOnly DayOf(DateTimeOffset when) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(when, London).DateTime);

    private (DateTimeOffset Opens, DateTimeOffset Closes)? Period(DateOnly day)
    {
        if (!_days.TryGetValue(day.DayOfWeek, out var period) || _holidays.Contains(day)) return null;
        var (opens, closes) = (Moment(day, period.From, first: true), Moment(day, period.Until, first: false));
        // A period that lies wholly in the hour that is left out in spring is empty.
        return closes > opens ? (opens, closes) : null;
    }

    /// <summary>A time of the wall clock as a moment. One that comes twice in autumn opens the first time and closes the second; one that is left out in spring is when the clock jumps.</summary>
    private static DateTimeOffset Moment(DateOnly day, int minutes, bool first)
    {
        var local = day.ToDateTime(TimeOnly.MinValue).AddMinutes(minutes);
        while (London.IsInvalidTime(local)) local = local.AddMinutes(1);
        var offset = !London.IsAmbiguousTime(local) ? London.GetUtcOffset(local)
            : first ? London.GetAmbiguousTimeOffsets(local).Max() : London.GetAmbiguousTimeOffsets(local).Min();
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
