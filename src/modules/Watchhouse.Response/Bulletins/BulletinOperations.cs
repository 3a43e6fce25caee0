using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Notices;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Bulletins;

/// <summary>
/// Writes, publishes, corrects and withdraws bulletins, and takes the forces' answers. A bulletin goes to every force, with a delegation
/// or without: the right is looked at as the person's, and what is then written into the forces' records is written by the program, in
/// one transaction and under the person's name in the audit trail.
/// </summary>
internal sealed partial class BulletinOperations(IHouse house, IOrganisations organisations, INotices notices, RunSignal signal)
{
    private const int MostTries = 5;
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("bulletins");

    /// <summary>Begins a bulletin that nobody outside the Centre sees until it is published.</summary>
    public async Task<Outcome<Guid>> DraftAsync(ActingPrincipal actor, BulletinOptions options, CancellationToken cancellationToken)
    {
        if (options.Fault() is { } fault) return fault;
        if (await UnknownAsync(options, cancellationToken) is { } unknown) return unknown;
        await using var session = await house.EnterAsync(actor, Writing(actor, ""), cancellationToken);
        var id = Guid.CreateVersion7(session.Now);
        var bulletin = new Bulletin
        {
            Id = id, ForceId = ForceId.Centre, Number = BulletinRules.Number(id, session.Now), Title = "", Text = "", Actions = [], Severity = options.Severity, Handling = options.Handling,
            Instructions = "", AnswerBy = options.AnswerBy, Addressed = [], CreatedBy = RunOperations.Name(actor), CreatedAt = session.Now, ChangedAt = session.Now,
        };
        Fill(bulletin, options);
        bulletin.Addressed = [.. options.Addressed.Distinct().Order().Select(force => force.Value)];
        session.Db.Add(bulletin);
        session.Record(ForceId.Centre, $"bulletin/{id}", $"Bulletin {bulletin.Number} was written.");
        Note(session, bulletin, actor, "written", "It was written.");
        var saved = await session.CommitAsync(cancellationToken);
        if (!saved.Succeeded) return saved.Failure;
        signal.Raise(ForceId.Centre);
        return id;
    }

    /// <summary>Changes one that is not published yet.</summary>
    public async Task<Outcome<Guid>> EditAsync(ActingPrincipal actor, Guid id, BulletinOptions options, uint? version, CancellationToken cancellationToken)
    {
        if (options.Fault() is { } fault) return fault;
        if (await UnknownAsync(options, cancellationToken) is { } unknown) return unknown;
        return await ChangeAsync(actor, id, version, (session, bulletin) =>
        {
            if (bulletin.State != BulletinState.Draft) return Task.FromResult<Failure?>(Failure.Conflict("The forces have this bulletin already. Correct it: a correction says what was put right."));
            Fill(bulletin, options);
            bulletin.Addressed = [.. options.Addressed.Distinct().Order().Select(force => force.Value)];
            session.Record(ForceId.Centre, $"bulletin/{id}", $"The draft of bulletin {bulletin.Number} was changed.");
            return Task.FromResult<Failure?>(null);
        }, cancellationToken);
    }

    /// <summary>Sends it to the forces that it is for: each has it, and is told, in the same transaction.</summary>
    public Task<Outcome<Guid>> PublishAsync(ActingPrincipal actor, Guid id, uint? version, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, version, async (session, bulletin) =>
        {
            if (bulletin.State != BulletinState.Draft) return Failure.Conflict($"This bulletin is {bulletin.State.ToString().ToLowerInvariant()} already.");
            if (BulletinRules.Deadline(bulletin.AnswerBy, session.Now) is { } late) return late;
            var known = (await organisations.ListAsync(cancellationToken)).Where(each => each.IsForce).Select(each => each.Id);
            var forces = known.Where(force => bulletin.Addressed.Count == 0 || bulletin.Addressed.Contains(force.Value)).Order().ToList();
            if (forces.Count == 0) return Failure.Conflict("None of the forces that it is for exists any more. Choose whom it is for.");
            (bulletin.State, bulletin.PublishedAt) = (BulletinState.Published, session.Now);
            bulletin.NextChaseAt = ChaseSchedule.First(session.Now, bulletin.AnswerBy);
            foreach (var force in forces)
            {
                var copy = new BulletinCopy
                {
                    Id = Guid.CreateVersion7(session.Now), ForceId = force, BulletinId = id, To = force, ToAll = bulletin.Addressed.Count == 0, Number = bulletin.Number, Title = "", Text = "",
                    Actions = [], Severity = bulletin.Severity, Handling = bulletin.Handling, Instructions = "", AnswerBy = bulletin.AnswerBy,
                };
                Bring(copy, bulletin);
                session.Db.Add(copy);
                session.Db.Add(new BulletinReceipt { Id = Guid.CreateVersion7(session.Now), ForceId = ForceId.Centre, BulletinId = id, From = force });
                session.Record(force, $"bulletin/{id}", $"The Centre sent bulletin {bulletin.Number}.", action: "bulletins.sent");
                await notices.AddAsync(session, BulletinNotice.Of(copy, "published", "The Centre published a bulletin that asks for your force's answer."), cancellationToken);
            }

            session.Record(ForceId.Centre, $"bulletin/{id}", $"Bulletin {bulletin.Number} was published to {forces.Count} forces.", State(BulletinState.Draft, bulletin.State), action: "bulletins.published");
            Note(session, bulletin, actor, "published", $"It was published to {(bulletin.Addressed.Count == 0 ? "all" : "some")} forces: {forces.Count}.");
            return null;
        }, cancellationToken);

    /// <summary>Corrects what the forces have. A material correction asks each of them anew; what they said before is kept.</summary>
    public async Task<Outcome<Guid>> CorrectAsync(ActingPrincipal actor, Guid id, BulletinOptions options, BulletinCorrection correction, uint? version, CancellationToken cancellationToken)
    {
        if ((options.Fault() ?? Incidents.IncidentInput.Sentence(correction.What, "what", 1_000)) is { } fault) return fault;
        return await ChangeAsync(actor, id, version, async (session, bulletin) =>
        {
            if (bulletin.State != BulletinState.Published) return Failure.Conflict(bulletin.State == BulletinState.Draft ? "This bulletin is not published yet. Change its draft." : Over(bulletin));
            if (!correction.IsMaterial && (options.Actions.Count == 0) != (bulletin.Actions.Count == 0))
                return Failure.Invalid("This changes whether anything is to be done, so what the forces said no longer answers it. Say that the correction is material.", "isMaterial");
            var moved = options.AnswerBy.ToUniversalTime() != bulletin.AnswerBy;
            if ((moved || correction.IsMaterial) && BulletinRules.Deadline(options.AnswerBy, session.Now) is { } late) return late;
            Fill(bulletin, options);
            bulletin.Correction = correction.What.Trim();
            bulletin.Revision++;
            if (correction.IsMaterial) bulletin.Round++;
            if (moved || correction.IsMaterial) bulletin.NextChaseAt = ChaseSchedule.First(session.Now, bulletin.AnswerBy);
            var receipts = await session.Db.Set<BulletinReceipt>().Where(each => each.BulletinId == id).ToDictionaryAsync(each => each.From, cancellationToken);
            foreach (var copy in await session.Db.Set<BulletinCopy>().Where(each => each.BulletinId == id).ToListAsync(cancellationToken))
            {
                Bring(copy, bulletin);
                session.Record(copy.ForceId, $"bulletin/{id}", $"The Centre corrected bulletin {bulletin.Number}.", action: "bulletins.corrected");
                if (!correction.IsMaterial) continue;
                Ask(copy, receipts[copy.To]);
                await notices.AddAsync(session, BulletinNotice.Of(copy, $"corrected/{bulletin.Revision}", "The Centre corrected a bulletin and asks for your force's answer anew."), cancellationToken);
            }

            session.Record(ForceId.Centre, $"bulletin/{id}", $"Bulletin {bulletin.Number} was corrected: {bulletin.Correction}", action: "bulletins.corrected");
            Note(session, bulletin, actor, "corrected", $"{(correction.IsMaterial ? "Corrected, and every force is asked anew" : "Corrected; answers stand")}: {bulletin.Correction}");
            return null;
        }, cancellationToken);
    }

    /// <summary>Takes it back: nothing is answered to it any more. A draft is given up.</summary>
    public async Task<Outcome<Guid>> WithdrawAsync(ActingPrincipal actor, Guid id, string because, CancellationToken cancellationToken)
    {
        if (Incidents.IncidentInput.Sentence(because, "because", 1_000) is { } fault) return fault;
        return await ChangeAsync(actor, id, null, async (session, bulletin) =>
        {
            if (bulletin.State == BulletinState.Withdrawn) return Failure.Conflict(Over(bulletin));
            var before = bulletin.State;
            (bulletin.State, bulletin.WithdrawnAt, bulletin.WithdrawnBecause, bulletin.NextChaseAt) = (BulletinState.Withdrawn, session.Now, because.Trim(), null);
            foreach (var copy in await session.Db.Set<BulletinCopy>().Where(each => each.BulletinId == id).ToListAsync(cancellationToken))
            {
                Bring(copy, bulletin);
                session.Record(copy.ForceId, $"bulletin/{id}", $"The Centre withdrew bulletin {bulletin.Number}.", action: "bulletins.withdrawn");
                await notices.AddAsync(session, BulletinNotice.Of(copy, "withdrawn", "The Centre withdrew a bulletin: your force need not answer it any more."), cancellationToken);
            }

            session.Record(ForceId.Centre, $"bulletin/{id}", $"Bulletin {bulletin.Number} was withdrawn.", State(before, bulletin.State), action: "bulletins.withdrawn");
            Note(session, bulletin, actor, "withdrawn", $"It was withdrawn: {bulletin.WithdrawnBecause}");
            return null;
        }, cancellationToken);
    }

    /// <summary>Reminds the forces that have not answered, now. Answers how many there were.</summary>
    public async Task<Outcome<int>> ChaseAsync(ActingPrincipal actor, Guid id, CancellationToken cancellationToken)
    {
        var chased = 0;
        var done = await ChangeAsync(actor, id, null, async (session, bulletin) =>
        {
            if (bulletin.State != BulletinState.Published) return Failure.Conflict(bulletin.State == BulletinState.Draft ? "This bulletin is not published yet, so nobody can answer it." : Over(bulletin));
            if (bulletin.ChasedAt is { } last && session.Now - last < BulletinRules.ChaseGap)
                return Failure.Conflict($"The forces were chased {Platform.Ui.HouseTime.Relative(last, session.Now)}. Give them a quarter of an hour.");
            chased = await BulletinChaser.SendAsync(session, notices, bulletin, $"hand/{bulletin.Chases + 1}", cancellationToken);
            if (chased == 0) return Failure.Conflict("Every force has answered. There is nobody to chase.");
            session.Record(ForceId.Centre, $"bulletin/{id}", $"{chased} forces that have not answered bulletin {bulletin.Number} were chased.", action: "bulletins.chased");
            Note(session, bulletin, actor, "chased", chased == 1 ? "1 force that has not answered was chased." : $"{chased} forces that have not answered were chased.");
            return null;
        }, cancellationToken);
        return done.Succeeded ? chased : done.Failure;
    }

    private async Task<Outcome<Guid>> ChangeAsync(ActingPrincipal actor, Guid id, uint? version, Func<HouseSession, Bulletin, Task<Failure?>> change, CancellationToken cancellationToken)
    {
        await using (await house.EnterAsync(actor, Writing(actor, $"bulletin/{id}"), cancellationToken))
        {
            // The right is the person's; what follows is the program's.
        }

        return await RepeatedAsync(async () =>
        {
            await using var session = await house.EnterAsync(Job, Writing(actor, $"bulletin/{id}") with { Force = null, RecordedAs = actor }, cancellationToken);
            if (await session.Db.Set<Bulletin>().FirstOrDefaultAsync(each => each.Id == id, cancellationToken) is not { } bulletin) return (Failure.NotFound, false);
            if (version is { } known && known != bulletin.Version) return (Stale, false);
            if (await change(session, bulletin) is { } failure) return (failure, false);
            bulletin.ChangedAt = session.Now;
            ForceId[] changed = [ForceId.Centre, .. session.Db.ChangeTracker.Entries<BulletinCopy>().Select(entry => entry.Entity.ForceId).Distinct()];
            var saved = await session.CommitAsync(cancellationToken);
            if (!saved.Succeeded) return (saved.Failure, true);
            foreach (var force in changed) signal.Raise(force);
            return ((Outcome<Guid>)id, false);
        });
    }

    // A force that answers in the same moment changes the same rows: look again rather than trouble a person with it.
    private static async Task<Outcome<Guid>> RepeatedAsync(Func<Task<(Outcome<Guid> Outcome, bool IsCollision)>> attempt)
    {
        for (var tries = 1; ; tries++)
        {
            var (outcome, isCollision) = await attempt();
            if (!isCollision || tries == MostTries) return outcome;
        }
    }

    private async Task<Failure?> UnknownAsync(BulletinOptions options, CancellationToken cancellationToken)
    {
        if (options.Addressed.Count == 0) return null;
        var known = (await organisations.ListAsync(cancellationToken)).Where(each => each.IsForce).Select(each => each.Id).ToHashSet();
        return options.Addressed.FirstOrDefault(force => !known.Contains(force)) is { Value.Length: > 0 } unknown
            ? Failure.Invalid($"There is no force {unknown}. Choose whom the bulletin is for.", "addressed")
            : null;
    }

    private static Access Writing(ActingPrincipal actor, string subject) => new(Permissions.BulletinsWrite) { Force = ForceId.Centre, Subject = subject, Reason = actor.StatedReason };

    private static void Fill(BulletinContent content, BulletinOptions options)
    {
        content.Title = options.Title.Trim();
        content.Text = options.Text.Trim();
        content.Actions = [.. options.Actions.Select(action => action.Trim())];
        content.Severity = options.Severity;
        content.Handling = options.Handling;
        content.Instructions = options.Instructions.Trim();
        content.AnswerBy = options.AnswerBy.ToUniversalTime();
    }

    private static void Bring(BulletinCopy copy, Bulletin bulletin)
    {
        (copy.Title, copy.Text, copy.Actions, copy.Severity) = (bulletin.Title, bulletin.Text, [.. bulletin.Actions], bulletin.Severity);
        (copy.Handling, copy.Instructions, copy.AnswerBy, copy.Correction) = (bulletin.Handling, bulletin.Instructions, bulletin.AnswerBy, bulletin.Correction);
        (copy.Revision, copy.Round, copy.State, copy.PublishedAt) = (bulletin.Revision, bulletin.Round, bulletin.State, bulletin.PublishedAt);
        (copy.WithdrawnAt, copy.WithdrawnBecause) = (bulletin.WithdrawnAt, bulletin.WithdrawnBecause);
    }

    private static void Ask(BulletinCopy copy, BulletinReceipt receipt)
    {
        (copy.Reply, copy.SeenAt, copy.SeenBy, copy.AcknowledgedAt, copy.AcknowledgedBy) = (BulletinReply.Unseen, null, "", null, "");
        (copy.AnsweredAt, copy.AnsweredBy, copy.Words, copy.IsLate) = (null, "", "", false);
        (receipt.Round, receipt.Reply, receipt.SeenAt, receipt.AcknowledgedAt, receipt.AnsweredAt) = (copy.Round, BulletinReply.Unseen, null, null, null);
        (receipt.By, receipt.Words, receipt.IsLate, receipt.Chases, receipt.ChasedAt) = ("", "", false, 0, null);
    }

    private static void Note(HouseSession session, Bulletin bulletin, ActingPrincipal actor, string kind, string words) =>
        session.Db.Add(Entry(session, bulletin, kind, words, RunOperations.Name(actor)));

    internal static BulletinEntry Entry(HouseSession session, Bulletin bulletin, string kind, string words, string by) => new()
    {
        Id = Guid.CreateVersion7(session.Now), ForceId = ForceId.Centre, BulletinId = bulletin.Id, Kind = kind, Words = RunOperations.Cut(words, BulletinEntry.LongestWords), By = by, At = session.Now,
    };

    private static Dictionary<string, FieldChange> State(BulletinState before, BulletinState after) => new() { ["state"] = new(before.ToString(), after.ToString()) };

    private static string Over(Bulletin bulletin) => $"This bulletin was withdrawn: {bulletin.WithdrawnBecause} Write another where one is needed.";

    private static readonly Failure Stale = Failure.Conflict("Somebody else changed this bulletin in the meantime, so your change was not saved. Look at it again and repeat your change.");
}
