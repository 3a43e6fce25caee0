using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Exceptions;
using Watchhouse.Monitoring.Rules;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Detection;

/// <summary>
/// Writes what rules in testing matched and what exceptions suppressed, in the transaction of the place in the journal, so
/// that a crash neither loses nor doubles a count.
/// </summary>
internal static class CountWriter
{
    /// <summary>Entities that are counted apart for one rule, force and day; the others are counted together.</summary>
    public const int MostEntities = 200;

    public static async Task WriteAsync(HouseSession session, Harvest harvest, CancellationToken cancellationToken)
    {
        foreach (var ((exception, force), (events, last)) in harvest.Suppressed)
        {
            var owner = ForceId.Of(force);
            var count = await session.Db.Set<ExceptionCount>().FirstOrDefaultAsync(each => each.ExceptionId == exception && each.ForceId == owner, cancellationToken);
            if (count is null)
                session.Db.Add(count = new ExceptionCount { Id = Guid.CreateVersion7(session.Now), ForceId = owner, ExceptionId = exception });
            count.Events += events;
            if (last > count.LastAt) count.LastAt = last;
        }

        foreach (var group in harvest.Testing.GroupBy(each => (each.Key.Force, each.Key.Rule, each.Key.Day)))
        {
            var (force, rule, day) = (ForceId.Of(group.Key.Force), Cut(group.Key.Rule), group.Key.Day);
            var hits = await session.Db.Set<TestingHit>().Where(hit => hit.ForceId == force && hit.Rule == rule && hit.Day == day).ToListAsync(cancellationToken);
            foreach (var (key, (events, last)) in group)
            {
                var entity = key.Entity;
                if (Find(entity) is null && hits.Count >= MostEntities) entity = TestingKey.Other;
                if (Find(entity) is not { } hit)
                {
                    hits.Add(hit = new TestingHit
                    {
                        Id = Guid.CreateVersion7(session.Now),
                        ForceId = force,
                        Rule = rule,
                        Day = day,
                        EntityKind = entity.Kind,
                        Entity = entity.Value,
                    });
                    session.Db.Add(hit);
                }

                hit.Events += events;
                if (last > hit.LastAt) hit.LastAt = last;
            }

            TestingHit? Find(AlertEntity entity) => hits.Find(hit => hit.EntityKind == entity.Kind && hit.Entity == entity.Value);
        }
    }

    private static string Cut(string text) => text.Length <= 200 ? text : text[..200];
}
