using System.Globalization;
using Watchhouse.Platform.Acting;

namespace Watchhouse.Monitoring.Silence;

/// <summary>How a collector fares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsCertificate">Whether it proves itself by a certificate; else by a secret or a connection string.</param>
/// <param name="CredentialExpiresAt">When that lapses; null where nobody knows.</param>
/// <param name="Problem">What its last run met, in sentences; null while all is well.</param>
/// <param name="ProblemSince">When that was first met.</param>
internal sealed record CollectorHealth(
    string Name, bool IsCertificate, DateTimeOffset? CredentialExpiresAt, string? Problem, DateTimeOffset? ProblemSince);

/// <summary>A stretch of time of which something is lost.</summary>
internal sealed record CoverageGap(string Stream, DateTimeOffset From, DateTimeOffset To, string Reason);

/// <summary>
/// What will stop events from coming, before it does: credentials that run out, consents that were withdrawn, and what was lost
/// because of them. Pure.
/// </summary>
internal static class CollectorRules
{
    public const string Lapses = "watchhouse.credential-lapses";
    public const string Fails = "watchhouse.collector-fails";
    public const string Gap = "watchhouse.coverage-gap";

    /// <summary>A credential is spoken of from here on: a change of it passes a board that meets once a month.</summary>
    public static readonly TimeSpan Early = TimeSpan.FromDays(30);

    /// <summary>It is urgent from here on.</summary>
    public static readonly TimeSpan Urgent = TimeSpan.FromDays(3);

    /// <summary>A problem that lasts longer is no hiccup of the service at the other end.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public static IEnumerable<SilenceFinding> Judge(CollectorHealth health, DateTimeOffset now)
    {
        if (health.CredentialExpiresAt is { } ends && Lapsing(
            health.IsCertificate ? $"The certificate of the collector {health.Name}" : $"The secret of the collector {health.Name}",
            "Make a new one, give it to the application at Microsoft, and enter it here with the collector; both work side by side until the old one ends.",
            ends, now) is { } lapsing)
            yield return lapsing;
        if (health is { Problem: { } problem, ProblemSince: { } since } && now - since >= Patience)
            yield return new(Fails, "high", $"The collector {health.Name} does not fetch",
                $"1. It meets this since {Exact(since)}: {problem} 2. Microsoft keeps what was logged meanwhile for some days only (7 for Office 365): it is fetched "
                + "afterwards, if the problem is solved before. 3. A consent that nobody of yours withdrew is an attempt to hide (ATT&CK T1562.008).", since);
    }

    public static SilenceFinding? Judge(LapsingClient client, DateTimeOffset now) => Lapsing(
        client.IsKey ? $"The last key of the machine client {client.Name}" : $"The machine client {client.Name}",
        client.IsKey ? "Make a second key for it on the Machine clients page, set it at the sender, and revoke the old one." : "Make another one on the Machine clients page, and set its key at the sender.",
        client.EndsAt, now);

    /// <summary>What the gaps of a collector that began on one day mean.</summary>
    public static SilenceFinding Judge(string collector, DateOnly day, IReadOnlyList<CoverageGap> gaps)
    {
        var first = gaps.MinBy(gap => gap.From)!;
        var more = gaps.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" {gaps.Count - 1} more stretches of that day are in the coverage of the collector.");
        return new(Gap, "medium", $"Events that {collector} should have fetched are lost",
            $"1. Of {first.Stream}, {Exact(first.From)} to {Exact(first.To)} is not covered: {first.Reason}{more} 2. Rules have not looked at this time: look at it in the "
            + "product itself where it still can. 3. Write the gap down in any case that touches this time.",
            new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero));
    }

    private static SilenceFinding? Lapsing(string what, string advice, DateTimeOffset ends, DateTimeOffset now)
    {
        if (ends - now > Early) return null;
        var isUrgent = ends - now <= Urgent;
        var title = ends <= now ? $"{what} has lapsed" : $"{what} lapses on {ends.UtcDateTime.ToString("d MMMM", CultureInfo.GetCultureInfo("en-GB"))}";
        // Three alerts for one end, each with its own moment: a month before, days before, and when it has come.
        var stage = ends <= now ? ends : isUrgent ? ends - Urgent : ends - Early;
        return new(Lapses, isUrgent ? "high" : "medium", title,
            $"1. From {Exact(ends)} on nothing more comes by it. 2. {advice} 3. What is logged after that can be fetched or sent later only as far as its sender keeps it.", stage);
    }

    private static string Exact(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
