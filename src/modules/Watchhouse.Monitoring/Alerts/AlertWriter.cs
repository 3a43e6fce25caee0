using Watchhouse.Monitoring.Detection;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>
/// Writes findings as alerts: one for each rule and entity within a window. The same finding twice changes nothing.
/// </summary>
internal sealed class AlertWriter
{
    /// <summary>Findings of one rule about one entity that lie no further apart are one alert.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>Events that are kept with an alert; more are counted.</summary>
    public const int MostEvents = 50;

    /// <summary>Adds to the session; the caller commits, and throws <paramref name="alerts"/> away where that fails.</summary>
    /// <returns>The number of alerts that are new.</returns>
    public static async Task<int> WriteAsync(HouseSession session, OpenAlerts alerts, IReadOnlyList<Finding> findings, CancellationToken cancellationToken)
    {
        var raised = 0;
        foreach (var group in findings.GroupBy(finding => (finding.Force, Rule: finding.RuleKey, finding.Entity)))
        {
            var open = await alerts.FindAsync(session, group.Key, cancellationToken);
            foreach (var finding in group)
            {
                var alert = open.Find(each => finding.At >= each.Alert.FirstAt - Window && finding.At <= each.Alert.LastAt + Window);
                if (alert is null)
                {
                    // A sender may give one event's own id to another of a different time: that one is no second alert either.
                    var id = DerivedId.OfAlert(finding.Force, finding.RuleKey, finding.Entity, finding.Events[0].Id);
                    alert = open.Find(each => each.Alert.Id == id);
                    if (alert is null)
                    {
                        var known = await session.Db.Set<Alert>().FindAsync([id], cancellationToken);
                        if (known is null) raised++;
                        alert = new OpenAlert(known ?? Raise(session, id, ForceId.Of(finding.Force), finding));
                        OpenAlerts.Add(open, alert);
                    }
                }

                await alert.OpenAsync(session, cancellationToken);
                Add(session, alert, finding);
            }
        }

        return raised;
    }

    private static Alert Raise(HouseSession session, Guid id, ForceId force, Finding finding)
    {
        var rule = finding.Rule;
        var alert = new Alert
        {
            Id = id,
            ForceId = force,
            Rule = Cut(finding.RuleKey, 200),
            Title = Cut(rule.Title, 300),
            Level = rule.Level.ToString().ToLowerInvariant(),
            EntityKind = finding.Entity.Kind,
            Entity = finding.Entity.Value,
            Tags = [.. rule.Tags],
            Recommendation = Cut(rule.Custom.GetValueOrDefault("recommendation", ""), 8000),
            FalsePositives = [.. rule.FalsePositives],
            Author = Cut(rule.Author ?? "", 300),
            FirstAt = finding.Events[0].At,
            LastAt = finding.At,
            RaisedAt = session.Now,
        };
        session.Db.Add(alert);
        foreach (var technique in AlertTechnique.Found(alert.Tags))
            session.Db.Add(new AlertTechnique { AlertId = alert.Id, Technique = technique, ForceId = force, RaisedAt = alert.RaisedAt });
        session.Record(force, $"alert/{alert.Id}", "A rule raised an alert.", action: "alerts.raise");
        return alert;
    }

    private static void Add(HouseSession session, OpenAlert open, Finding finding)
    {
        var alert = open.Alert;
        var known = finding.Events.Count(evidence => open.Has(evidence.Id));
        foreach (var evidence in finding.Events)
        {
            if (!open.Keep(evidence.Id)) continue;
            session.Db.Add(new AlertEvent
            {
                Id = DerivedId.OfEvidence(alert.Id, evidence.Id),
                ForceId = alert.ForceId,
                AlertId = alert.Id,
                EventId = evidence.Id,
                Table = evidence.Table,
                At = evidence.At,
                Source = evidence.Source,
                Raw = evidence.Raw,
                RawCut = evidence.IsCut,
            });
        }

        alert.Events += Math.Max(0, finding.EventCount - known);
        if (finding.At > alert.LastAt) alert.LastAt = finding.At;
        if (finding.Events[0].At < alert.FirstAt) alert.FirstAt = finding.Events[0].At;
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}
