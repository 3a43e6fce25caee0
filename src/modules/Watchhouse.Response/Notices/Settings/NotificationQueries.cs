using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Response.Notices.Channels;
using Watchhouse.Response.Notices.Sending;

namespace Watchhouse.Response.Notices.Settings;

/// <summary>Reads how one is told, and how the ways out are.</summary>
internal sealed class NotificationQueries(IHouse house, IAddressees addressees, IEnumerable<INoticeChannel> channels)
{
    public async Task<NotificationsView> ReadAsync(ActingPrincipal actor, CancellationToken cancellationToken)
    {
        var home = actor.Home;
        await using var session = await house.EnterAsync(actor, new Access(Permissions.NoticesReceive) { Force = home, Subject = "notice-preferences", Logged = false }, cancellationToken);
        var person = PreferenceOperations.Person(actor);
        var kept = await session.Db.Set<NoticePreference>().AsNoTracking().SingleOrDefaultAsync(each => each.ForceId == home && each.PersonId == person, cancellationToken);
        var address = person is { } id && await addressees.OfAsync(home, [], [id], cancellationToken) is [var self, ..] ? self.Email : null;
        var endpoints = actor.May(Permissions.NoticesManage, home)
            ? await session.Db.Set<NoticeEndpoint>().AsNoTracking().Where(each => each.ForceId == home).OrderBy(each => each.Name).ToListAsync(cancellationToken) : null;
        return new NotificationsView(Answer(kept, address), await ChannelsAsync(session, cancellationToken), endpoints?.ConvertAll(each => Answer(each, session.Now)));
    }

    public static PreferenceModel Answer(NoticePreference? kept, string? address)
    {
        var shown = kept ?? new NoticePreference { Id = default, ForceId = default, PersonId = default, ChangedAt = default };
        return new PreferenceModel(address, shown.EmailFrom, shown.TextFrom, shown.PhoneHint,
            shown.Quiet is { } quiet ? QuietHours.Words(quiet.From) : null, shown.Quiet is { } hours ? QuietHours.Words(hours.Until) : null, shown.Version);
    }

    public static EndpointModel Answer(NoticeEndpoint one, DateTimeOffset now) => new(one.Id, one.ForceId, one.Channel.ToString(), one.Name, one.Host, one.LeastSeverity, one.IsOn,
        one.BeforeUntil > now ? one.BeforeUntil : null, one.CreatedAt, one.CreatedBy, one.Version);

    /// <summary>Words for a way out.</summary>
    public static string Title(NoticeChannel channel) => channel switch
    {
        NoticeChannel.NotifyEmail => "E-mail (GOV.UK Notify)",
        NoticeChannel.NotifyText => "Text message (GOV.UK Notify)",
        NoticeChannel.Smtp => "E-mail (mail server)",
        NoticeChannel.Webhook => "Webhooks",
        _ => "Microsoft Teams",
    };

    private async Task<List<ChannelModel>> ChannelsAsync(HouseSession session, CancellationToken cancellationToken)
    {
        var home = session.Principal.Home;
        var mine = session.Db.Set<Delivery>().AsNoTracking().Where(each => each.ForceId == home);
        var sums = (await mine.GroupBy(each => each.Channel).Select(group => new
        {
            Channel = group.Key,
            Sent = group.Max(each => each.SentAt),
            Failed = group.Max(each => each.FailedAt),
            Waiting = group.Count(each => each.NextAt != null && each.State != DeliveryState.Sent),
            Dead = group.Count(each => each.State == DeliveryState.Dead),
        }).ToListAsync(cancellationToken)).ToDictionary(each => each.Channel);
        var list = new List<ChannelModel>();
        foreach (var channel in channels.OrderBy(each => each.Channel))
        {
            var sum = sums.GetValueOrDefault(channel.Channel);
            var kind = channel.Channel;
            var words = sum?.Failed is { } failed
                ? await mine.Where(each => each.Channel == kind && each.FailedAt == failed).Select(each => each.Words).FirstOrDefaultAsync(cancellationToken) : null;
            list.Add(new ChannelModel(kind.ToString(), Title(kind), channel.IsSetUp, sum?.Sent, sum?.Failed, words, sum?.Waiting ?? 0, sum?.Dead ?? 0));
        }

        return list;
    }
}
