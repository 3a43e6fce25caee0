using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Monitoring.Collect.Running;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Collect;

/// <summary>A collector and how it fares. Of its credential there is the kind and when it lapses.</summary>
internal sealed record CollectorAnswer(
    Guid Id, ForceId Force, CollectorKind Kind, string Name, string Source, Guid TenantId, Guid ClientId, CredentialKind CredentialKind,
    string? CredentialFile, DateTimeOffset? CredentialExpiresAt, IReadOnlyList<string> Streams, string? Address, string? Group, int EverySeconds,
    bool Enabled, uint Version, DateTimeOffset CreatedAt, string CreatedBy, bool Running, DateTimeOffset? NextRunAt, DateTimeOffset? LastRunAt,
    DateTimeOffset? LastSuccessAt, int Failures, string? Problem, DateTimeOffset? ProblemSince);

/// <summary>A line of the coverage ledger.</summary>
internal sealed record WindowAnswer(
    Guid Collector, ForceId Force, string Stream, DateTimeOffset From, DateTimeOffset To, WindowState State, string? Reason, long Listed, long Fetched,
    long Late, long Events, int Pass, int Attempts, string? Problem, DateTimeOffset? NextAt, DateTimeOffset? FetchedAt, DateTimeOffset? ReconciledAt);

/// <summary>How far a stream is covered.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="CoveredTo">Everything before this was fetched at least once, or is named as a gap; null while nothing was.</param>
/// <param name="ReconciledTo">Everything before this is reconciled or a gap that nothing more is done about.</param>
/// <param name="Gaps">Windows of which something was lost.</param>
/// <param name="Open">Windows that are not fetched yet.</param>
internal sealed record StreamAnswer(string Stream, DateTimeOffset? CoveredTo, DateTimeOffset? ReconciledTo, int Gaps, int Open);

/// <summary>The coverage of a collector: by stream, and the newest lines of the ledger.</summary>
internal sealed record CoverageAnswer(IReadOnlyList<StreamAnswer> Streams, IReadOnlyList<WindowAnswer> Windows);

/// <summary>Reads collectors and their coverage, within the reader's sight.</summary>
internal sealed class CollectorQueries(IHouse house, CollectorScheduler scheduler)
{
    private const int MostWindows = 1_000;

    public async Task<IReadOnlyList<CollectorAnswer>> ListAsync(ActingPrincipal actor, ForceId? force, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.SourcesRead) { Force = force, Subject = "collectors", Reason = reason }, cancellationToken);
        return await AnswersAsync(session, cancellationToken);
    }

    /// <summary>The collectors that a session sees.</summary>
    internal async Task<IReadOnlyList<CollectorAnswer>> AnswersAsync(HouseSession session, CancellationToken cancellationToken)
    {
        var statuses = await session.Db.Set<CollectorStatus>().AsNoTracking().ToDictionaryAsync(s => s.Id, cancellationToken);
        var collectors = await session.Db.Set<Collector>().AsNoTracking().OrderBy(c => c.ForceId).ThenBy(c => c.Name).ToListAsync(cancellationToken);
        return [.. collectors.Select(c => Answer(c, statuses.GetValueOrDefault(c.Id)))];
    }

    public async Task<Outcome<CollectorAnswer>> FindAsync(ActingPrincipal actor, Guid id, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, id, reason, cancellationToken);
        if (await session.Db.Set<Collector>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancellationToken) is not { } collector) return Failure.NotFound;
        return Answer(collector, await session.Db.Set<CollectorStatus>().AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, cancellationToken));
    }

    public async Task<Outcome<CoverageAnswer>> CoverageAsync(ActingPrincipal actor, Guid id, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, id, reason, cancellationToken);
        if (!await session.Db.Set<Collector>().AnyAsync(c => c.Id == id, cancellationToken)) return Failure.NotFound;
        var windows = session.Db.Set<CoverageWindow>().AsNoTracking().Where(w => w.CollectorId == id);
        // By stream in the database; a stream has thousands of windows, a collector few streams.
        var streams = await windows.GroupBy(w => w.Stream).Select(g => new
        {
            Stream = g.Key,
            End = g.Max(w => (DateTimeOffset?)w.To),
            Gaps = g.Count(w => w.State == WindowState.Gap),
            Open = g.Count(w => w.State == WindowState.Planned || w.State == WindowState.Listed),
            FirstOpen = g.Min(w => w.State == WindowState.Planned || w.State == WindowState.Listed ? (DateTimeOffset?)w.From : null),
            FirstUnreconciled = g.Min(w => w.NextAt != null ? (DateTimeOffset?)w.From : null),
        }).ToListAsync(cancellationToken);
        var newest = await windows.OrderByDescending(w => w.From).ThenBy(w => w.Stream).Take(MostWindows).ToListAsync(cancellationToken);
        return new CoverageAnswer(
            [.. streams.OrderBy(s => s.Stream, StringComparer.Ordinal).Select(s => new StreamAnswer(s.Stream, s.FirstOpen ?? s.End, s.FirstUnreconciled ?? s.End, s.Gaps, s.Open))],
            [.. newest.Select(Answer)]);
    }

    /// <summary>Stretches of time of which something was lost, or could be, the newest first.</summary>
    public async Task<IReadOnlyList<WindowAnswer>> GapsAsync(ActingPrincipal actor, ForceId? force, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.SourcesRead) { Force = force, Subject = "collectors/gaps", Reason = reason }, cancellationToken);
        var gaps = await session.Db.Set<CoverageWindow>().AsNoTracking().Where(w => w.State == WindowState.Gap && (force == null || w.ForceId == force))
            .OrderByDescending(w => w.From).Take(MostWindows).ToListAsync(cancellationToken);
        return [.. gaps.Select(Answer)];
    }

    private Task<HouseSession> EnterAsync(ActingPrincipal actor, Guid id, string? reason, CancellationToken cancellationToken) =>
        house.EnterAsync(actor, new Access(Permissions.SourcesRead) { Subject = $"collector/{id}", Reason = reason }, cancellationToken);

    private CollectorAnswer Answer(Collector c, CollectorStatus? s) => new(
        c.Id, c.ForceId, c.Kind, c.Name, c.Source, c.TenantId, c.ClientId, c.Credential, c.CredentialFile, c.CredentialExpiresAt, c.Streams, c.Address, c.Group,
        c.EverySeconds, c.Enabled, c.Version, c.CreatedAt, c.CreatedBy, scheduler.IsRunning(c.Id), s?.NextRunAt, s?.LastRunAt, s?.LastSuccessAt, s?.Failures ?? 0,
        s?.Problem, s?.ProblemSince);

    internal static WindowAnswer Answer(CoverageWindow w) => new(
        w.CollectorId, w.ForceId, w.Stream, w.From, w.To, w.State, w.Reason, w.Listed, w.Fetched, w.Late, w.Events, w.Pass, w.Attempts, w.Problem, w.NextAt,
        w.FetchedAt, w.ReconciledAt);
}
