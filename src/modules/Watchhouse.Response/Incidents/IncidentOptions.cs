using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Incidents;

/// <summary>With what an incident begins.</summary>
internal sealed record OpenOptions
{
    /// <summary>Whose it is; the Centre's are national.</summary>
    public required ForceId Force { get; init; }

    public required string Title { get; init; }

    public string Summary { get; init; } = "";

    public IncidentImpact Impact { get; init; } = IncidentImpact.Serious;

    public IncidentUrgency Urgency { get; init; } = IncidentUrgency.Today;

    public IncidentHandling Handling { get; init; } = IncidentHandling.OfficialSensitive;

    public string Instructions { get; init; } = "";

    /// <summary>Alerts that it rests on; at most 200, of its force, or of its parts where it is national.</summary>
    public IReadOnlyList<Guid> Alerts { get; init; } = [];

    /// <summary>Forces that it touches, where it is national: each gets a part of its own.</summary>
    public IReadOnlyList<ForceId> Parts { get; init; } = [];

    /// <summary>The candidate that becomes this national incident; null where it comes from elsewhere.</summary>
    public Guid? Candidate { get; init; }
}

/// <summary>The inputs of incidents, and what is wrong with them.</summary>
internal static class IncidentInput
{
    public static Failure? Fault(OpenOptions options)
    {
        if (options.Title.Trim().Length is < 5 or > Incident.LongestTitle) return Failure.Invalid($"Give it a title of 5 to {Incident.LongestTitle} characters.", "title");
        if (options.Summary.Trim().Length > Incident.LongestText) return Failure.Invalid($"The summary is longer than {Incident.LongestText} characters. Shorten it.", "summary");
        if (options.Alerts.Count > IncidentOperations.MostAlerts) return Failure.Invalid($"An incident takes at most {IncidentOperations.MostAlerts} alerts at a time.", "alerts");
        if (options.Parts.Count > 0 && options.Force != ForceId.Centre) return Failure.Invalid("Only the Centre's incidents have parts of several forces.", "parts");
        if (options.Candidate is not null && options.Force != ForceId.Centre) return Failure.Invalid("A candidate becomes a national incident, which is the Centre's.", "candidate");
        if (options.Parts.Contains(ForceId.Centre)) return Failure.Invalid("The Centre has no part: the incident itself is the Centre's.", "parts");
        return Assessment(options.Impact, options.Urgency) ?? Marking(options.Handling, options.Instructions);
    }

    public static Failure? Assessment(IncidentImpact impact, IncidentUrgency urgency) =>
        !Enum.IsDefined(impact) ? Failure.Invalid("The impact is Limited, Serious, Major or Severe.", "impact")
        : !Enum.IsDefined(urgency) ? Failure.Invalid("The urgency is CanWait, Today or Now.", "urgency")
        : null;

    public static Failure? Marking(IncidentHandling handling, string instructions) =>
        !Enum.IsDefined(handling)
            ? Failure.Invalid("The marking is Official or OfficialSensitive. Nothing that is SECRET or above may be written into this house: use a system that is accredited for it.", "handling")
            : instructions.Trim().Length > 500 ? Failure.Invalid("Handling instructions are at most 500 characters.", "instructions")
            : null;

    public static Failure? Sentence(string? text, string field, int most = IncidentEntry.LongestWords, int least = 3) =>
        (text ?? "").Trim().Length is var length && (length < least || length > most)
            ? Failure.Invalid(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Say it in {least} to {most:N0} characters."), field)
            : null;
}
