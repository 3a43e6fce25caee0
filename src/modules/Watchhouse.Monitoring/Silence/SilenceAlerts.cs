using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Silence;

/// <summary>Raises what the watch over sources and collectors finds. The alert's id follows from whom it is about and since when: one for each spell.</summary>
internal static class SilenceAlerts
{
    /// <summary>Adds the alert to the session; false where it was raised before.</summary>
    /// <param name="session">The caller commits it.</param>
    /// <param name="force">Whose source it is.</param>
    /// <param name="source">The source that it is about.</param>
    /// <param name="about">What tells several findings of one source apart, such as the collector's id; empty where there is one.</param>
    /// <param name="finding">What was found.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<bool> RaiseAsync(
        HouseSession session, ForceId force, string source, string about, SilenceFinding finding, CancellationToken cancellationToken)
    {
        var entity = AlertEntity.OfSource(source);
        var id = DerivedId.OfAlert(force.Value, finding.Rule + about, entity, DerivedId.OfMoment(finding.Since));
        if (await session.Db.Set<Alert>().AnyAsync(alert => alert.Id == id, cancellationToken)) return false;
        session.Db.Add(new Alert
        {
            Id = id,
            ForceId = force,
            Rule = finding.Rule,
            Title = finding.Title.Length <= 300 ? finding.Title : finding.Title[..300],
            Level = finding.Level,
            EntityKind = entity.Kind,
            Entity = entity.Value,
            Tags = finding.Rule is SilenceRules.Quiet or CollectorRules.Fails ? ["attack.defense-evasion", "attack.t1562"] : [],
            Recommendation = finding.Recommendation,
            FalsePositives = finding.Rule is SilenceRules.Quiet or SilenceRules.Dropped
                ? ["The machine or service was taken out of use or is being maintained.", "A pause that is usual at a time of the year, and not of the week."]
                : [],
            Author = "Watchhouse",
            FirstAt = finding.Since,
            LastAt = session.Now,
            RaisedAt = session.Now,
        });
        session.Record(force, $"alert/{id}", "A source does not deliver as it should: an alert was raised.", action: "alerts.raise");
        return true;
    }
}
