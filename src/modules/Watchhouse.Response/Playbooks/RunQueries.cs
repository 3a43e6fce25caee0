using Microsoft.EntityFrameworkCore;
using Watchhouse.Cacao;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Playbooks;

/// <summary>
/// Reads runs, what waits for approval, and standing authorities. A screen that shows anew what it was opened on says so (<c>again</c>):
/// the consultation was written down when it was opened.
/// </summary>
internal sealed class RunQueries(IHouse house, PlaybookBook book)
{
    public const int MostListed = 200;

    public IReadOnlyList<PlaybookModel> Playbooks() => [.. book.All.Select(Model)];

    public async Task<IReadOnlyList<RunRow>> ListAsync(ActingPrincipal principal, ForceId? force, RunStatus? status, string? reason, CancellationToken cancellationToken, bool again = false, Guid? before = null)
    {
        await using var session = await house.EnterAsync(principal, new Access(Permissions.RunsRead) { Force = force, Reason = reason, Logged = !again }, cancellationToken);
        var found = session.Db.Set<PlaybookRun>().AsNoTracking().Where(run => (force == null || run.ForceId == force) && (status == null || run.Status == status));
        if (before is { } last)
        {
            if (await session.Db.Set<PlaybookRun>().Where(run => run.Id == last).Select(run => (DateTimeOffset?)run.StartedAt).FirstOrDefaultAsync(cancellationToken) is not { } at) return [];
            found = found.Where(run => run.StartedAt < at || (run.StartedAt == at && run.Id < last));
        }

        var rows = await found.OrderByDescending(run => run.StartedAt).ThenByDescending(run => run.Id).Take(MostListed)
            .Select(run => new { run.Id, run.ForceId, run.Name, run.Status, run.Severity, run.StartedBy, run.StartedAt, run.ChangedAt, run.AlertId, run.IncidentId }).ToListAsync(cancellationToken);
        return [.. rows.Select(run => new RunRow(run.Id, run.ForceId, run.Name, run.Status.ToString(), run.Severity.ToString(), run.StartedBy, run.StartedAt, run.ChangedAt, run.AlertId, run.IncidentId))];
    }

    public async Task<Outcome<RunDetail>> FindAsync(ActingPrincipal principal, Guid id, string? reason, CancellationToken cancellationToken, bool again = false)
    {
        await using var session = await house.EnterAsync(principal, new Access(Permissions.RunsRead) { Subject = $"run/{id}", Reason = reason, Logged = !again }, cancellationToken);
        if (await session.Db.Set<PlaybookRun>().AsNoTracking().FirstOrDefaultAsync(each => each.Id == id, cancellationToken) is not { } run) return Failure.NotFound;
        var entries = await session.Db.Set<RunEntry>().AsNoTracking().Where(each => each.RunId == id).OrderByDescending(each => each.At).ThenByDescending(each => each.Id).Take(1_000).ToListAsync(cancellationToken);
        var requests = await session.Db.Set<EstateRequest>().AsNoTracking().Where(each => each.RunId == id).OrderByDescending(each => each.RequestedAt).Take(1_000).ToListAsync(cancellationToken);
        var ids = requests.ConvertAll(each => each.Id);
        var decisions = await session.Db.Set<EstateDecision>().AsNoTracking().Where(each => ids.Contains(each.RequestId)).ToListAsync(cancellationToken);
        var playbook = RunBook.Read(run.Playbook);
        var state = CacaoRun.FromJson(run.State);
        return new RunDetail(new(
            new(run.Id, run.ForceId, run.Name, run.Status.ToString(), run.Severity.ToString(), run.StartedBy, run.StartedAt, run.ChangedAt, run.AlertId, run.IncidentId), run.Version,
            [.. state.Waiting.Select(thread => Waiting(playbook.Steps[thread.Step]))], state.Variables, state.Passed,
            [.. requests.Select(each => ActionModel.Of(each, decisions))], [.. entries.Select(each => new EntryModel(each.At, each.By, each.Step, each.Kind, each.Words))]), playbook, state, requests);
    }

    /// <summary>What waits for a force's decision, the soonest to expire first.</summary>
    public async Task<IReadOnlyList<(ActionModel Action, string? Hindrance)>> CardsAsync(ActingPrincipal principal, ForceId? force, string? reason, bool again, CancellationToken cancellationToken) =>
        await WaitingAsync(principal, force, reason, (request, decisions, now) => (ActionModel.Of(request, decisions), Hindrance(principal, request, decisions, now)), again, cancellationToken);

    /// <summary>The same without a person's part in it.</summary>
    public async Task<IReadOnlyList<ActionModel>> WaitingAsync(ActingPrincipal principal, ForceId? force, string? reason, CancellationToken cancellationToken) =>
        await WaitingAsync(principal, force, reason, (request, decisions, _) => ActionModel.Of(request, decisions), false, cancellationToken);

    private async Task<IReadOnlyList<T>> WaitingAsync<T>(ActingPrincipal principal, ForceId? force, string? reason, Func<EstateRequest, List<EstateDecision>, DateTimeOffset, T> make, bool again, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(principal, new Access(Permissions.RunsRead) { Force = force, Reason = reason, Logged = !again }, cancellationToken);
        var now = session.Now;
        var requests = await session.Db.Set<EstateRequest>().AsNoTracking().Where(each => each.State == RequestState.Waiting && each.ExpiresAt > now && (force == null || each.ForceId == force))
            .OrderBy(each => each.ExpiresAt).Take(MostListed).ToListAsync(cancellationToken);
        var ids = requests.ConvertAll(each => each.Id);
        var decisions = await session.Db.Set<EstateDecision>().AsNoTracking().Where(each => ids.Contains(each.RequestId)).ToListAsync(cancellationToken);
        return [.. requests.Select(each => make(each, decisions.FindAll(decision => decision.RequestId == each.Id), now))];
    }

    /// <summary>One request, and why this person cannot decide on it (null where they can).</summary>
    public async Task<Outcome<(ActionModel Action, string? Hindrance)>> ActionAsync(ActingPrincipal principal, Guid id, string? reason, CancellationToken cancellationToken, bool again = false)
    {
        await using var session = await house.EnterAsync(principal, new Access(Permissions.RunsRead) { Subject = $"action/{id}", Reason = reason, Logged = !again }, cancellationToken);
        if (await session.Db.Set<EstateRequest>().AsNoTracking().FirstOrDefaultAsync(each => each.Id == id, cancellationToken) is not { } request) return Failure.NotFound;
        var decisions = await session.Db.Set<EstateDecision>().AsNoTracking().Where(each => each.RequestId == id).ToListAsync(cancellationToken);
        return (ActionModel.Of(request, decisions), Hindrance(principal, request, decisions, session.Now));
    }

    private static string? Hindrance(ActingPrincipal principal, EstateRequest request, List<EstateDecision> decisions, DateTimeOffset now) =>
        RequestRules.Hindrance(request, decisions, principal.Subject, principal.Home, now)
        ?? (principal.May(Permissions.ActionsApprove, request.ForceId) ? null : "The security officer or the senior information risk owner of the force decides.");

    public async Task<int> CountWaitingAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        if (!principal.Holds(Permissions.ActionsApprove)) return 0;
        var (home, person) = (principal.Home, principal.Subject);
        await using var session = await house.EnterAsync(ActingPrincipal.ForJob("bell"), new Access(Permissions.RunsRead) { Logged = false }, cancellationToken);
        var now = session.Now;
        return await session.Db.Set<EstateRequest>().CountAsync(each => each.ForceId == home && each.State == RequestState.Waiting && each.ExpiresAt > now && each.RequestedById != person
            && !session.Db.Set<EstateDecision>().Any(decision => decision.RequestId == each.Id && decision.PersonId == person), cancellationToken);
    }

    public async Task<IReadOnlyList<AuthorityModel>> AuthoritiesAsync(ActingPrincipal principal, ForceId? force, string? reason, CancellationToken cancellationToken, bool again = false)
    {
        await using var session = await house.EnterAsync(principal, new Access(Permissions.AuthoritiesRead) { Force = force, Reason = reason, Logged = !again }, cancellationToken);
        var all = await session.Db.Set<StandingAuthority>().AsNoTracking().Where(each => force == null || each.ForceId == force).OrderByDescending(each => each.GrantedAt).Take(1_000).ToListAsync(cancellationToken);
        return [.. all.Select(each => new AuthorityModel(each.Id, each.ForceId, each.Purpose, each.Kinds, each.Target, each.MostPerDay, each.LeastSeverity.ToString(), each.Until, each.GrantedAt, each.GrantedBy,
            each.ConfirmedBy, each.RevokedAt, each.RevokedBecause, State(each, session.Now),
            each.NeedsTwo && each.ConfirmedAt is null && each.RevokedAt is null && each.Until > session.Now && each.GrantedById != principal.Subject && principal.May(Permissions.AuthoritiesGrant, each.ForceId), each.Version))];
    }

    internal static WaitingStep Waiting(CacaoStep step) => new(step.Id, step.Name, step.Kind.ToString(), EstateCommand.Of(step)?.Kind.ToString(), CacaoInterpreter.ChoicesOf(step));

    private static string State(StandingAuthority authority, DateTimeOffset now) => authority.RevokedAt is not null ? "Revoked"
        : authority.Until <= now ? "Expired" : authority.NeedsTwo && authority.ConfirmedAt is null ? "Unconfirmed" : "InForce";

    private static PlaybookModel Model(ListedPlaybook listed) => new(listed.Id, listed.Playbook.Name, listed.Playbook.Description, listed.Playbook.Severity,
        listed.Playbook.Steps.Values.Count(step => step.Kind is not (CacaoStepKind.Start or CacaoStepKind.End)), listed.Playbook.Steps.Values.Count(step => EstateCommand.Of(step) is not null),
        listed.Playbook.Labels, listed.Playbook.Modified);
}

/// <summary>The bell: approvals that wait for this person.</summary>
internal sealed class ApprovalBell(RunQueries queries) : INotificationSource
{
    public async ValueTask<WaitingNotice?> CountAsync(ActingPrincipal principal, CancellationToken cancellationToken) =>
        await queries.CountWaitingAsync(principal, cancellationToken) is > 0 and var count ? new(count == 1 ? "1 approval" : $"{count} approvals", count, "/approvals") : null;
}
