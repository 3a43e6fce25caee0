namespace Watchhouse.Monitoring.Silence;

/// <summary>What one source delivered in each of the last hours, the oldest first; the last one is the hour that runs.</summary>
/// <param name="Source">Its name.</param>
/// <param name="FirstReceivedAt">When it delivered for the first time.</param>
/// <param name="LastReceivedAt">When it delivered last; null where it never did.</param>
/// <param name="Hours">Events of each hour, 0 where there were none.</param>
/// <param name="RejectsOfLastHour">Events that were not taken in the hour before the one that runs.</param>
internal sealed record SourceHistory(
    string Source, DateTimeOffset FirstReceivedAt, DateTimeOffset? LastReceivedAt, IReadOnlyList<long> Hours, long RejectsOfLastHour);

/// <summary>Something that a source does not do as it used to.</summary>
/// <param name="Rule">Name of the rule, such as watchhouse.source-quiet.</param>
/// <param name="Level">informational, low, medium, high or critical.</param>
/// <param name="Title">One line in words.</param>
/// <param name="Recommendation">What it may mean and what the force should do.</param>
/// <param name="Since">Since when; the same since is the same alert.</param>
internal sealed record SilenceFinding(string Rule, string Level, string Title, string Recommendation, DateTimeOffset Since);
