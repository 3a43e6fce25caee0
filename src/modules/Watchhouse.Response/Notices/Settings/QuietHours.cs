using System.Globalization;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Notices.Settings;

/// <summary>Hours in which a person is not told, by the wall clock in London; they may go over midnight. Pure.</summary>
/// <param name="From">The first minute, since midnight.</param>
/// <param name="Until">The minute at which they end.</param>
internal readonly record struct QuietHours(int From, int Until)
{
    private const int MinutesOfADay = 24 * 60;

    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");

    /// <summary>The hours of two times such as 22:00; null where one is none, or both are the same.</summary>
    public static QuietHours? Parse(string? from, string? until) =>
        Minutes(from) is { } first && Minutes(until) is { } last && first != last ? new(first, last) : null;

    /// <summary>'22:00'.</summary>
    public static string Words(int minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:00}:{minutes % 60:00}");

    /// <summary>When they end, where the moment lies in them; null where it does not. Always later than the moment.</summary>
    public DateTimeOffset? EndsAfter(DateTimeOffset now)
    {
        var local = HouseTime.Local(now);
        var minute = (local.Hour * 60) + local.Minute;
        if (!(From < Until ? minute >= From && minute < Until : minute >= From || minute < Until)) return null;
        var day = DateOnly.FromDateTime(local.DateTime);
        if (From > Until && minute >= From) day = day.AddDays(1);
        var end = day.ToDateTime(new TimeOnly(Until / 60, Until % 60));
        // On the night in March the hour from one to two is not there; on that in October it is there twice.
        while (London.IsInvalidTime(end)) end = end.AddMinutes(1);
        var offsets = London.IsAmbiguousTime(end) ? London.GetAmbiguousTimeOffsets(end).OrderDescending() : (IEnumerable<TimeSpan>)[London.GetUtcOffset(end)];
        return offsets.Select(offset => new DateTimeOffset(end, offset).ToUniversalTime()).First(each => each > now);
    }

    private static int? Minutes(string? text) =>
        TimeOnly.TryParseExact(text?.Trim(), ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? ((time.Hour * 60) + time.Minute) % MinutesOfADay : null;
}
