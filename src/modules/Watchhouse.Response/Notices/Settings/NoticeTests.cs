using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Notices.Sending;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Notices.Settings;

/// <summary>Messages that are asked for to see whether they arrive. They go the way of all others, and nobody need acknowledge them.</summary>
internal sealed class NoticeTests(IHouse house, IAddressees addressees, NoticeFanOut fanOut)
{
    /// <summary>The kind of notice that a test is.</summary>
    public const string Kind = "test";

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(30);
    private static readonly Failure TooSoon = Failure.Conflict("A test was sent less than half a minute ago. See whether it arrives before you send another.");

    /// <summary>To oneself, by every way that one has. Returns by how many.</summary>
    public async Task<Outcome<TestSent>> MeAsync(ActingPrincipal actor, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.NoticesReceive) { Force = actor.Home, Subject = "notice-preferences" }, cancellationToken);
        if (PreferenceOperations.Person(actor) is not { } id) return Failure.Invalid("Only a person is told by mail or text.");
        var people = await addressees.OfAsync(actor.Home, [], [id], cancellationToken);
        var preferences = await session.Db.Set<NoticePreference>().AsNoTracking().Where(each => each.ForceId == actor.Home && each.PersonId == id).ToDictionaryAsync(each => each.PersonId, cancellationToken);
        var planned = DeliveryPlan.Of(Severity.Low, people, preferences, [], fanOut.Ways(), asksFor: true);
        return planned.Count == 0 ? Failure.Conflict("No way out is set up for you: the operator of the house has set up neither mail nor text. You are told on the page Outbox.")
            : await MakeAsync(session, id, [id], planned, cancellationToken);
    }

    /// <summary>To an endpoint of one's own force.</summary>
    public async Task<Outcome<TestSent>> EndpointAsync(ActingPrincipal actor, Guid id, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.NoticesManage) { Force = actor.Home, Subject = $"notice-endpoint/{id}" }, cancellationToken);
        if (await session.Db.Set<NoticeEndpoint>().AsNoTracking().SingleOrDefaultAsync(each => each.Id == id && each.ForceId == actor.Home, cancellationToken) is not { } endpoint) return Failure.NotFound;
        if (!endpoint.IsOn) return Failure.Conflict("The endpoint is switched off. Switch it on first.");
        if (!fanOut.Ways().Contains(endpoint.Channel)) return Failure.Conflict("The operator of the house has not set up its own address (Watchhouse:Notices:Address), so nothing is sent.");
        return await MakeAsync(session, id, [], [new(endpoint.Channel, endpoint.Id, endpoint.Name)], cancellationToken);
    }

    private static async Task<Outcome<TestSent>> MakeAsync(HouseSession session, Guid recipient, List<Guid> people, IReadOnlyList<PlannedDelivery> planned, CancellationToken cancellationToken)
    {
        var (home, now, since) = (session.Principal.Home, session.Now, session.Now - Between);
        if (await session.Db.Set<Delivery>().AnyAsync(each => each.ForceId == home && each.Recipient == recipient && each.CreatedAt > since
            && session.Db.Set<QueuedNotice>().Any(notice => notice.Id == each.NoticeId && notice.Kind == Kind), cancellationToken)) return TooSoon;
        var id = Guid.CreateVersion7(now);
        var notice = new QueuedNotice
        {
            Id = id, ForceId = home, Key = $"test/{id}", Kind = Kind, Severity = "low", Words = "This is a test of how you are told. Nothing has happened.", Link = "/notifications",
            Roles = [], People = people, CreatedAt = now, SentOutAt = now, AcknowledgedAt = now, AcknowledgedBy = RunOperations.Cut(session.Principal.Name, QueuedNotice.LongestName),
        };
        session.Db.Add(notice);
        foreach (var each in planned) session.Db.Add(NoticeFanOut.Make(notice, each, isUrgent: true, now));
        session.Record(home, $"notice/{id}", "A test message was sent.", action: "notices.tested");
        var saved = await session.CommitAsync(cancellationToken);
        return saved.Succeeded ? new TestSent(id, planned.Count) : saved.Failure;
    }
}

/// <param name="Notice">The notice that it is, for the outbox.</param>
/// <param name="Messages">How many messages were made of it.</param>
internal sealed record TestSent(Guid Notice, int Messages);
