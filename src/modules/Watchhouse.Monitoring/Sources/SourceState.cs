namespace Watchhouse.Monitoring.Sources;

/// <summary>How a source does.</summary>
internal enum SourceCondition
{
    /// <summary>Events come as they use to.</summary>
    Arriving,

    /// <summary>Events come, and more than one in a hundred is not taken.</summary>
    Rejecting,

    /// <summary>A source that delivers in most hours has not done so for two.</summary>
    Late,

    /// <summary>Nothing has come for a day.</summary>
    Silent,
}

/// <summary>Judges a source by what came in the last day. Pure.</summary>
internal static class SourceState
{
    public static readonly TimeSpan Silence = TimeSpan.FromHours(24);
    public static readonly TimeSpan Lateness = TimeSpan.FromHours(2);

    /// <summary>Hours of the last 24 with events, from which on a source is one that delivers in most hours.</summary>
    private const int Steady = 12;

    /// <param name="last">When events were last received; null where only rejects came.</param>
    /// <param name="hours">Its hourly counts of the last day.</param>
    /// <param name="now">This moment.</param>
    public static SourceCondition Of(DateTimeOffset? last, IReadOnlyCollection<HourCount> hours, DateTimeOffset now)
    {
        if (last is not { } at || now - at >= Silence) return SourceCondition.Silent;
        if (now - at >= Lateness && hours.Count(hour => hour.Events > 0) >= Steady) return SourceCondition.Late;
        var (events, rejects) = (hours.Sum(hour => hour.Events), hours.Sum(hour => hour.Rejects));
        return rejects > 0 && rejects * 100 > events + rejects ? SourceCondition.Rejecting : SourceCondition.Arriving;
    }

    /// <summary>The word on screen.</summary>
    public static string Word(this SourceCondition condition) => condition.ToString();

    /// <summary>What it means, in a sentence.</summary>
    public static string Meaning(this SourceCondition condition) => condition switch
    {
        SourceCondition.Silent => "Nothing has come for a day. Look at the collector, or whether the source was switched off.",
        SourceCondition.Late => "It delivers in most hours, and has not for two.",
        SourceCondition.Rejecting => "Events come, and more than one in a hundred is not taken.",
        _ => "Events come as they use to.",
    };
}
