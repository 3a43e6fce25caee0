using Watchhouse.Sigma;

namespace Watchhouse.Monitoring.Detection;

/// <summary>An event that a rule matched, with what is kept of it.</summary>
/// <param name="Id">The event's identity, as the archive has it.</param>
/// <param name="Table">The table that it is archived in; empty where that is not known any more.</param>
/// <param name="At">When it happened, or when it was received where it does not say.</param>
/// <param name="Source">Name of its source.</param>
/// <param name="Raw">Its bytes as received, cut to a bound.</param>
/// <param name="IsCut">Whether they were cut.</param>
internal sealed record Evidence(Guid Id, string Table, DateTimeOffset At, string Source, byte[] Raw, bool IsCut);

/// <summary>One thing found: a rule, whom it is about, and the events that show it, oldest first.</summary>
internal sealed record Finding(string Force, SigmaDocument Rule, AlertEntity Entity, DateTimeOffset At, IReadOnlyList<Evidence> Events, long EventCount)
{
    /// <summary>How a rule is named in stored records: its id, or its name or title where it has none.</summary>
    public string RuleKey => Rule.Id ?? Rule.Name ?? Rule.Title;
}
