using Microsoft.EntityFrameworkCore;
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

    /// <summary>Adds to the session; the caller commits. Returns the number of alerts that are new.</summary>
    public static async Task<int> WriteAsync(HouseSession session, IReadOnlyList<Finding> findings, CancellationToken cancellationToken)
    {
        var raised = 0;
        foreach (var group in findings.GroupBy(finding => (finding.Force, finding.RuleKey, finding.Entity)))
        {
            var force = ForceId.Of(group.Key.Force);
            var open = await OpenAlertsAsync(session, force, group.Key.RuleKey, group.Key.Entity, cancellationToken);
            var kept = new Dictionary<Guid, HashSet<Guid>>();
            foreach (var finding in group)
            {
                var alert = open.Find(each => finding.At >= each.FirstAt - Window && finding.At <= each.LastAt + Window);
                if (alert is null)
                {
                    // A sender may give one event's own id to another of a different time: that one is no second alert either.
                    var id = DerivedId.OfAlert(finding.Force, finding.RuleKey, finding.Entity, finding.Events[0].Id);
                    alert = await session.Db.Set<Alert>().FindAsync([id], cancellationToken);
                    if (alert is null)
                    {
                        alert = Raise(session, id, force, finding);
                        raised++;
                    }

                    open.Add(alert);
                }

                if (!kept.TryGetValue(alert.Id, out var events)) kept.Add(alert.Id, events = await KeptAsync(session, alert, cancellationToken));
                Add(session, alert, events, finding);
            }
        }

        return raised;
    }

    private static async Task<List<Alert>> OpenAlertsAsync(
        HouseSession session, ForceId force, string rule, AlertEntity entity, CancellationToken cancellationToken) =>
        await session.Db.Set<Alert>()
            .Where(alert => alert.ForceId == force && alert.Rule == rule && alert.EntityKind == entity.Kind && alert.Entity == entity.Value)
            .OrderByDescending(alert => alert.LastAt).Take(20).ToListAsync(cancellationToken);

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
        session.Record(force, $"alert/{alert.Id}", "A rule raised an alert.", action: "alerts.raise");
        return alert;
    }

    private static void Add(HouseSession session, Alert alert, HashSet<Guid> kept, Finding finding)
    {
        var known = finding.Events.Count(evidence => kept.Contains(evidence.Id));
        foreach (var evidence in finding.Events)
        {
            if (kept.Count >= MostEvents || !kept.Add(evidence.Id)) continue;
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

    private static async Task<HashSet<Guid>> KeptAsync(HouseSession session, Alert alert, CancellationToken cancellationToken)
    {
        var local = session.Db.Set<AlertEvent>().Local.Where(evidence => evidence.AlertId == alert.Id).Select(evidence => evidence.EventId);
        var stored = session.Db.Entry(alert).State == EntityState.Added
            ? []
            : await session.Db.Set<AlertEvent>().Where(evidence => evidence.AlertId == alert.Id).Select(evidence => evidence.EventId).ToListAsync(cancellationToken);
        return [.. stored, .. local];
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}
