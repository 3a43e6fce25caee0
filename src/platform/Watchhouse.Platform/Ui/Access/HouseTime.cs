using System.Globalization;

namespace Watchhouse.Platform.Ui;

/// <summary>Times in words. The browser's clocks.js says the same words; change both together.</summary>
public static class HouseTime
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");

    /// <summary>'4 min ago', 'in 3 d'; beyond thirty days the date.</summary>
    public static string Relative(DateTimeOffset when, DateTimeOffset now)
    {
        var span = now - when;
        if (span.Duration() >= TimeSpan.FromDays(30)) return Date(when);
        var ahead = span < TimeSpan.Zero;
        span = span.Duration();
        if (span < TimeSpan.FromMinutes(1)) return ahead ? "in under a min" : "just now";
        var text = span < TimeSpan.FromHours(1) ? $"{(int)span.TotalMinutes} min"
            : span < TimeSpan.FromDays(1) ? $"{(int)span.TotalHours} h"
            : $"{(int)span.TotalDays} d";
        return ahead ? $"in {text}" : $"{text} ago";
    }

    /// <summary>'3 h 05 min', or '12 min over' when the moment has passed.</summary>
    public static string Remaining(DateTimeOffset until, DateTimeOffset now)
    {
        var left = until - now;
        var span = left.Duration();
        var text = span < TimeSpan.FromMinutes(1) ? $"{(int)span.TotalSeconds} s"
            : span < TimeSpan.FromHours(1) ? $"{(int)span.TotalMinutes} min"
            : span < TimeSpan.FromDays(1) ? $"{(int)span.TotalHours} h {span.Minutes:00} min"
            : $"{(int)span.TotalDays} d {span.Hours} h";
        return left < TimeSpan.Zero ? $"{text} over" : text;
    }

    /// <summary>'23 November 2026', in London.</summary>
    public static string Date(DateTimeOffset when) => Local(when).ToString("d MMM yyyy", English);

    /// <summary>'Mon 23 Nov 2026, 22:04:10 in London (21:04:10 UTC)'.</summary>
    public static string Exact(DateTimeOffset when) =>
        $"{Local(when).ToString("ddd d MMM yyyy, HH:mm:ss", English)} in London "
        + $"({when.ToUniversalTime().ToString("HH:mm:ss", English)} UTC)";

    /// <summary>'14:05', in London.</summary>
    public static string Clock(DateTimeOffset when) => Local(when).ToString("HH:mm", English);

    /// <summary>The first moment of a day in London, in UTC.</summary>
    public static DateTimeOffset StartOf(DateOnly day) =>
        new(TimeZoneInfo.ConvertTimeToUtc(day.ToDateTime(TimeOnly.MinValue), London), TimeSpan.Zero);

    /// <summary>The day in London at a moment.</summary>
    public static DateOnly DayOf(DateTimeOffset when) => DateOnly.FromDateTime(Local(when).DateTime);

    public static DateTimeOffset Local(DateTimeOffset when) => TimeZoneInfo.ConvertTime(when, London);
}
