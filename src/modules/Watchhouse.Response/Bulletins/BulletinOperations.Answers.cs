using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Bulletins;

// What a force says. Its own copy and the Centre's receipt change in one transaction: neither is ever ahead of the other.
internal sealed partial class BulletinOperations
{
    /// <summary>Writes down that a person of the force who may answer has opened it. Again, or too late, it changes nothing.</summary>
    public async Task<Outcome<Guid>> SeeAsync(ActingPrincipal actor, Guid id, CancellationToken cancellationToken) =>
        await ReplyAsync(actor, id, BulletinReply.Seen, "", null, cancellationToken);

    /// <summary>The force has taken note.</summary>
    /// <param name="actor">A person of the force.</param>
    /// <param name="id">The bulletin.</param>
    /// <param name="round">What was read: an answer to what a correction has put right meanwhile is not taken.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Outcome<Guid>> AcknowledgeAsync(ActingPrincipal actor, Guid id, int? round, CancellationToken cancellationToken) =>
        await ReplyAsync(actor, id, BulletinReply.Acknowledged, "", round, cancellationToken);

    /// <summary>The force has acted, or is not affected. A late answer is taken and marked; one that proves wrong is changed, with words.</summary>
    public async Task<Outcome<Guid>> AnswerAsync(ActingPrincipal actor, Guid id, BulletinReply reply, string words, int? round, CancellationToken cancellationToken) =>
        reply is not (BulletinReply.Acted or BulletinReply.NotAffected)
            ? Failure.Invalid("The answer is Acted or NotAffected.", "reply")
            : await ReplyAsync(actor, id, reply, words, round, cancellationToken);

    private async Task<Outcome<Guid>> ReplyAsync(ActingPrincipal actor, Guid id, BulletinReply to, string words, int? round, CancellationToken cancellationToken)
    {
        var home = actor.Home;
        var access = new Access(Permissions.BulletinsAnswer) { Force = home, Subject = $"bulletin/{id}", Reason = actor.StatedReason };
        await using (await house.EnterAsync(actor, access, cancellationToken))
        {
            // The right is the person's; what follows is the program's, in this force's copies and the Centre's receipts of them alone.
        }

        return await RepeatedAsync(async () =>
        {
            await using var session = await house.EnterAsync(Job, access with { Force = null, RecordedAs = actor }, cancellationToken);
            var copies = await BulletinQueries.CopiesAsync(session, home, id, cancellationToken);
            if (copies.Count == 0) return (Failure.NotFound, false);
            var first = copies[0];
            if (to == BulletinReply.Seen && (first.State == BulletinState.Withdrawn || first.Reply != BulletinReply.Unseen)) return ((Outcome<Guid>)id, false);
            if (round is { } read && read != first.Round) return (Corrected, false);
            if (BulletinRules.Hindrance(first, to) is { } hindrance) return (Failure.Conflict(hindrance), false);
            if (to > BulletinReply.Acknowledged && BulletinRules.Fault(first.Reply, to, words) is { } fault) return (fault, false);
            // A force that came of others answers for what was sent to them, too.
            var meant = copies.Where(copy => copy == first || BulletinRules.Hindrance(copy, to) is null).ToList();
            var sentTo = meant.ConvertAll(copy => copy.To);
            var receipts = await session.Db.Set<BulletinReceipt>().Where(each => each.BulletinId == id && sentTo.Contains(each.From)).ToListAsync(cancellationToken);
            foreach (var copy in meant) Say(session, actor, copy, receipts.Single(each => each.From == copy.To), to, words.Trim());
            session.Record(home, $"bulletin/{id}", $"{home} said to bulletin {first.Number}: {BulletinRules.Words(to).ToLowerInvariant()}{(first.IsLate ? ", late" : "")}.",
                new Dictionary<string, Platform.Audit.FieldChange> { ["reply"] = new(null, to.ToString()) }, action: $"bulletins.{to.ToString().ToLowerInvariant()}");
            var saved = await session.CommitAsync(cancellationToken);
            if (!saved.Succeeded) return (saved.Failure, true);
            signal.Raise(home);
            signal.Raise(ForceId.Centre);
            return ((Outcome<Guid>)id, false);
        });
    }

    private static void Say(HouseSession session, ActingPrincipal actor, BulletinCopy copy, BulletinReceipt receipt, BulletinReply to, string words)
    {
        var (now, by) = (session.Now, RunOperations.Name(actor));
        copy.Reply = to;
        if (copy.SeenAt is null) (copy.SeenAt, copy.SeenBy) = (now, by);
        if (to >= BulletinReply.Acknowledged && copy.AcknowledgedAt is null) (copy.AcknowledgedAt, copy.AcknowledgedBy) = (now, by);
        if (to >= BulletinReply.Acted) (copy.AnsweredBy, copy.Words) = (by, words);
        if (copy.AnsweredAt is null && BulletinRules.IsAnswer(to, copy.Actions.Count))
        {
            (copy.AnsweredAt, copy.IsLate) = (now, now > copy.AnswerBy);
            if (copy.AnsweredBy.Length == 0) copy.AnsweredBy = by;
        }

        (receipt.Reply, receipt.SeenAt, receipt.AcknowledgedAt, receipt.AnsweredAt) = (copy.Reply, copy.SeenAt, copy.AcknowledgedAt, copy.AnsweredAt);
        (receipt.By, receipt.Words, receipt.IsLate, receipt.Round) = (by, copy.Words, copy.IsLate, copy.Round);
        session.Db.Add(new BulletinStep
        {
            Id = Guid.CreateVersion7(now), ForceId = copy.ForceId, BulletinId = copy.BulletinId, CopyId = copy.Id, Revision = copy.Revision, Round = copy.Round, Reply = to, Words = words,
            By = by, At = now, IsLate = now > copy.AnswerBy,
        });
    }

    private static readonly Failure Corrected = Failure.Conflict("The Centre has corrected this bulletin since you opened it, and asks anew. Nothing was answered: read it again, then answer.");
}
