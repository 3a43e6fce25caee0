using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Notices.Channels;
using Watchhouse.Response.Notices.Settings;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Notices.Sending;

/// <summary>Makes of each waiting notice the messages for its people and endpoints, in one transaction with the mark that it was done.</summary>
internal sealed class NoticeFanOut(IHouse house, IAddressees addressees, IEnumerable<INoticeChannel> channels)
{
    private const int MostAtOnce = 50;
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("notices");

    private readonly IReadOnlyList<INoticeChannel> _channels = [.. channels];

    /// <summary>One round, the oldest first. Returns how many notices were taken.</summary>
    public async Task<int> RoundAsync(CancellationToken cancellationToken)
    {
        List<QueuedNotice> waiting;
        await using (var session = await OpenAsync(cancellationToken))
        {
            waiting = await session.Db.Set<QueuedNotice>().AsNoTracking().Where(each => each.SentOutAt == null)
                .OrderBy(each => each.CreatedAt).Take(MostAtOnce).ToListAsync(cancellationToken);
        }

        foreach (var notice in waiting) await SpreadAsync(notice, cancellationToken);
        return waiting.Count;
    }

    private async Task SpreadAsync(QueuedNotice notice, CancellationToken cancellationToken)
    {
        var roles = notice.Roles.Select(name => Enum.TryParse<Role>(name, out var role) ? role : (Role?)null).OfType<Role>().ToList();
        var people = await addressees.OfAsync(notice.ForceId, roles, notice.People, cancellationToken);
        await using var session = await OpenAsync(cancellationToken);
        var (ids, home, now) = (people.Select(each => each.Id).ToList(), notice.ForceId, session.Now);
        var preferences = await session.Db.Set<NoticePreference>().AsNoTracking().Where(each => each.ForceId == home && ids.Contains(each.PersonId)).ToDictionaryAsync(each => each.PersonId, cancellationToken);
        var endpoints = await session.Db.Set<NoticeEndpoint>().AsNoTracking().Where(each => each.ForceId == home && each.IsOn).OrderBy(each => each.Id).ToListAsync(cancellationToken);
        var severity = SeverityOf(notice);
        await using var transaction = await session.Db.Database.BeginTransactionAsync(cancellationToken);
        // Not through the entity: a person who acknowledges in this moment is not to be told that somebody changed it.
        var taken = await session.Db.Set<QueuedNotice>().Where(each => each.Id == notice.Id && each.SentOutAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(each => each.SentOutAt, (DateTimeOffset?)now), cancellationToken);
        if (taken == 0) return;
        foreach (var planned in DeliveryPlan.Of(severity, people, preferences, endpoints, Ways()))
            session.Db.Add(Make(notice, planned, DeliveryRules.IsUrgent(severity, notice.Category), now));
        var saved = await session.CommitAsync(cancellationToken);
        if (saved.Succeeded) await transaction.CommitAsync(cancellationToken);
    }

    public static Delivery Make(QueuedNotice notice, PlannedDelivery planned, bool isUrgent, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        ForceId = notice.ForceId,
        NoticeId = notice.Id,
        Channel = planned.Channel,
        Recipient = planned.Recipient,
        To = RunOperations.Cut(planned.To, Delivery.LongestName),
        IsUrgent = isUrgent,
        State = DeliveryState.Waiting,
        NextAt = now,
        CreatedAt = now,
    };

    public IReadOnlySet<NoticeChannel> Ways() => _channels.Where(each => each.IsSetUp).Select(each => each.Channel).ToHashSet();

    private static Severity SeverityOf(QueuedNotice notice) => Enum.TryParse<Severity>(notice.Severity, true, out var severity) ? severity : Severity.Low;

    private Task<HouseSession> OpenAsync(CancellationToken cancellationToken) => house.EnterAsync(Job, new Access(Permissions.NoticesRead) { Logged = false }, cancellationToken);
}
