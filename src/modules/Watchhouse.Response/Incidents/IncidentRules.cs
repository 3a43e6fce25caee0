using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Incidents;

/// <summary>What follows from what in an incident. Pure.</summary>
internal static class IncidentRules
{
    public static readonly IReadOnlyList<IncidentImpact> Impacts = Enum.GetValues<IncidentImpact>();

    public static readonly IReadOnlyList<IncidentUrgency> Urgencies = Enum.GetValues<IncidentUrgency>();

    // Rows are impacts, columns urgencies.
    private static readonly Severity[,] Matrix =
    {
        { Platform.Ui.Severity.Low, Platform.Ui.Severity.Low, Platform.Ui.Severity.Medium },
        { Platform.Ui.Severity.Medium, Platform.Ui.Severity.Medium, Platform.Ui.Severity.High },
        { Platform.Ui.Severity.Medium, Platform.Ui.Severity.High, Platform.Ui.Severity.Critical },
        { Platform.Ui.Severity.High, Platform.Ui.Severity.Critical, Platform.Ui.Severity.Critical },
    };

    /// <summary>The severity by the stated matrix.</summary>
    public static Severity Severity(IncidentImpact impact, IncidentUrgency urgency) => Matrix[(int)impact - 1, (int)urgency - 1];

    /// <summary>Where an incident may go from a state.</summary>
    public static IReadOnlyList<IncidentStatus> Next(IncidentStatus status) => status switch
    {
        IncidentStatus.New => [IncidentStatus.Open, IncidentStatus.Closed],
        IncidentStatus.Open => [IncidentStatus.Contained, IncidentStatus.Closed],
        IncidentStatus.Contained => [IncidentStatus.Eradicated, IncidentStatus.Open, IncidentStatus.Closed],
        IncidentStatus.Eradicated => [IncidentStatus.Recovered, IncidentStatus.Contained, IncidentStatus.Open],
        IncidentStatus.Recovered => [IncidentStatus.Closed, IncidentStatus.Open],
        _ => [IncidentStatus.Open],
    };

    /// <summary>Why it may not go there, in a sentence; null where it may.</summary>
    public static string? Hindrance(Incident incident, IncidentStatus to, int openTasks, int openParts)
    {
        var next = Next(incident.Status);
        if (!next.Contains(to))
            return $"An incident that is {Words(incident.Status)} cannot become {Words(to)}. It can become {string.Join(" or ", next.Select(Words))}.";
        if (to != IncidentStatus.Closed) return null;
        if (openParts > 0)
            return openParts == 1 ? "One force's part of it is not closed. Close it first." : $"{openParts} forces' parts of it are not closed. Close them first.";
        if (openTasks > 0)
            return openTasks == 1 ? "One of its tasks is not done. Record it as done first." : $"{openTasks} of its tasks are not done. Record them as done first.";
        return incident.Severity >= Platform.Ui.Severity.High && incident.Review.Length == 0
            ? "An incident of high or critical severity is closed with a review. Write what was learnt first."
            : null;
    }

    public static string Words(IncidentStatus status) => status.ToString().ToLowerInvariant();

    public static string Words(IncidentImpact impact) => impact switch
    {
        IncidentImpact.Limited => "Limited: one person or device, no service",
        IncidentImpact.Serious => "Serious: a team, or data of few people",
        IncidentImpact.Major => "Major: a service of the force, or data of many",
        _ => "Severe: policing itself, or people at risk",
    };

    public static string Words(IncidentUrgency urgency) => urgency switch
    {
        IncidentUrgency.CanWait => "Can wait: it does not grow",
        IncidentUrgency.Today => "Today: it may grow",
        _ => "Now: it grows while one looks",
    };

    public static string Words(IncidentHandling handling) => handling == IncidentHandling.Official ? "OFFICIAL" : "OFFICIAL-SENSITIVE";

    /// <summary>The NCSC's categories of incidents.</summary>
    public static string Category(int category) => category switch
    {
        1 => "C1 National cyber emergency",
        2 => "C2 Highly significant incident",
        3 => "C3 Significant incident",
        4 => "C4 Substantial incident",
        5 => "C5 Moderate incident",
        _ => "C6 Localised incident",
    };

    public static Tone Tone(IncidentStatus status) => status switch
    {
        IncidentStatus.New => Platform.Ui.Tone.Accent,
        IncidentStatus.Open => Platform.Ui.Tone.Warning,
        IncidentStatus.Closed => Platform.Ui.Tone.Neutral,
        _ => Platform.Ui.Tone.Good,
    };

    /// <summary>A name that people can say on the telephone: the day, and four letters that no one mistakes.</summary>
    public static string Reference(Guid id, DateTimeOffset at)
    {
        const string Letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
        Span<char> text = stackalloc char[4];
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        for (var i = 0; i < text.Length; i++) text[i] = Letters[bytes[^(i + 1)] % Letters.Length];
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"I-{at.UtcDateTime:yyMMdd}-{text}");
    }
}
