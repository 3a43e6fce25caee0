using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Response.Notices;

/// <summary>Stores notices with what they tell of.</summary>
internal sealed class NoticeQueue : INotices
{
    public async Task AddAsync(HouseSession session, Notice notice, CancellationToken cancellationToken)
    {
        var force = notice.Force;
        var key = notice.Key;
        if (session.Db.Set<QueuedNotice>().Local.Any(queued => queued.ForceId == force && queued.Key == key)
            || await session.Db.Set<QueuedNotice>().AnyAsync(queued => queued.ForceId == force && queued.Key == key, cancellationToken)) return;
        session.Db.Add(new QueuedNotice
        {
            Id = Guid.CreateVersion7(session.Now),
            ForceId = force,
            Key = key,
            Kind = notice.Kind,
            Severity = notice.Severity,
            Category = notice.Category,
            Words = notice.Words,
            Link = notice.Link,
            Roles = [.. notice.Roles.Select(role => role.ToString())],
            People = [.. notice.People],
            CreatedAt = session.Now,
        });
    }
}
