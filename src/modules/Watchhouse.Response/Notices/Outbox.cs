using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Notices.Sending;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Notices;

/// <summary>A notice as its force reads it.</summary>
/// <param name="To">Names of the roles that it is for; empty where it is for single people.</param>
/// <param name="People">How many single people it is for.</param>
/// <param name="AcknowledgedBy">Who said that it was read; null while nobody did.</param>
/// <param name="Messages">What became of the messages that were made of it, summed up; empty where none was, and the outbox is all.</param>
internal sealed record NoticeModel(Guid Id, ForceId Force, string Kind, string Severity, string Words, string Link, IReadOnlyList<string> To, int People,
    DateTimeOffset CreatedAt, DateTimeOffset? AcknowledgedAt, string? AcknowledgedBy, uint Version, IReadOnlyList<DeliverySum> Messages);

/// <summary>
/// What people of one's own organisation are to hear of, in the house itself: it works where no mail or text service is set up, and
/// says who has read it. No delegation opens it to another organisation.
/// </summary>
internal sealed class Outbox(IHouse house, RunSignal signal)
{
    public const int MostListed = 200;

    /// <summary>The newest first, 200 at a time.</summary>
    /// <param name="waiting">True: those nobody acknowledged; false: the acknowledged; null: all.</param>
    /// <param name="again">Whether it only shows anew what was opened before, which is not written to the audit trail twice.</param>
    /// <param name="before">The last of the page before; null for the newest.</param>
    public async Task<IReadOnlyList<NoticeModel>> ListAsync(ActingPrincipal actor, bool? waiting, string? reason, CancellationToken cancellationToken, bool again = false, Guid? before = null)
    {
        var home = actor.Home;
        await using var session = await house.EnterAsync(actor, new Access(Permissions.NoticesRead) { Force = home, Reason = reason, Logged = !again }, cancellationToken);
        var found = session.Db.Set<QueuedNotice>().AsNoTracking().Where(notice => notice.ForceId == home && (waiting == null || (notice.AcknowledgedAt == null) == waiting));
        if (before is { } last)
        {
            if (await session.Db.Set<QueuedNotice>().Where(notice => notice.Id == last && notice.ForceId == home).Select(notice => (DateTimeOffset?)notice.CreatedAt).FirstOrDefaultAsync(cancellationToken) is not { } at) return [];
            found = found.Where(notice => notice.CreatedAt < at || (notice.CreatedAt == at && notice.Id < last));
        }

        var notices = await found.OrderByDescending(notice => notice.CreatedAt).ThenByDescending(notice => notice.Id).Take(MostListed).ToListAsync(cancellationToken);
        var sums = await DeliveryOperations.SumsAsync(session, [.. notices.Select(each => each.Id)], cancellationToken);
        return [.. notices.Select(each => Model(each, [.. sums[each.Id]]))];
    }

    /// <summary>Says that the organisation knows. The first to say so is kept: saying it again changes nothing.</summary>
    public async Task<Outcome<Done>> AcknowledgeAsync(ActingPrincipal actor, Guid id, CancellationToken cancellationToken)
    {
        var home = actor.Home;
        await using var session = await house.EnterAsync(actor, new Access(Permissions.NoticesAcknowledge) { Force = home, Subject = $"notice/{id}" }, cancellationToken);
        if (await session.Db.Set<QueuedNotice>().FirstOrDefaultAsync(notice => notice.Id == id && notice.ForceId == home, cancellationToken) is not { } notice) return Failure.NotFound;
        if (notice.AcknowledgedAt is not null) return default(Done);
        (notice.AcknowledgedAt, notice.AcknowledgedBy) = (session.Now, RunOperations.Cut(actor.Name, QueuedNotice.LongestName));
        session.Record(home, $"notice/{id}", $"A notice was acknowledged: {notice.Words}", action: "notices.acknowledged");
        var saved = await session.CommitAsync(cancellationToken);
        if (saved.Succeeded) signal.Raise(home);
        return saved;
    }

    private static NoticeModel Model(QueuedNotice notice, IReadOnlyList<DeliverySum> messages) => new(notice.Id, notice.ForceId, notice.Kind, notice.Severity, notice.Words, notice.Link,
        [.. notice.Roles.Select(Title)], notice.People.Count, notice.CreatedAt, notice.AcknowledgedAt, notice.AcknowledgedBy, notice.Version, messages);

    private static string Title(string name) => Enum.TryParse<Role>(name, out var role) ? Roles.All.FirstOrDefault(each => each.Role == role)?.Title ?? name : name;
}
