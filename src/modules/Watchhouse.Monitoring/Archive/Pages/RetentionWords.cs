using System.Globalization;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Archive.Pages;

/// <summary>The words of retention and holds on screen. Pure.</summary>
internal static class RetentionWords
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>'events of SigninLogs', 'events of all tables without a rule of their own'.</summary>
    public static string Events(string table) => table.Length == 0 ? "events of all tables without a rule of their own" : $"events of {table}";

    public static string Table(string table) => table.Length == 0 ? "All tables without a rule of their own" : table;

    public static string Days(int days) => days switch
    {
        1 => "1 day",
        _ when days % 365 == 0 && days >= 730 => $"{days / 365} years ({days.ToString("N0", English)} days)",
        365 => "1 year (365 days)",
        _ => $"{days.ToString("N0", English)} days",
    };

    public static string Day(DateOnly day) => day.ToString("d MMMM yyyy", English);

    /// <summary>'3 Nov 2026 to 9 Nov 2026': days in London; the end is not included.</summary>
    public static string Time(DateTimeOffset from, DateTimeOffset to)
    {
        var (first, last) = (HouseTime.Date(from), HouseTime.Date(to.AddTicks(-1)));
        return first == last ? first : $"{first} to {last}";
    }

    /// <summary>What a rule does as soon as it is set.</summary>
    public static string Consequence(string table, RetentionEffect effect) =>
        $"{Capital(Events(table))} of before {Day(effect.Before)} are deleted within a day, and each day those that reach that age. "
        + (effect.Events == 0 ? "None as old is there now. " : $"That is {effect.Events.ToString("N0", English)} {(effect.Events == 1 ? "event" : "events")} now. ")
        + (effect.Held == 0 ? "" : $"{effect.Held.ToString("N0", English)} more are as old and stay, because a hold covers them. ")
        + "What is deleted cannot be brought back.";

    /// <summary>What the end of a hold does, by the rules as they are.</summary>
    public static string Release(HoldAnswer hold, IReadOnlyList<RetentionAnswer> rules, DateTimeOffset now)
    {
        // A rule of the table comes before the one of all.
        var rule = rules.FirstOrDefault(r => r.Table == hold.Table) ?? rules.FirstOrDefault(r => r.Table.Length == 0);
        var shortest = hold.Table is null && rules.Count > 0 ? rules.MinBy(r => r.Days) : rule;
        if (shortest is null) return "No rule of retention reaches these events, so they stay until one does.";
        var before = ArchiveOperations.FirstKept(now, shortest.Days);
        var of = hold.Table is null && rules.Count > 1 ? $"By the shortest of the rules ({Table(shortest.Table)}), what" : "What";
        return DateOnly.FromDateTime(hold.From.UtcDateTime) < before
            ? $"{of} is of before {Day(before)} is deleted within a day, unless another hold covers it. It cannot be brought back."
            : $"Nothing of it is as old as to be deleted now; {char.ToLowerInvariant(of[0])}{of[1..]} becomes older than {Days(shortest.Days)} is.";
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
