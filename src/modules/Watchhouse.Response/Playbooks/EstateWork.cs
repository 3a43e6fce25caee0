using Microsoft.EntityFrameworkCore;
using Watchhouse.Cacao;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Response.Clocks;
using Watchhouse.Response.Estate;
using Watchhouse.Response.Notices;

namespace Watchhouse.Response.Playbooks;

/// <summary>
/// Takes one request one step on. What is about to be sent is stored before it is sent, and whoever stored it sends it: another that
/// tried in the same moment finds the row changed. After a crash the row says that it may have been sent; then it is looked at, and
/// where it is not seen to be done, the same operation is asked for again, which by the executor's contract does nothing twice.
/// </summary>
internal sealed class EstateWork(IHouse house, EstateDoor estate, RunSignal signal, ClockKeeper clocks, INotices notices)
{
    private const int MostAnswer = 4_000;

    // Longer than any call: while it lasts, whoever holds the row is at it.
    private static readonly TimeSpan Lease = EstateDoor.Longest + TimeSpan.FromSeconds(30);
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("estate");

    /// <summary>Requests that are due, the longest waiting first.</summary>
    public async Task<IReadOnlyList<Guid>> DueAsync(int most, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(cancellationToken);
        var now = session.Now;
        return await session.Db.Set<EstateRequest>().AsNoTracking().Where(each => each.NextAt != null && each.NextAt <= now)
            .OrderBy(each => each.NextAt).Select(each => each.Id).Take(most).ToListAsync(cancellationToken);
    }

    /// <summary>One step of one request. Returns whether something was done.</summary>
    public async Task<bool> StepAsync(Guid id, CancellationToken cancellationToken)
    {
        var claimed = await ClaimAsync(id, cancellationToken);
        if (claimed is not (var request, var send)) return false;
        // An undoing looks first by itself, and does nothing twice: to look is to ask for it again.
        var acts = send || request.Undoes is not null;
        var answer = acts
            ? await estate.SendAsync(request, request.Undoes is null ? null : request.Undo, cancellationToken)
            : await estate.ProveAsync(request, request.Id, cancellationToken);
        await StoreAsync(request, acts, answer, cancellationToken);
        return true;
    }

    /// <summary>Stores what will be done with the request, and gives it to the caller alone; null where there is nothing to do or somebody else was faster.</summary>
    private async Task<(EstateRequest Request, bool Send)?> ClaimAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(cancellationToken);
        var request = await session.Db.Set<EstateRequest>().FirstOrDefaultAsync(each => each.Id == id, cancellationToken);
        if (request?.NextAt is not { } due || due > session.Now) return null;
        var send = false;
        switch (request.State)
        {
            case RequestState.Waiting:
                return await EndAsync(session, request, RequestState.Expired, "Nobody of the force decided in time, so nothing was done.", cancellationToken);
            case RequestState.Approved when request.BeginBy <= session.Now && request.Sent > 0:
                (request.State, request.Words) = (RequestState.Unknown, "The time in which it may be sent again has passed. Whether it was done is being looked at.");
                break;
            case RequestState.Approved when request.BeginBy <= session.Now:
                return await EndAsync(session, request, RequestState.Expired, "It could not be begun in time after it was approved, so nothing was done. Ask anew if it is still needed.", cancellationToken);
            case RequestState.Approved when await LapsedAsync(session, request, cancellationToken) is { } lapsed:
                if (request.Sent == 0)
                {
                    await AskForceAsync(session, request, $"The standing authority no longer covers it ({lapsed}), so it waits for the force.", cancellationToken);
                    await SaveAsync(session, request, cancellationToken);
                    return null;
                }

                (request.State, request.Words) = (RequestState.Unknown, $"The standing authority no longer covers it ({lapsed}), so it is not sent again. Whether it was done is being looked at.");
                break;
            case RequestState.Approved:
                (request.State, request.Words, send) = (RequestState.Sending, "It is being sent.", true);
                request.FirstSentAt ??= session.Now;
                request.Sent++;
                break;
            case RequestState.Sending or RequestState.Unknown or RequestState.PendingProof when request.Undoes is not null && request.FirstSentAt + RequestRules.BeginsWithin <= session.Now:
                // To look at an undoing is to ask for it again, and that was agreed to for its hour alone: the force may want it otherwise since.
                return await EndAsync(session, request, RequestState.Unproven, "It was not seen to be undone within an hour, and is not asked for again. Look in the estate, and ask anew if it is still needed.", cancellationToken);
            case RequestState.Sending:
                // The program stopped between the storing and the answer.
                (request.State, request.Words) = (RequestState.Unknown, "The answer was lost. Whether it was done is being looked at.");
                break;
        }

        request.NextAt = session.Now + Lease;
        return await SaveAsync(session, request, cancellationToken) ? (request, send) : null;
    }

    private async Task StoreAsync(EstateRequest known, bool wasAsked, EstateAnswer answer, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(cancellationToken);
        var request = await session.Db.Set<EstateRequest>().FirstAsync(each => each.Id == known.Id, cancellationToken);
        // The lease ran out and another went on: what that one finds counts.
        if (request.Version != known.Version) return;
        if (answer.Request.Length > 0) request.Request = RunOperations.Cut(answer.Request, MostAnswer);
        if (answer.Answer.Length > 0) request.Answer = RunOperations.Cut(answer.Answer, MostAnswer);
        // A look tells it, too, where the answer that bore it was lost.
        if (request.Undoes is null) request.Undo = answer.Undo ?? request.Undo;
        var (before, now) = (request.State, session.Now);
        switch (answer.State)
        {
            case EstateState.Proven:
                RequestOperations.Close(request, RequestState.Proven, answer.Words);
                request.DoneAt = now;
                break;
            case EstateState.Refused when wasAsked && request.Sent > 1 && request.Undoes is null:
                // That a repeat did nothing says nothing of what went before it.
                LookLater(request, RequestState.Unknown, answer.Words, now);
                break;
            case EstateState.Refused when wasAsked || before == RequestState.PendingProof || request.Sent >= RequestRules.MostSent:
                RequestOperations.Close(request, RequestState.Rejected, answer.Words);
                break;
            case EstateState.Refused when await LapsedAsync(session, request, cancellationToken) is { } lapsed:
                // It was seen that nothing had been done, so it begins afresh.
                (request.FirstSentAt, request.Sent) = (null, 0);
                await AskForceAsync(session, request, $"It was sent, and seen not to have been done. The standing authority no longer covers it ({lapsed}), so it waits for the force.", cancellationToken);
                break;
            case EstateState.Refused when request.FirstSentAt + RequestRules.BeginsWithin <= now:
                RequestOperations.Close(request, RequestState.Expired, "It was seen that nothing had been done, and the hour in which it may be sent again has passed. Ask anew if it is still needed.");
                break;
            case EstateState.Refused:
                // It was seen that nothing had been done, so sending it is safe, while the approval is fresh.
                Again(request, now, "It was seen that nothing had been done, so it is sent again.");
                break;
            case EstateState.PendingProof when !wasAsked && before == RequestState.Unknown && RequestRules.MayAgain(request, now):
                if (await LapsedAsync(session, request, cancellationToken) is not { } over) Again(request, now, "It was not seen to be done, so the same operation is asked for again; it does nothing twice.");
                else LookLater(request, RequestState.Unknown, $"It was not seen to be done. The standing authority no longer covers it ({over}), so it is not sent again; it is still looked for.", now);
                break;
            case EstateState.PendingProof when wasAsked:
                LookLater(request, RequestState.PendingProof, answer.Words, now);
                break;
            default:
                LookLater(request, before == RequestState.PendingProof ? RequestState.PendingProof : RequestState.Unknown, answer.Words, now);
                break;
        }

        if (!request.IsOver && request.FirstSentAt is { } first && now >= first + RequestRules.BeginsWithin) await UnprovenAsync(session, request, first, cancellationToken);

        await NoteAsync(session, request, before, cancellationToken);
        await SaveAsync(session, request, cancellationToken);
    }

    /// <summary>What a standing authority covered, and no longer does, waits for people.</summary>
    private async Task AskForceAsync(HouseSession session, EstateRequest request, string words, CancellationToken cancellationToken)
    {
        (request.State, request.Words, request.AuthorityId, request.BeginBy, request.NextAt) = (RequestState.Waiting, words, null, null, request.ExpiresAt);
        (await RunBook.FindAsync(session, request.RunId, cancellationToken))?.Note(session, "Watchhouse", request.Step, "asked", $"'{request.StepName}' of {request.Target}: {words}");
        await notices.AddAsync(session, new Notice(request.ForceId, $"approval/{request.RunId}/{request.Step}/{request.Id}/lapsed", "approval",
            request.Severity.ToString().ToLowerInvariant(), "An action in your force's estate waits for your decision.", $"/approvals/{request.Id}") { Roles = [Role.SecurityOfficer, Role.Siro] }, cancellationToken);
    }

    /// <summary>What is not proven for an hour is told; what is not for days is no longer looked for.</summary>
    private async Task UnprovenAsync(HouseSession session, EstateRequest request, DateTimeOffset first, CancellationToken cancellationToken)
    {
        if (session.Now >= first + RequestRules.LooksFor)
        {
            RequestOperations.Close(request, RequestState.Unproven, $"It was looked for {RequestRules.LooksFor.TotalDays:0} days and never seen to be done. Look in the estate, and do it by hand if it is needed.");
            return;
        }

        await notices.AddAsync(session, new Notice(request.ForceId, $"approval/{request.Id}/unproven", "approval", request.Severity.ToString().ToLowerInvariant(),
            "An action in your force's estate is not proven an hour after it was sent.", $"/approvals/{request.Id}") { Roles = [Role.SecurityOfficer, Role.ItLead] }, cancellationToken);
    }

    private static void LookLater(EstateRequest request, RequestState state, string words, DateTimeOffset now) =>
        (request.State, request.Words, request.NextAt) = (state, RunOperations.Cut(words, 2_000), now + RequestRules.Wait(request.Looks++));

    private static void Again(EstateRequest request, DateTimeOffset now, string words)
    {
        RequestOperations.Approve(request, now, words);
        request.BeginBy = request.FirstSentAt + RequestRules.BeginsWithin;
    }

    /// <summary>What became of it goes into the run in the same transaction; the run goes on when the action is proven.</summary>
    private async Task NoteAsync(HouseSession session, EstateRequest request, RequestState before, CancellationToken cancellationToken)
    {
        if (request.State == before || request.State is RequestState.Approved or RequestState.Waiting || await RunBook.FindAsync(session, request.RunId, cancellationToken) is not { } run) return;
        if (request.State == RequestState.Proven && request.Undoes is null && run.Row.Status == RunStatus.Running && run.State.At(request.Step)?.Wait == CacaoWait.Work)
            run.Apply(session, new CacaoEvent.Completed(request.Step, true));
        // What the force agreed to is seen to be done: it has acted.
        if (request is { State: RequestState.Proven, Undoes: null } && run.Row.IncidentId is { } incident)
            await clocks.HappenedAsync(session, incident, ClockEventKind.Acted, "Watchhouse", cancellationToken, $"'{request.StepName}' was approved and proven.");
        run.Note(session, "Watchhouse", request.Step, "action", $"'{request.StepName}' of {request.Target}: {FlowWords.State(request.State).ToLowerInvariant()}. {request.Words}");
    }

    private async Task<(EstateRequest, bool)?> EndAsync(HouseSession session, EstateRequest request, RequestState state, string words, CancellationToken cancellationToken)
    {
        var before = request.State;
        RequestOperations.Close(request, state, words);
        await NoteAsync(session, request, before, cancellationToken);
        await SaveAsync(session, request, cancellationToken);
        return null;
    }

    /// <summary>Why the standing authority that covered it no longer does; null where it does, or people decided.</summary>
    private static async Task<string?> LapsedAsync(HouseSession session, EstateRequest request, CancellationToken cancellationToken)
    {
        if (request.AuthorityId is not { } id) return null;
        // What it was used for counts already; the limit was looked at when it was asked for.
        return await session.Db.Set<StandingAuthority>().AsNoTracking().FirstOrDefaultAsync(each => each.Id == id, cancellationToken) is { } authority
            ? RequestRules.Uncovered(authority, request.ForceId, request.Action, request.Severity, 0, session.Now) : "It is gone.";
    }

    private async Task<bool> SaveAsync(HouseSession session, EstateRequest request, CancellationToken cancellationToken)
    {
        var saved = await session.CommitAsync(cancellationToken);
        if (saved.Succeeded) signal.Raise(request.ForceId);
        return saved.Succeeded;
    }

    private Task<HouseSession> OpenAsync(CancellationToken cancellationToken) => house.EnterAsync(Job, new Access(Permissions.RunsWork) { Logged = false }, cancellationToken);
}
