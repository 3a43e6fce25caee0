using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Response.Notices.Channels;
using Watchhouse.Response.Notices.Settings;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Notices.Sending;

/// <summary>
/// Takes one message one step on. That it is being sent is stored before the call, and whoever stored it sends it: another that tried in the same
/// moment finds the row changed. After a crash the row says that it may have gone. Then the service is asked by the message's reference, or, where
/// it cannot be asked, the message is sent again under the same id, by which its receiver knows the repeat.
/// </summary>
internal sealed class DeliveryWork(IHouse house, IAddressees addressees, NoticeVault vault, IEnumerable<INoticeChannel> channels, IOptions<NoticesOptions> options, RunSignal signal)
{
    private const int MostOfARecipient = 4;
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("notices");

    // Longer than any call: while it lasts, whoever holds the row is at it.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private readonly Dictionary<NoticeChannel, INoticeChannel> _channels = channels.ToDictionary(each => each.Channel);

    // A service that asks to wait asks it of all messages. Forgotten at a restart, and asked again then.
    private readonly ConcurrentDictionary<NoticeChannel, DateTimeOffset> _pauses = new();

    /// <summary>What is due by a channel, the longest waiting first; of one recipient a few, so that one that answers slowly holds up no other.</summary>
    public async Task<IReadOnlyList<Guid>> DueAsync(NoticeChannel channel, int most, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(cancellationToken);
        var now = session.Now;
        if (_pauses.TryGetValue(channel, out var until) && until > now) return [];
        var due = await session.Db.Set<Delivery>().AsNoTracking().Where(each => each.Channel == channel && each.NextAt != null && each.NextAt <= now)
            .OrderBy(each => each.NextAt).Select(each => new { each.Id, each.Recipient }).Take(most * 8).ToListAsync(cancellationToken);
        return [.. due.GroupBy(each => each.Recipient).SelectMany(group => group.Take(MostOfARecipient)).Take(most).Select(each => each.Id)];
    }

    /// <summary>One step of one message. Returns whether something was done.</summary>
    public async Task<bool> StepAsync(Guid id, CancellationToken cancellationToken)
    {
        var claimed = await ClaimAsync(id, cancellationToken);
        if (claimed is not (var delivery, var message)) return false;
        var channel = _channels[delivery.Channel];
        var isSending = delivery.State == DeliveryState.Sending;
        var answer = isSending ? await channel.SendAsync(message, cancellationToken) : await channel.LookAsync(message, cancellationToken);
        await StoreAsync(delivery, isSending, answer, channel.CanLook, cancellationToken);
        return true;
    }

    private async Task<(Delivery Delivery, OutgoingMessage Message)?> ClaimAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(cancellationToken);
        var delivery = await session.Db.Set<Delivery>().FirstOrDefaultAsync(each => each.Id == id, cancellationToken);
        if (delivery?.NextAt is not { } due || due > session.Now) return null;
        var channel = _channels[delivery.Channel];
        if (!channel.IsSetUp)
        {
            // The operator took it out: that is no fault of the message.
            (delivery.NextAt, delivery.Words) = (session.Now + TimeSpan.FromMinutes(10), "The channel is not set up any more. It waits until the operator sets it up again.");
            await SaveAsync(session, delivery, cancellationToken);
            return null;
        }

        if (await session.Db.Set<QueuedNotice>().AsNoTracking().FirstOrDefaultAsync(each => each.Id == delivery.NoticeId, cancellationToken) is not { } notice)
            return await EndAsync(session, delivery, "The notice is gone.", cancellationToken);
        var (message, gone, quiet) = await AddressAsync(session, delivery, notice, cancellationToken);
        if (message is null) return await EndAsync(session, delivery, gone, cancellationToken);

        var mayHaveGone = delivery.State is DeliveryState.Sending or DeliveryState.Unclear;
        if (delivery.State == DeliveryState.Sent || (mayHaveGone && channel.CanLook))
        {
            if (delivery.State == DeliveryState.Sending) (delivery.State, delivery.FailedAt, delivery.Words) = (DeliveryState.Unclear, session.Now, "The program stopped while it was being sent. The service is being asked.");
        }
        else if (!delivery.IsUrgent && quiet?.EndsAfter(session.Now) is { } ends)
        {
            (delivery.State, delivery.NextAt, delivery.Words) = (DeliveryState.Held, ends, "It waits for the end of the person's quiet hours.");
            await SaveAsync(session, delivery, cancellationToken);
            return null;
        }
        else
        {
            (delivery.State, delivery.Words) = (DeliveryState.Sending, "It is being sent.");
            delivery.Attempts++;
        }

        delivery.NextAt = session.Now + Lease;
        return await SaveAsync(session, delivery, cancellationToken) ? (delivery, message) : null;
    }

    /// <summary>The message with its address as it is now; null with the reason where there is none.</summary>
    private async Task<(OutgoingMessage? Message, string Gone, QuietHours? Quiet)> AddressAsync(HouseSession session, Delivery delivery, QueuedNotice notice, CancellationToken cancellationToken)
    {
        var message = new OutgoingMessage(delivery.Id, delivery.ForceId, notice.Kind, notice.Severity, NoticeWords.Safe(notice.Words), options.Value.Link(NoticeWords.SafeLink(notice.Link)), notice.CreatedAt) { ProviderId = delivery.ProviderId };
        if (delivery.Channel is NoticeChannel.Webhook or NoticeChannel.Teams)
        {
            var endpoint = await session.Db.Set<NoticeEndpoint>().AsNoTracking().FirstOrDefaultAsync(each => each.Id == delivery.Recipient && each.ForceId == delivery.ForceId, cancellationToken);
            if (endpoint is null || !endpoint.IsOn) return (null, "The endpoint was removed or switched off.", null);
            return vault.Open(endpoint, session.Now) is { } open ? (message with { Endpoint = open }, "", null)
                : (null, "The endpoint cannot be opened: it was sealed with keys that this house does not have. Set it up anew.", null);
        }

        if (await addressees.OfAsync(delivery.ForceId, [], [delivery.Recipient], cancellationToken) is not [var person, ..])
            return (null, "The person does not work for the organisation any more, or is kept out.", null);
        var chosen = await session.Db.Set<NoticePreference>().AsNoTracking().FirstOrDefaultAsync(each => each.ForceId == delivery.ForceId && each.PersonId == delivery.Recipient, cancellationToken);
        // Who asks for a test wants it now.
        var quiet = notice.Kind == NoticeTests.Kind ? null : chosen?.Quiet;
        if (delivery.Channel != NoticeChannel.NotifyText) return (message with { Address = person.Email }, "", quiet);
        return chosen is not null && vault.OpenPhone(chosen) is { } number ? (message with { Address = number }, "", quiet) : (null, "The person has no number any more.", null);
    }

    private async Task StoreAsync(Delivery known, bool wasSent, SendAnswer answer, bool canLook, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(cancellationToken);
        var delivery = await session.Db.Set<Delivery>().FirstOrDefaultAsync(each => each.Id == known.Id, cancellationToken);
        // The lease ran out and another went on: what that one finds counts.
        if (delivery is null || delivery.Version != known.Version) return;
        // One force's endpoint that asks to wait says nothing of another's.
        if (answer is { Outcome: SendOutcome.TryLater, RetryAfter: { } wait } && delivery.Channel is not (NoticeChannel.Webhook or NoticeChannel.Teams))
            _pauses[delivery.Channel] = session.Now + (wait < LongestPause ? wait : LongestPause);
        if (wasSent) DeliveryRules.Sent(delivery, answer, canLook, session.Now, Random.Shared.NextDouble());
        else DeliveryRules.Looked(delivery, answer, session.Now, Random.Shared.NextDouble());
        await SaveAsync(session, delivery, cancellationToken);
    }

    private async Task<(Delivery, OutgoingMessage)?> EndAsync(HouseSession session, Delivery delivery, string words, CancellationToken cancellationToken)
    {
        DeliveryRules.Cancel(delivery, words);
        await SaveAsync(session, delivery, cancellationToken);
        return null;
    }

    private async Task<bool> SaveAsync(HouseSession session, Delivery delivery, CancellationToken cancellationToken)
    {
        var saved = await session.CommitAsync(cancellationToken);
        // Open screens look anew; the job for estates wakes for nothing, which costs it one query.
        if (saved.Succeeded && delivery.State != DeliveryState.Sending) signal.Raise(delivery.ForceId);
        return saved.Succeeded;
    }

    private Task<HouseSession> OpenAsync(CancellationToken cancellationToken) => house.EnterAsync(Job, new Access(Permissions.NoticesRead) { Logged = false }, cancellationToken);
}
