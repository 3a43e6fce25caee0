using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Incidents;

namespace Watchhouse.Response.Bulletins;

/// <summary>Reads bulletins: the Centre its own with the answers given to it, a force its copy with its own answer.</summary>
internal sealed class BulletinQueries(IHouse house)
{
    public const int MostListed = 200;
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("bulletins");

    /// <summary>The newest first, at most 200.</summary>
    /// <param name="actor">Who reads.</param>
    /// <param name="open">True: published, and for a force those that it has not answered; false: the others; null: all.</param>
    /// <param name="reason">Where the controller demands it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="again">Whether it only shows anew what was opened before, which is not written to the audit trail twice.</param>
    public async Task<IReadOnlyList<BulletinRow>> ListAsync(ActingPrincipal actor, bool? open, string? reason, CancellationToken cancellationToken, bool again = false)
    {
        var home = actor.Home;
        await using var session = await house.EnterAsync(actor, new Access(Permissions.BulletinsRead) { Force = home, Reason = reason, Logged = !again }, cancellationToken);
        if (home == ForceId.Centre)
        {
            var bulletins = await session.Db.Set<Bulletin>().AsNoTracking().Where(each => each.ForceId == home && (open == null || (each.State != BulletinState.Withdrawn) == open))
                .OrderByDescending(each => each.CreatedAt).Take(MostListed).ToListAsync(cancellationToken);
            var counts = await CountsAsync(session, [.. bulletins.Select(each => each.Id)], cancellationToken);
            return [.. bulletins.Select(each => Row(each, counts.GetValueOrDefault(each.Id)))];
        }

        var copies = await session.Db.Set<BulletinCopy>().AsNoTracking()
            .Where(each => each.ForceId == home && (open == null || (each.State == BulletinState.Published && each.AnsweredAt == null) == open))
            .OrderByDescending(each => each.PublishedAt).Take(MostListed).ToListAsync(cancellationToken);
        var own = copies.GroupBy(each => each.BulletinId).Select(group => group.FirstOrDefault(each => each.To == home) ?? group.First()).ToList();
        var answered = await AnsweredAsync(own.ConvertAll(each => each.BulletinId), cancellationToken);
        return [.. own.Select(each => Row(each, answered.GetValueOrDefault(each.BulletinId)))];
    }

    public async Task<Outcome<BulletinModel>> FindAsync(ActingPrincipal actor, Guid id, string? reason, CancellationToken cancellationToken, bool again = false)
    {
        var home = actor.Home;
        await using var session = await house.EnterAsync(actor, new Access(Permissions.BulletinsRead) { Force = home, Subject = $"bulletin/{id}", Reason = reason, Logged = !again }, cancellationToken);
        if (home == ForceId.Centre)
        {
            if (await session.Db.Set<Bulletin>().AsNoTracking().FirstOrDefaultAsync(each => each.Id == id && each.ForceId == home, cancellationToken) is not { } bulletin) return Failure.NotFound;
            var counts = await CountsAsync(session, [id], cancellationToken);
            var receipts = await session.Db.Set<BulletinReceipt>().AsNoTracking().Where(each => each.BulletinId == id).OrderBy(each => each.From).ToListAsync(cancellationToken);
            var entries = await session.Db.Set<BulletinEntry>().AsNoTracking().Where(each => each.BulletinId == id).OrderByDescending(each => each.At).ThenByDescending(each => each.Id).Take(500)
                .Select(each => new BulletinEntryModel(each.Kind, each.Words, each.By, each.At)).ToListAsync(cancellationToken);
            return Model(bulletin, bulletin.Version, Row(bulletin, counts.GetValueOrDefault(id)), bulletin.Addressed.Count == 0) with
            {
                Addressed = [.. bulletin.Addressed.Select(ForceId.Of)],
                Receipts = [.. receipts.Select(each => new ReceiptModel(each.From, each.Reply.ToString(), each.AnsweredAt is not null, each.IsLate, each.SeenAt, each.AcknowledgedAt, each.AnsweredAt, each.By, each.Words, each.Chases, each.ChasedAt))],
                Entries = entries,
                NextChaseAt = bulletin.NextChaseAt,
            };
        }

        if (await CopiesAsync(session, home, id, cancellationToken) is not [var copy, ..]) return Failure.NotFound;
        var steps = await session.Db.Set<BulletinStep>().AsNoTracking().Where(each => each.CopyId == copy.Id).OrderByDescending(each => each.At).ThenByDescending(each => each.Id).Take(200)
            .Select(each => new BulletinStepModel(each.Reply.ToString(), each.Words, each.By, each.At, each.Revision, each.IsLate)).ToListAsync(cancellationToken);
        var answered = await AnsweredAsync([id], cancellationToken);
        return Model(copy, copy.Version, Row(copy, answered.GetValueOrDefault(id)), copy.ToAll) with { Steps = steps };
    }

    /// <summary>How many bulletins wait for the answer of the principal's force.</summary>
    public async Task<int> CountWaitingAsync(ActingPrincipal actor, CancellationToken cancellationToken)
    {
        var home = actor.Home;
        if (actor.IsCentre || !actor.May(Permissions.BulletinsAnswer, home)) return 0;
        await using var session = await house.EnterAsync(Job, new Access(Permissions.BulletinsRead) { Logged = false }, cancellationToken);
        return await session.Db.Set<BulletinCopy>().Where(each => each.ForceId == home && each.State == BulletinState.Published && each.AnsweredAt == null)
            .Select(each => each.BulletinId).Distinct().CountAsync(cancellationToken);
    }

    /// <summary>The copies of a bulletin that a force holds: its own first, then those of forces that it came of.</summary>
    internal static async Task<List<BulletinCopy>> CopiesAsync(HouseSession session, ForceId force, Guid id, CancellationToken cancellationToken) =>
        [.. (await session.Db.Set<BulletinCopy>().Where(each => each.BulletinId == id && each.ForceId == force).ToListAsync(cancellationToken)).OrderByDescending(each => each.To == force).ThenBy(each => each.To)];

    // The one thing that is read across forces, and it is a number.
    private async Task<Dictionary<Guid, AnsweredCount>> AnsweredAsync(List<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0) return [];
        await using var session = await house.EnterAsync(Job, new Access(Permissions.BulletinsRead) { Logged = false }, cancellationToken);
        return (await CountsAsync(session, ids, cancellationToken)).Where(each => each.Value.Of > BulletinRules.LeastOthers)
            .ToDictionary(each => each.Key, each => new AnsweredCount(each.Value.Answered, each.Value.Of));
    }

    private static async Task<Dictionary<Guid, BulletinCounts>> CountsAsync(HouseSession session, List<Guid> ids, CancellationToken cancellationToken)
    {
        var groups = await session.Db.Set<BulletinReceipt>().AsNoTracking().Where(each => ids.Contains(each.BulletinId))
            .GroupBy(each => new { each.BulletinId, each.Reply })
            .Select(group => new { group.Key.BulletinId, group.Key.Reply, Count = group.Count(), Answered = group.Count(each => each.AnsweredAt != null), Late = group.Count(each => each.IsLate) })
            .ToListAsync(cancellationToken);
        return groups.GroupBy(each => each.BulletinId).ToDictionary(each => each.Key, each =>
        {
            int Of(BulletinReply reply) => each.Where(one => one.Reply == reply).Sum(one => one.Count);
            return new BulletinCounts(each.Sum(one => one.Count), Of(BulletinReply.Unseen), Of(BulletinReply.Seen), Of(BulletinReply.Acknowledged), Of(BulletinReply.Acted), Of(BulletinReply.NotAffected),
                each.Sum(one => one.Answered), each.Sum(one => one.Late));
        });
    }

    private static BulletinRow Row(Bulletin bulletin, BulletinCounts? counts) => new(bulletin.Id, bulletin.Number, bulletin.Title, bulletin.Severity.ToString(), bulletin.State.ToString(), bulletin.AnswerBy,
        bulletin.PublishedAt, bulletin.Revision, counts is null ? null : new(counts.Answered, counts.Of), counts, null);

    private static BulletinRow Row(BulletinCopy copy, AnsweredCount? answered) => new(copy.BulletinId, copy.Number, copy.Title, copy.Severity.ToString(), copy.State.ToString(), copy.AnswerBy, copy.PublishedAt, copy.Revision,
        answered, null, new(copy.Reply.ToString(), copy.AnsweredAt is not null, copy.IsLate, copy.SeenAt, copy.SeenBy, copy.AcknowledgedAt, copy.AcknowledgedBy, copy.AnsweredAt, copy.AnsweredBy, copy.Words));

    private static BulletinModel Model(BulletinContent content, uint version, BulletinRow row, bool toAll) => new(row, version, content.Text, content.Actions, IncidentRules.Words(content.Handling), content.Instructions,
        content.Round, toAll, content.Correction, content.WithdrawnAt, content.WithdrawnBecause, [], [], [], [], null);
}

/// <summary>The bell: bulletins that wait for the force's answer.</summary>
internal sealed class BulletinBell(BulletinQueries queries) : INotificationSource
{
    public async ValueTask<WaitingNotice?> CountAsync(ActingPrincipal principal, CancellationToken cancellationToken) =>
        await queries.CountWaitingAsync(principal, cancellationToken) is > 0 and var count ? new(count == 1 ? "1 bulletin" : $"{count} bulletins", count, "/bulletins") : null;
}
