using Microsoft.EntityFrameworkCore;
using Watchhouse.Cacao;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Response.Estate;
using Watchhouse.Response.Notices;

namespace Watchhouse.Response.Playbooks;

/// <summary>
/// Asks for actions in a force's estate, and takes the force's decisions. Nothing is sent from here: what was decided is stored, and
/// the job acts on what is stored.
/// </summary>
internal sealed class RequestOperations(IHouse house, EstateDoor estate, INotices notices, RunSignal signal)
{
    /// <summary>The dry run: what the step's action would do. Changes nothing.</summary>
    public async Task<Outcome<PlannedAction>> PlanAsync(ActingPrincipal actor, Guid id, string step, CancellationToken cancellationToken)
    {
        var (asked, force) = await AskedAsync(actor, id, step, cancellationToken);
        if (!asked.Succeeded) return asked.Failure;
        return new PlannedAction(asked.Value, await estate.PlanAsync(force, asked.Value, cancellationToken));
    }

    /// <summary>Plans afresh and asks the force; where a standing authority covers it, it is approved by that.</summary>
    public async Task<Outcome<Guid>> AskAsync(ActingPrincipal actor, Guid id, string step, string why, CancellationToken cancellationToken)
    {
        if (RunOperations.Sentence(why, "why") is { } invalid) return invalid;
        // The estate is asked before the records are opened: it may take half a minute.
        var planned = await PlanAsync(actor, id, step, cancellationToken);
        if (!planned.Succeeded) return planned.Failure;
        if (!planned.Value.Plan.IsPossible) return Failure.Conflict($"It cannot be done as things stand: {planned.Value.Plan.Changes}");
        await using var session = await house.EnterAsync(actor, new Access(Permissions.RunsWork) { Subject = $"run/{id}" }, cancellationToken);
        if (await RunBook.FindAsync(session, id, cancellationToken) is not { } run) return Failure.NotFound;
        if (run.State.At(step)?.Wait != CacaoWait.Work) return NotItsTurn;
        if (await OpenAsync(session, id, step, cancellationToken) is not null) return Failure.Conflict("This is asked for already, and waits for the force or is under way.");
        var found = run.Playbook.Steps[step];
        var action = run.ActionOf(found);
        if (!action.Succeeded) return action.Failure;
        if (action.Value != planned.Value.Action) return RunOperations.Stale;
        var request = Make(session, actor, run, found.Id, found.Name, action.Value, planned.Value.Plan, why, found.Timeout);
        return await StoreAsync(session, run, request, cancellationToken);
    }

    /// <summary>Asks the force to let an action be undone; approved as the action was.</summary>
    public async Task<Outcome<Guid>> AskUndoAsync(ActingPrincipal actor, Guid id, string why, CancellationToken cancellationToken)
    {
        if (RunOperations.Sentence(why, "why") is { } invalid) return invalid;
        await using var session = await house.EnterAsync(actor, new Access(Permissions.RunsWork) { Subject = $"action/{id}" }, cancellationToken);
        var done = await session.Db.Set<EstateRequest>().FirstOrDefaultAsync(each => each.Id == id, cancellationToken);
        if (done is null || await RunBook.FindAsync(session, done.RunId, cancellationToken) is not { } run) return Failure.NotFound;
        if (done.Undoes is not null) return Failure.Conflict("An undoing is not undone. Ask for the action itself again.");
        if (done.State is not (RequestState.Proven or RequestState.PendingProof or RequestState.Unproven) || done.Undo is null)
            return Failure.Conflict("There is nothing to undo: it was not done, or nothing puts it back.");
        var others = await session.Db.Set<EstateRequest>().AsNoTracking().Where(each => each.Undoes == id).ToListAsync(cancellationToken);
        if (others.Any(each => !each.IsOver || each.State == RequestState.Proven)) return Failure.Conflict("It is undone already, or its undoing is under way.");
        var plan = new EstatePlan(true, $"Undoes '{FlowWords.Kind(done.Kind)}' of {done.Target}: things are put back as they were before.", "What the action took away works again.", false);
        var request = Make(session, actor, run, done.Step, RunOperations.Cut($"Undo: {done.StepName}", 200), done.Action, plan, why, null, done);
        return await StoreAsync(session, run, request, cancellationToken);
    }

    /// <summary>A person of the force agrees or refuses.</summary>
    public async Task<Outcome<Guid>> DecideAsync(ActingPrincipal actor, Guid id, bool agrees, string reason, CancellationToken cancellationToken)
    {
        if (RunOperations.Sentence(reason, "reason") is { } invalid) return invalid;
        await using var session = await house.EnterAsync(actor, new Access(Permissions.ActionsApprove) { Force = actor.Home, Subject = $"action/{id}" }, cancellationToken);
        // Another force's request is not in sight, and so does not exist.
        var request = await session.Db.Set<EstateRequest>().FirstOrDefaultAsync(each => each.Id == id, cancellationToken);
        if (request is null || await RunBook.FindAsync(session, request.RunId, cancellationToken) is not { } run) return Failure.NotFound;
        var decisions = await session.Db.Set<EstateDecision>().AsNoTracking().Where(each => each.RequestId == id).ToListAsync(cancellationToken);
        if (RequestRules.Hindrance(request, decisions, actor.Subject, actor.Home, session.Now) is { } hindrance) return Failure.Conflict(hindrance);
        session.Db.Add(new EstateDecision
        {
            Id = Guid.CreateVersion7(session.Now), ForceId = request.ForceId, RequestId = id, PersonId = actor.Subject, Person = RunOperations.Name(actor),
            Agrees = agrees, Reason = reason.Trim(), At = session.Now,
        });
        var agreed = decisions.Count(each => each.Agrees) + 1;
        if (!agrees) Close(request, RequestState.Refused, $"{actor.Name} refused it: {reason.Trim()}");
        else if (agreed >= request.Needed) Approve(request, session.Now, agreed == 1 ? $"{actor.Name} approved it." : "Two people approved it.");
        else request.Words = $"{actor.Name} approved it; one more person of the force decides.";
        // Of two decisions at once, the second finds the request changed and is asked to look again.
        session.Db.Entry(request).Property(r => r.Words).IsModified = true;
        run.Note(session, RunOperations.Name(actor), request.Step, agrees ? "approved" : "refused",
            $"'{request.StepName}' of {request.Target} was {(agrees ? "approved" : "refused")} ({agreed} of {request.Needed}): {reason.Trim()}");
        return await SavedAsync(session, request, cancellationToken);
    }

    /// <summary>Takes a request back that was not sent.</summary>
    public async Task<Outcome<Guid>> WithdrawAsync(ActingPrincipal actor, Guid id, string reason, CancellationToken cancellationToken)
    {
        if (RunOperations.Sentence(reason, "reason") is { } invalid) return invalid;
        await using var session = await house.EnterAsync(actor, new Access(Permissions.RunsWork) { Subject = $"action/{id}" }, cancellationToken);
        var request = await session.Db.Set<EstateRequest>().FirstOrDefaultAsync(each => each.Id == id, cancellationToken);
        if (request is null || await RunBook.FindAsync(session, request.RunId, cancellationToken) is not { } run) return Failure.NotFound;
        if (request.State is not (RequestState.Waiting or RequestState.Approved)) return Failure.Conflict("It was sent already or is over, so it cannot be withdrawn. What was done may be undone.");
        Close(request, RequestState.Withdrawn, $"{actor.Name} withdrew it: {reason.Trim()}");
        run.Note(session, RunOperations.Name(actor), request.Step, "withdrawn", $"'{request.StepName}' of {request.Target} was withdrawn: {reason.Trim()}");
        return await SavedAsync(session, request, cancellationToken);
    }

    /// <summary>
    /// A person no longer waits for the proof of what was sent, and says why: the run can go on, and the step is recorded as it was found in the estate.
    /// </summary>
    public async Task<Outcome<Guid>> GiveUpAsync(ActingPrincipal actor, Guid id, string reason, CancellationToken cancellationToken)
    {
        if (RunOperations.Sentence(reason, "reason") is { } invalid) return invalid;
        await using var session = await house.EnterAsync(actor, new Access(Permissions.RunsWork) { Subject = $"action/{id}" }, cancellationToken);
        var request = await session.Db.Set<EstateRequest>().FirstOrDefaultAsync(each => each.Id == id, cancellationToken);
        if (request is null || await RunBook.FindAsync(session, request.RunId, cancellationToken) is not { } run) return Failure.NotFound;
        if (request.State is not (RequestState.Unknown or RequestState.PendingProof))
            return Failure.Conflict(request.IsOver ? "It is over already." : "It was not sent yet, or is being sent in this moment. Withdraw it, or wait for its answer.");
        Close(request, RequestState.Unproven, $"{actor.Name} no longer waits for its proof: {reason.Trim()}");
        run.Note(session, RunOperations.Name(actor), request.Step, "unproven", $"The proof of '{request.StepName}' of {request.Target} is no longer waited for: {reason.Trim()}");
        return await SavedAsync(session, request, cancellationToken);
    }

    /// <summary>The request of a step that waits or is under way; null where there is none.</summary>
    public static async Task<EstateRequest?> OpenAsync(HouseSession session, Guid run, string step, CancellationToken cancellationToken) =>
        await session.Db.Set<EstateRequest>().FirstOrDefaultAsync(each => each.RunId == run && each.Step == step && each.Undoes == null
            && (each.State == RequestState.Waiting || each.State == RequestState.Approved || each.State == RequestState.Sending
                || each.State == RequestState.Unknown || each.State == RequestState.PendingProof), cancellationToken);

    public static async Task WithdrawAllAsync(HouseSession session, RunBook run, string words, CancellationToken cancellationToken)
    {
        var open = await session.Db.Set<EstateRequest>().Where(each => each.RunId == run.Row.Id && each.Undoes == null
            && (each.State == RequestState.Waiting || each.State == RequestState.Approved)).ToListAsync(cancellationToken);
        foreach (var request in open) Close(request, RequestState.Withdrawn, words);
    }

    /// <summary>The authority of the force that covers an action now; null where none does.</summary>
    public static async Task<StandingAuthority?> CoveringAsync(HouseSession session, EstateRequest request, CancellationToken cancellationToken)
    {
        var (force, now, since) = (request.ForceId, session.Now, session.Now.AddDays(-1));
        var authorities = await session.Db.Set<StandingAuthority>().Where(each => each.ForceId == force && each.RevokedAt == null && each.Until > now)
            .OrderBy(each => each.GrantedAt).ToListAsync(cancellationToken);
        foreach (var authority in authorities)
        {
            var id = authority.Id;
            var used = await session.Db.Set<EstateRequest>().CountAsync(each => each.AuthorityId == id && each.RequestedAt > since && each.Id != request.Id
                && each.State != RequestState.Withdrawn && each.State != RequestState.Expired, cancellationToken);
            if (RequestRules.Uncovered(authority, force, request.Action, request.Severity, used, now) is null) return authority;
        }

        return null;
    }

    public static void Approve(EstateRequest request, DateTimeOffset now, string words)
    {
        (request.State, request.Words, request.NextAt, request.BeginBy) = (RequestState.Approved, words, now, now + RequestRules.BeginsWithin);
    }

    public static void Close(EstateRequest request, RequestState state, string words) => (request.State, request.Words, request.NextAt) = (state, RunOperations.Cut(words, 2_000), null);

    private static EstateRequest Make(HouseSession session, ActingPrincipal actor, RunBook run, string step, string name, EstateAction action, EstatePlan plan, string why, TimeSpan? patience, EstateRequest? undoes = null)
    {
        var until = session.Now + (patience is { } given && given > TimeSpan.FromMinutes(1) ? given : RequestRules.Patience);
        return new EstateRequest
        {
            Id = Guid.CreateVersion7(session.Now), ForceId = run.Row.ForceId, RunId = run.Row.Id, Step = step, StepName = RunOperations.Cut(name, 200), Kind = action.Kind,
            Target = action.Target, Detail = action.Detail, Undoes = undoes?.Id, Severity = run.Row.Severity, State = RequestState.Waiting, Changes = plan.Changes,
            Effects = plan.Effects, CanBeUndone = plan.CanBeUndone, RequestedAt = session.Now, RequestedBy = RunOperations.Name(actor), RequestedById = actor.Subject,
            Why = why.Trim(), Needed = RequestRules.Needed(action.Kind), ExpiresAt = until, NextAt = until, Words = RequestRules.Needed(action.Kind) == 2 ? "Two people of the force decide." : "One person of the force decides.", Undo = undoes?.Undo,
        };
    }

    private async Task<Outcome<Guid>> StoreAsync(HouseSession session, RunBook run, EstateRequest request, CancellationToken cancellationToken)
    {
        session.Db.Add(request);
        run.Note(session, request.RequestedBy, request.Step, "asked", $"'{request.StepName}' of {request.Target} was asked for: {request.Why}");
        // An undoing may take a protection away, so no authority that was given for protecting covers it.
        if (request.Undoes is null && await CoveringAsync(session, request, cancellationToken) is { } authority)
        {
            (request.AuthorityId, authority.UsedAt) = (authority.Id, session.Now);
            session.Db.Entry(authority).Property(a => a.UsedAt).IsModified = true;
            Approve(request, session.Now, $"A standing authority of {request.ForceId} covers it: {authority.Purpose}");
            run.Note(session, "Standing authority", request.Step, "approved", $"'{request.StepName}' of {request.Target} is covered by the standing authority '{authority.Purpose}'.");
        }
        else
        {
            var before = await session.Db.Set<EstateRequest>().CountAsync(each => each.RunId == request.RunId && each.Step == request.Step, cancellationToken);
            await notices.AddAsync(session, new Notice(request.ForceId, $"approval/{request.RunId}/{request.Step}" + (before == 0 ? "" : $"/{before + 1}"), "approval",
                request.Severity.ToString().ToLowerInvariant(), "An action in your force's estate waits for your decision.", $"/approvals/{request.Id}") { Roles = [Role.SecurityOfficer, Role.Siro] }, cancellationToken);
        }

        return await SavedAsync(session, request, cancellationToken);
    }

    private async Task<Outcome<Guid>> SavedAsync(HouseSession session, EstateRequest request, CancellationToken cancellationToken)
    {
        var saved = await session.CommitAsync(cancellationToken);
        if (!saved.Succeeded) return saved.Failure;
        signal.Raise(request.ForceId);
        return request.Id;
    }

    private async Task<(Outcome<EstateAction>, Platform.Tenancy.ForceId)> AskedAsync(ActingPrincipal actor, Guid id, string step, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.RunsWork) { Subject = $"run/{id}" }, cancellationToken);
        if (await RunBook.FindAsync(session, id, cancellationToken) is not { } run) return (Failure.NotFound, default);
        return (run.State.At(step)?.Wait == CacaoWait.Work ? run.ActionOf(run.Playbook.Steps[step]) : NotItsTurn, run.Row.ForceId);
    }

    private static readonly Failure NotItsTurn = Failure.Conflict("This step does not wait: it is done already, its turn has not come, or the run has ended.");
}

/// <summary>A step's action and what a dry run says of it.</summary>
internal sealed record PlannedAction(EstateAction Action, EstatePlan Plan);
