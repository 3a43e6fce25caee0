using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Tests.Alerts;

/// <summary>Puts alerts into a house as the detection job would have.</summary>
internal static class AlertStore
{
    public static Alert Make(ForceId force, DateTimeOffset at, string rule = "rule-a", string level = "high", string entity = "officer@force.example",
        string kind = "user", params string[] tags) => new()
        {
            Id = Guid.CreateVersion7(at),
            ForceId = force,
            Rule = rule,
            Title = $"Title of {rule}",
            Level = level,
            EntityKind = kind,
            Entity = entity,
            Tags = [.. tags],
            Recommendation = "",
            FalsePositives = [],
            Author = "Somebody (test)",
            FirstAt = at,
            LastAt = at,
            RaisedAt = at,
            Events = 1,
        };

    public static async Task AddAsync(IngestHouse house, IEnumerable<Alert> alerts)
    {
        var gate = house.House.Services.GetRequiredService<IHouse>();
        await using var session = await gate.EnterAsync(ActingPrincipal.ForJob("test"), new Access(Permissions.TelemetryWrite) { Logged = false }, IngestHouse.Now);
        foreach (var alert in alerts)
        {
            session.Db.Add(alert);
            foreach (var technique in AlertTechnique.Found(alert.Tags))
                session.Db.Add(new AlertTechnique { AlertId = alert.Id, Technique = technique, ForceId = alert.ForceId, RaisedAt = alert.RaisedAt });
        }

        Assert.True((await session.CommitAsync(IngestHouse.Now)).Succeeded);
    }
}
