using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Clocks;

/// <summary>
/// The Centre's times for an alert that stands alone, by the same policy as for incidents: until somebody takes it on, and until it is
/// closed or given to the force. What the force owes begins with an incident. Pure.
/// </summary>
internal sealed class AlertTimes(ClockPolicyBook book) : IAlertTimes
{
    public AlertDue? Of(ForceId force, string level, string status, DateTimeOffset raisedAt)
    {
        var targets = book.Policies.For(force, Enum.TryParse<Severity>(level, true, out var severity) ? severity : Severity.Low).Targets;
        return status switch
        {
            "new" => new("Centre: acknowledge", raisedAt, raisedAt + targets.Acknowledge),
            "open" => new("Centre: advise", raisedAt, raisedAt + targets.Advise),
            _ => null,
        };
    }
}
