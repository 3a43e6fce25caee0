using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts.Measures;

/// <summary>How long something took, in seconds; null where nothing came so far.</summary>
/// <param name="Count">Alerts that it was measured of.</param>
/// <param name="Median">Half of them took no longer.</param>
/// <param name="P90">Nine in ten took no longer.</param>
internal sealed record Span(int Count, long? Median, long? P90)
{
    public static readonly Span None = new(0, null, null);
}

/// <summary>What became of the alerts of a force that were raised in a window.</summary>
/// <param name="Contain">To the containment of its incident, or to the closing of a true positive that stands in none.</param>
/// <param name="Trend">Alerts raised, by equal parts of the window, oldest first.</param>
internal sealed record ForceMeasures(
    ForceId Force, int Alerts, int Closed, int FalsePositives, int TruePositives, Span Acknowledge, Span Triage, Span Contain, IReadOnlyList<int> Trend)
{
    /// <summary>False positives among what was closed; null where nothing was.</summary>
    public double? FalseShare => Closed == 0 ? null : (double)FalsePositives / Closed;
}

/// <summary>What became of the alerts of a rule.</summary>
internal sealed record RuleMeasures(string Rule, string Title, int Alerts, int Closed, int FalsePositives)
{
    public double? FalseShare => Closed == 0 ? null : (double)FalsePositives / Closed;
}

/// <summary>The medians of the medians of all forces, as numbers that reveal nobody: null where fewer than five other forces stand behind one.</summary>
internal sealed record NationalMeasures(long? Acknowledge, long? Triage, long? Contain, double? FalseShare);

/// <summary>The measures of a window.</summary>
/// <param name="Days">How long it is, up to now.</param>
/// <param name="All">Of all forces in sight together; null where there is one.</param>
/// <param name="National">Beside a force's own; null for who sees several.</param>
internal sealed record MeasuresAnswer(
    int Days, IReadOnlyList<ForceMeasures> Forces, ForceMeasures? All, NationalMeasures? National, IReadOnlyList<RuleMeasures> Rules,
    IReadOnlyList<ForceId> Withheld);

/// <summary>Measures in words. Pure.</summary>
internal static class MeasureWords
{
    public static string Duration(long? seconds) => seconds switch
    {
        null => "–",
        < 60 => "under 1 min",
        < 3600 and var s => $"{s / 60} min",
        < 86_400 and var s => s % 3600 < 60 ? $"{s / 3600} h" : $"{s / 3600} h {s % 3600 / 60} min",
        var s => s % 86_400 < 3600 ? $"{s / 86_400} d" : $"{s / 86_400} d {s % 86_400 / 3600} h",
    };

    public static string Share(double? share) => share is { } known ? known.ToString("0%", System.Globalization.CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal) : "–";

    /// <summary>The middle of values, the lower one of two; null where there are fewer than asked for.</summary>
    public static T? Middle<T>(IEnumerable<T?> values, int least)
        where T : struct
    {
        var known = values.Where(value => value is not null).Select(value => value!.Value).Order().ToList();
        return known.Count < Math.Max(1, least) ? null : known[(known.Count - 1) / 2];
    }

    /// <summary>Which of so many ordered values a share of them does not pass, from 0: the nearest rank.</summary>
    public static int Rank(int count, int percent) => Math.Max(0, (int)(((long)count * percent + 99) / 100) - 1);
}
