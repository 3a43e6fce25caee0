using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Clocks;

/// <summary>One side's clock as it is shown.</summary>
/// <param name="Side">Centre or Force.</param>
/// <param name="State">waiting (not begun), running, paused, done, late (done after its time) or stopped.</param>
/// <param name="Words">What it says: 'advise', 'advised in 24 min', 'paused: the supplier is asked'.</param>
/// <param name="WarnsAt">When a quarter of the time is left; null unless it runs.</param>
/// <param name="Due">When it is or was broken; null unless it runs.</param>
/// <param name="DoneAt">When it was done.</param>
internal sealed record ClockFace(string Side, string State, string Words, DateTimeOffset? WarnsAt = null, DateTimeOffset? Due = null, DateTimeOffset? DoneAt = null);

/// <summary>What happened to a clock.</summary>
internal sealed record ClockEntryModel(DateTimeOffset At, string Kind, string Reason, string By);

/// <summary>Both clocks of an incident.</summary>
/// <param name="State">Running, Paused, Done or Stopped.</param>
/// <param name="Stage">Acknowledge, Advise or Act: what is next to be done; null when nothing is.</param>
/// <param name="Due">When that is or was broken; null while it is paused, and after its end.</param>
/// <param name="Forecast">What is to come, in a sentence.</param>
internal sealed record ClockModel(string State, string? Stage, DateTimeOffset? Due, string? PausedBecause, string Forecast, ClockFace Centre, ClockFace Force)
{
    /// <summary>What happened to it, in order; empty in lists.</summary>
    public IReadOnlyList<ClockEntryModel> Entries { get; init; } = [];
}

/// <summary>A clock that runs or is paused.</summary>
/// <param name="Incident">Its subject.</param>
/// <param name="Stage">Acknowledge, Advise or Act.</param>
/// <param name="Side">Whose time it is: Centre or Force.</param>
/// <param name="WarnsAt">When a quarter of the time is left; null while it is paused.</param>
/// <param name="Due">When it is broken; null while it is paused.</param>
/// <param name="State">calm, near, over or paused.</param>
internal sealed record OpenClock(Guid Incident, string Reference, string Title, ForceId Force, string Severity, string Stage, string Side, DateTimeOffset? WarnsAt, DateTimeOffset? Due,
    string State, string? PausedBecause, string Forecast);

/// <summary>Hours and ladder of an organisation.</summary>
/// <param name="Days">Names of the working days; empty where it works round the clock.</param>
/// <param name="From">08:00, in London.</param>
/// <param name="Until">18:00, in London; 24:00 is the midnight that ends the day.</param>
internal sealed record ClockSettingsModel(ForceId Force, bool IsAlways, IReadOnlyList<string> Days, string From, string Until, string Holidays, IReadOnlyList<ClockContactModel> Contacts,
    string? ChangedBy, DateTimeOffset? ChangedAt, uint? Version);

/// <summary>A rung.</summary>
/// <param name="AfterMinutes">After a quarter of the time is left.</param>
internal sealed record ClockContactModel(Guid Person, string Name, int AfterMinutes);
