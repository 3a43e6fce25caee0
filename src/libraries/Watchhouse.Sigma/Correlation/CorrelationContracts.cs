namespace Watchhouse.Sigma;

/// <summary>Bounds of a correlation engine's state.</summary>
public sealed record CorrelationOptions
{
    /// <summary>
    /// How far an event may lie behind the newest event of its owner and still join the windows it belongs to. Later ones
    /// are counted and left out.
    /// </summary>
    public TimeSpan Lateness { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Greatest number of groups that one correlation holds for one owner; the one untouched for longest goes first.</summary>
    public int GroupsPerOwner { get; init; } = 50_000;

    /// <summary>Greatest number of events that one group holds; the oldest go first.</summary>
    public int EventsPerGroup { get; init; } = 10_000;

    /// <summary>Greatest number of events that a firing names; the count is exact all the same.</summary>
    public int EventsPerFiring { get; init; } = 100;
}

/// <summary>A match of a rule, as correlations see it.</summary>
/// <param name="Owner">The force that owns the event: always the first group, so that forces never mix.</param>
/// <param name="Rule">Index of the rule in the list that the engine was made with.</param>
/// <param name="Time">When the event happened; null is taken as the owner's newest time so far, and counted.</param>
/// <param name="Fields">Values of the fields that <see cref="CorrelationEngine.FieldsOf"/> names; absent ones are left out.</param>
/// <param name="Reference">How the caller finds the event again.</param>
public sealed record CorrelationInput(
    string Owner, int Rule, DateTimeOffset? Time, IReadOnlyDictionary<string, string> Fields, string Reference);

/// <summary>A correlation that came true for a group.</summary>
/// <param name="Correlation">The rule.</param>
/// <param name="Owner">The force.</param>
/// <param name="Group">The group's values by the names in group-by.</param>
/// <param name="From">Time of the first event in the window.</param>
/// <param name="To">End of the window: time of the event that completed it.</param>
/// <param name="Value">What was computed: a count, a sum, a mean, a percentile, or the number of different rules.</param>
/// <param name="EventCount">Number of events in the window.</param>
/// <param name="References">Their references, oldest first, bounded.</param>
public sealed record CorrelationFiring(
    SigmaCorrelation Correlation,
    string Owner,
    IReadOnlyDictionary<string, string> Group,
    DateTimeOffset From,
    DateTimeOffset To,
    double Value,
    long EventCount,
    IReadOnlyList<string> References);

/// <summary>What an engine holds and what it had to leave out; nothing is lost without being counted.</summary>
public sealed record CorrelationCounters
{
    /// <summary>Groups held.</summary>
    public long Groups { get; init; }

    /// <summary>Events held, an event counted once for each group that it is in.</summary>
    public long Events { get; init; }

    /// <summary>Events that came later than the lateness allows.</summary>
    public long TooLate { get; init; }

    /// <summary>Events without a time, taken as now.</summary>
    public long WithoutTime { get; init; }

    /// <summary>Events that lack a field of the group and so join none.</summary>
    public long WithoutGroup { get; init; }

    /// <summary>Events that lack the field that is counted or summed, or whose value is no number.</summary>
    public long WithoutValue { get; init; }

    /// <summary>Groups given up because their owner had too many.</summary>
    public long GroupsDropped { get; init; }

    /// <summary>Events given up because their group had too many.</summary>
    public long EventsDropped { get; init; }

    /// <summary>Saved groups that were not taken up, because their correlation has changed or is gone.</summary>
    public long GroupsNotRestored { get; init; }
}
