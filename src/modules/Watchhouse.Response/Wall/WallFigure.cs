using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Overview;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Wall;

/// <summary>Open alerts of each force in sight, for the map of the overview.</summary>
internal sealed class WallFigure(IAlertsInBrief alerts) : IForceFigure
{
    public string Key => "alerts";

    public string Title => "Open alerts";

    public string Explanation => "Alerts of high and critical level that are not closed. Take on the oldest first.";

    public Permission Permission => Permissions.AlertsRead;

    public int Order => 100;

    public async Task<IReadOnlyDictionary<ForceId, ForceValue>> ReadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        try
        {
            // Numbers only, looked at anew each minute: no record of a person is opened.
            var counts = (await alerts.CountAsync(principal, null, null, true, cancellationToken)).Counts.ToLookup(each => each.Force);
            var seen = principal.IsCentre ? principal.Delegations.Where(each => each.Scope == DelegationScope.Monitoring).Select(each => each.From) : [principal.Home];
            return seen.Distinct().ToDictionary(force => force, force => Value(counts[force]));
        }
        catch (AccessRefusedException)
        {
            return new Dictionary<ForceId, ForceValue>();
        }
    }

    private static ForceValue Value(IEnumerable<OpenAlertCount> counts)
    {
        var (critical, high) = (counts.Where(each => each.Level == "critical").Sum(each => each.Count), counts.Where(each => each.Level == "high").Sum(each => each.Count));
        return new(critical + high, critical + high == 0 ? "none" : critical == 0 ? $"{high} high" : $"{critical} critical, {high} high", critical > 0 ? FigureTone.Bad : high > 0 ? FigureTone.Watch : FigureTone.Good);
    }
}
