using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Notices.Sending;

/// <summary>A message as its organisation reads it.</summary>
/// <param name="To">Name of the person or endpoint; never an address.</param>
/// <param name="Words">What was last said of it.</param>
internal sealed record DeliveryModel(Guid Id, string Channel, string To, string State, string Words, int Attempts, DateTimeOffset? NextAt, DateTimeOffset? SentAt, DateTimeOffset? DeliveredAt);

/// <summary>How many messages of a notice are in a state, by a channel.</summary>
internal sealed record DeliverySum(string Channel, string State, int Count);

/// <summary>Reads messages, and sends again what was given up.</summary>
internal sealed class DeliveryOperations(IHouse house, RunSignal signal)
{
    private const int MostListed = 1_000;

    /// <summary>The messages of a notice of one's own organisation; those that were given up first.</summary>
    public async Task<Outcome<List<DeliveryModel>>> OfAsync(ActingPrincipal actor, Guid notice, string? reason, CancellationToken cancellationToken, bool again = false)
    {
        var home = actor.Home;
        await using var session = await house.EnterAsync(actor, new Access(Permissions.NoticesRead) { Force = home, Subject = $"notice/{notice}", Reason = reason, Logged = !again }, cancellationToken);
        if (!await session.Db.Set<QueuedNotice>().AnyAsync(each => each.Id == notice && each.ForceId == home, cancellationToken)) return Failure.NotFound;
        var rows = await session.Db.Set<Delivery>().AsNoTracking().Where(each => each.ForceId == home && each.NoticeId == notice)
            .OrderByDescending(each => each.State == DeliveryState.Dead).ThenBy(each => each.Channel).ThenBy(each => each.To).Take(MostListed).ToListAsync(cancellationToken);
        return rows.ConvertAll(each => new DeliveryModel(each.Id, each.Channel.ToString(), each.To, each.State.ToString(), each.Words, each.Attempts, each.NextAt, each.SentAt, each.DeliveredAt));
    }

    /// <summary>Begins with a message anew that was given up. Its id stays, so a receiver that has it knows it.</summary>
    public async Task<Outcome<Done>> AgainAsync(ActingPrincipal actor, Guid id, CancellationToken cancellationToken)
    {
        var home = actor.Home;
        await using var session = await house.EnterAsync(actor, new Access(Permissions.NoticesManage) { Force = home, Subject = $"message/{id}" }, cancellationToken);
        if (await session.Db.Set<Delivery>().FirstOrDefaultAsync(each => each.Id == id && each.ForceId == home, cancellationToken) is not { } delivery) return Failure.NotFound;
        if (delivery.State != DeliveryState.Dead) return Failure.Conflict($"This message was not given up: {DeliveryWords.Of(delivery.State).ToLowerInvariant()}. Nothing was changed.");
        DeliveryRules.Again(delivery, session.Now);
        session.Record(home, $"message/{id}", "A message that was given up is sent again.", action: "notices.sent-again");
        var saved = await session.CommitAsync(cancellationToken);
        if (saved.Succeeded) signal.Raise(home);
        return saved;
    }

    /// <summary>The sums of notices, for their list.</summary>
    internal static async Task<ILookup<Guid, DeliverySum>> SumsAsync(HouseSession session, IReadOnlyCollection<Guid> notices, CancellationToken cancellationToken)
    {
        var sums = await session.Db.Set<Delivery>().AsNoTracking().Where(each => notices.Contains(each.NoticeId))
            .GroupBy(each => new { each.NoticeId, each.Channel, each.State }).Select(group => new { group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        return sums.OrderBy(each => each.Key.Channel).ThenBy(each => each.Key.State).ToLookup(each => each.Key.NoticeId, each => new DeliverySum(each.Key.Channel.ToString(), each.Key.State.ToString(), each.Count));
    }
}

/// <summary>States of messages in words.</summary>
internal static class DeliveryWords
{
    public static string Of(DeliveryState state) => state switch
    {
        DeliveryState.Waiting => "Waits",
        DeliveryState.Held => "Held for quiet hours",
        DeliveryState.Sending => "Being sent",
        DeliveryState.Unclear => "Unclear, being asked",
        DeliveryState.Retrying => "Failed, tried again",
        DeliveryState.Sent => "Sent",
        DeliveryState.Delivered => "Arrived",
        DeliveryState.Dead => "Given up",
        _ => "Not sent",
    };

    public static Tone Tone(DeliveryState state) => state switch
    {
        DeliveryState.Delivered or DeliveryState.Sent => Platform.Ui.Tone.Good,
        DeliveryState.Dead => Platform.Ui.Tone.Danger,
        DeliveryState.Retrying or DeliveryState.Unclear => Platform.Ui.Tone.Warning,
        _ => Platform.Ui.Tone.Neutral,
    };

    /// <summary>Short words for a channel.</summary>
    public static string Channel(NoticeChannel channel) => channel switch
    {
        NoticeChannel.NotifyEmail or NoticeChannel.Smtp => "E-mail",
        NoticeChannel.NotifyText => "Text",
        NoticeChannel.Webhook => "Webhook",
        _ => "Teams",
    };

    /// <summary>'E-mail: 2 arrived, 1 given up'.</summary>
    public static string Sums(IReadOnlyList<DeliverySum> sums) => string.Join("; ", sums.GroupBy(each => Channel(Enum.Parse<NoticeChannel>(each.Channel)))
        .Select(group => $"{group.Key}: {string.Join(", ", group.Select(each => $"{each.Count} {Of(Enum.Parse<DeliveryState>(each.State)).ToLowerInvariant()}"))}"));
}
