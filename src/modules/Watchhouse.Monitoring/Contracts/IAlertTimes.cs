using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Contracts;

/// <summary>Until when something has to be done about an alert.</summary>
/// <param name="Does">What is to be done, and by whom: 'Centre: acknowledge'.</param>
/// <param name="From">When the time began.</param>
/// <param name="Until">When it is broken.</param>
public sealed record AlertDue(string Does, DateTimeOffset From, DateTimeOffset Until);

/// <summary>Whoever keeps the times by which alerts are measured says how an alert stands.</summary>
public interface IAlertTimes
{
    /// <param name="force">Whose alert.</param>
    /// <param name="level">informational, low, medium, high or critical.</param>
    /// <param name="status">new, open, waiting or closed.</param>
    /// <param name="raisedAt">When it was raised.</param>
    /// <returns>Null where no time runs.</returns>
    AlertDue? Of(ForceId force, string level, string status, DateTimeOffset raisedAt);
}
