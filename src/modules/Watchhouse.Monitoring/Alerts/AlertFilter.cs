using System.Globalization;
using Watchhouse.Monitoring.Alerts.Triage;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>Which alerts are wanted; the newest first.</summary>
internal sealed record AlertFilter
{
    public const int MostTaken = 200;

    /// <summary>From the least to the worst.</summary>
    public static readonly IReadOnlyList<string> AllLevels = ["informational", "low", "medium", "high", "critical"];

    public ForceId? Force { get; init; }

    /// <summary>Any of these; empty for every level.</summary>
    public IReadOnlyList<string> Levels { get; init; } = [];

    public string? Rule { get; init; }

    public string? Entity { get; init; }

    /// <summary>T1114 finds its sub-techniques too.</summary>
    public string? Technique { get; init; }

    /// <summary>Null for every status.</summary>
    public AlertStatusFilter? Status { get; init; }

    /// <summary>Id of the person who has it; empty for those that nobody has.</summary>
    public string? Owner { get; init; }

    /// <summary>What it was closed as.</summary>
    public string? Verdict { get; init; }

    /// <summary>Raised at or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Raised before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Words of which each stands in the title, the entity or the rule's name, in any case.</summary>
    public string? Text { get; init; }

    /// <summary>Only alerts after the one with this id, in the order of the list: the last id of the page before.</summary>
    public Guid? Before { get; init; }

    public int Take { get; init; } = 50;

    public string? Reason { get; init; }
}

/// <summary>Which statuses are wanted.</summary>
/// <param name="Only">This one; null for every one but closed.</param>
internal sealed record AlertStatusFilter(string? Only)
{
    /// <summary>Nobody has said yet what it was.</summary>
    public static readonly AlertStatusFilter Unclosed = new((string?)null);
}

/// <summary>The filters as an address writes them, the same words on the page and in the API.</summary>
internal sealed record AlertAddress
{
    private const int LongestText = 200;

    public string? Force { get; init; }

    public string? Level { get; init; }

    public string? Rule { get; init; }

    public string? Entity { get; init; }

    public string? Technique { get; init; }

    /// <summary>all, unclosed, or one of <see cref="TriageStates"/>.</summary>
    public string? Status { get; init; }

    /// <summary>me, nobody, or the id of a person.</summary>
    public string? Owner { get; init; }

    public string? Verdict { get; init; }

    public string? Since { get; init; }

    public string? Until { get; init; }

    public string? Text { get; init; }

    /// <summary>Reads them. Pure.</summary>
    /// <param name="now">From which hours and days are counted back.</param>
    /// <param name="me">Id of the person who asks, meant by 'me'.</param>
    public Outcome<AlertFilter> Read(DateTimeOffset now, string me)
    {
        ForceId? force = null;
        if (Force is { Length: > 0 })
        {
            if (!ForceId.TryParse(Force, null, out var parsed)) return Failure.NotFound;
            force = parsed;
        }

        var levels = (Level ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(level => level.ToLowerInvariant()).Distinct().ToList();
        if (levels.Find(level => !AlertFilter.AllLevels.Contains(level)) is { } unknown)
            return Failure.Invalid($"There is no level '{Short(unknown)}'. Levels are {string.Join(", ", AlertFilter.AllLevels)}; several are joined by commas.", "level");
        if (!TryMoment(Since, now, endOfDay: false, out var since)) return NoMoment("since");
        if (!TryMoment(Until, now, endOfDay: true, out var until)) return NoMoment("until");
        var status = Blank(Status)?.ToLowerInvariant();
        if (status is not (null or "all" or "unclosed") && !TriageStates.All.Contains(status))
            return Failure.Invalid($"There is no status '{Short(status)}'. Write unclosed, all, or one of {string.Join(", ", TriageStates.All)}.", "status");
        var verdict = Verdicts.All.FirstOrDefault(each => each.Equals(Blank(Verdict), StringComparison.OrdinalIgnoreCase));
        if (Blank(Verdict) is { } said && verdict is null)
            return Failure.Invalid($"There is no verdict '{Short(said)}'. Verdicts are {string.Join(", ", Verdicts.All)}.", "verdict");
        if (Text is { Length: > LongestText }) return Failure.Invalid($"The text to look for is longer than {LongestText} characters. Shorten it.", "q");
        return new AlertFilter
        {
            Force = force,
            Levels = levels.Count == AlertFilter.AllLevels.Count ? [] : levels,
            Rule = Blank(Rule),
            Entity = Blank(Entity),
            Technique = Blank(Technique)?.ToUpperInvariant(),
            Status = status is null or "all" ? null : status == "unclosed" ? AlertStatusFilter.Unclosed : new(status),
            Owner = Blank(Owner) is not { } owner ? null : owner == "me" ? me : owner == "nobody" ? "" : owner,
            Verdict = verdict,
            Since = since,
            Until = until,
            Text = Blank(Text),
        };
    }

    private static bool TryMoment(string? text, DateTimeOffset now, bool endOfDay, out DateTimeOffset? moment)
    {
        moment = null;
        if (string.IsNullOrWhiteSpace(text)) return true;
        text = text.Trim();
        if (int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and < 10_000 && text[^1] is 'h' or 'd')
        {
            moment = now - (text[^1] == 'h' ? TimeSpan.FromHours(count) : TimeSpan.FromDays(count));
            return true;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1900 and < 9000)
        {
            moment = HouseTime.StartOf(endOfDay ? day.AddDays(1) : day);
            return true;
        }

        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var exact)) return false;
        moment = exact.ToUniversalTime();
        return true;
    }

    private static Failure NoMoment(string field) => Failure.Invalid(
        "The time cannot be read. Write hours or days back from now (24h, 7d), a day (2026-11-25), or a moment (2026-11-25T08:00:00Z).", field);

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string Short(string text) => text.Length <= 20 ? text : text[..20] + "…";
}
