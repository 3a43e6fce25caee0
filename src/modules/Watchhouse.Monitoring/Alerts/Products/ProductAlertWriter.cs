using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts.Products;

/// <summary>An alert that a product delivered, with the event that it came as.</summary>
internal sealed record ProductFinding(string Force, GraphAlert Said, Evidence Evidence);

/// <summary>
/// Writes alerts of products into the queue: one for each of theirs, changed when they change it. The same version twice, or an older
/// one after a newer, changes nothing.
/// </summary>
internal static class ProductAlertWriter
{
    private const string Key = "product/alerts_v2";

    /// <summary>The alert's id: it follows from the force and from the product's id, which Microsoft keeps through every change.</summary>
    public static Guid IdOf(string force, string productId) => DerivedId.OfAlert(force, Key, new AlertEntity("alert", productId), Guid.Empty);

    /// <summary>Adds to the session; the caller commits.</summary>
    /// <returns>The number of alerts that are new.</returns>
    public static async Task<int> WriteAsync(HouseSession session, IReadOnlyList<ProductFinding> findings, CancellationToken cancellationToken)
    {
        var raised = 0;
        foreach (var group in findings.GroupBy(finding => IdOf(finding.Force, finding.Said.Id)))
        {
            var force = ForceId.Of(group.First().Force);
            var alert = await session.Db.Set<Alert>().FindAsync([group.Key], cancellationToken);
            var said = alert is null ? null : await session.Db.Set<ProductAlert>().FindAsync([group.Key], cancellationToken);
            var kept = alert is null ? [] : await KeptAsync(session, group.Key, cancellationToken);
            var techniques = alert is null ? [] : AlertTechnique.Found(alert.Tags).ToHashSet();
            foreach (var finding in group)
            {
                if (alert is null)
                {
                    alert = Raise(session, group.Key, force, finding.Said);
                    raised++;
                }

                if (said is null) session.Db.Add(said = New(group.Key, force, finding.Said));
                else if (finding.Said.UpdatedAt > said.UpdatedAt) Change(alert, said, finding.Said);
                foreach (var technique in AlertTechnique.Found(alert.Tags).Where(techniques.Add))
                    session.Db.Add(new AlertTechnique { AlertId = alert.Id, Technique = technique, ForceId = force, RaisedAt = alert.RaisedAt });
                Keep(session, alert, finding.Evidence, kept);
            }
        }

        return raised;
    }

    private static async Task<HashSet<Guid>> KeptAsync(HouseSession session, Guid alert, CancellationToken cancellationToken) =>
        [.. await session.Db.Set<AlertEvent>().Where(each => each.AlertId == alert).Select(each => each.EventId).ToListAsync(cancellationToken)];

    private static Alert Raise(HouseSession session, Guid id, ForceId force, GraphAlert said)
    {
        var alert = new Alert
        {
            Id = id,
            ForceId = force,
            Rule = said.Rule,
            Title = said.Title,
            Level = said.Level,
            EntityKind = said.Entity.Kind,
            Entity = said.Entity.Value,
            Tags = [.. said.Tags],
            Recommendation = said.Recommendation,
            FalsePositives = [],
            Author = said.Product,
            FirstAt = said.FirstAt,
            LastAt = said.LastAt,
            RaisedAt = session.Now,
        };
        session.Db.Add(alert);
        session.Record(force, $"alert/{id}", "A security product raised an alert.", action: "alerts.raise");
        return alert;
    }

    private static ProductAlert New(Guid id, ForceId force, GraphAlert said)
    {
        var product = new ProductAlert { Id = id, ForceId = force, Product = said.Product, ProductId = said.Id };
        Fill(product, said);
        return product;
    }

    private static void Change(Alert alert, ProductAlert product, GraphAlert said)
    {
        (alert.Title, alert.Level, alert.Recommendation) = (said.Title, said.Level, said.Recommendation);
        (alert.EntityKind, alert.Entity) = (said.Entity.Kind, said.Entity.Value);
        (alert.FirstAt, alert.LastAt) = (said.FirstAt, said.LastAt);
        // What was asked for by a technique once stays findable by it.
        alert.Tags = [.. alert.Tags.Union(said.Tags)];
        product.Product = said.Product;
        Fill(product, said);
    }

    private static void Fill(ProductAlert product, GraphAlert said)
    {
        (product.Incident, product.Status, product.Classification, product.Determination) = (said.Incident, said.Status, said.Classification, said.Determination);
        (product.Description, product.Link, product.UpdatedAt) = (said.Description, said.Link, said.UpdatedAt);
        product.Evidence = JsonSerializer.Serialize(said.Evidence, JsonSerializerOptions.Web);
    }

    // Each version is kept as it came, up to the bound of every alert; all of them are in the archive.
    private static void Keep(HouseSession session, Alert alert, Evidence evidence, HashSet<Guid> kept)
    {
        if (kept.Contains(evidence.Id)) return;
        alert.Events++;
        if (kept.Count >= AlertWriter.MostEvents || !kept.Add(evidence.Id)) return;
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
}
