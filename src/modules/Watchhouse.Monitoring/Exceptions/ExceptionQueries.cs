using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.Rules;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Sigma;

namespace Watchhouse.Monitoring.Exceptions;

/// <summary>Reads exceptions, and says what one would have done.</summary>
internal sealed class ExceptionQueries(IHouse house, RuleStore store)
{
    public const int MostRows = 2_000;
    private const int PreviewDays = 30;
    private const int MostAlerts = 1_000;
    private const int AlertsAtOnce = 50;

    /// <summary>Exceptions of forces in sight and those of the Centre that are for them; those that end soonest first.</summary>
    public async Task<IReadOnlyList<ExceptionRow>> ListAsync(
        ActingPrincipal actor, string? rule, string? state, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.RulesRead) { Subject = "exceptions", Reason = reason }, cancellationToken);
        var rows = await Chosen(session.Db.Set<RuleException>().AsNoTracking().Where(each => each.ForceId != ForceId.Centre)).ToListAsync(cancellationToken);
        rows.AddRange(await store.NationalAsync<RuleException, RuleException>(Chosen, cancellationToken));
        var seen = actor.ForcesFor(Permissions.RulesRead).Select(force => force.Value).ToHashSet(StringComparer.Ordinal);
        var ids = rows.Select(row => row.Id).ToList();
        var counts = (await session.Db.Set<ExceptionCount>().AsNoTracking().Where(count => ids.Contains(count.ExceptionId)).ToListAsync(cancellationToken))
            .ToLookup(count => count.ExceptionId);
        var list = new List<ExceptionRow>();
        foreach (var row in rows)
        {
            // For which other forces the Centre made it is for those forces to know.
            var forces = ExceptionBook.Forces(row).Where(force => actor.IsCentre || seen.Contains(force)).Select(ForceId.Of).ToList();
            if (forces.Count == 0) continue;
            var answer = Row(row, forces, counts[row.Id], session.Now);
            if (state is null || answer.State.Equals(state, StringComparison.OrdinalIgnoreCase)) list.Add(answer);
        }

        return [.. list.OrderBy(row => row.State is "removed" or "expired").ThenBy(row => row.ExpiresAt)];

        IQueryable<RuleException> Chosen(IQueryable<RuleException> all) =>
            (rule is null ? all : all.Where(each => each.Rule == rule)).OrderByDescending(each => each.CreatedAt).Take(MostRows);
    }

    /// <summary>One of them, where it is a force's in sight, or the Centre's and for such a force.</summary>
    public async Task<Outcome<ExceptionDetail>> FindAsync(ActingPrincipal actor, Guid id, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.RulesRead) { Subject = $"exception/{id}", Reason = reason }, cancellationToken);
        var found = await session.Db.Set<RuleException>().AsNoTracking().FirstOrDefaultAsync(each => each.Id == id, cancellationToken)
            ?? (await store.NationalAsync<RuleException, RuleException>(all => all.Where(each => each.Id == id), cancellationToken)).FirstOrDefault();
        if (found is null) return Failure.NotFound;
        var seen = actor.ForcesFor(Permissions.RulesRead).Select(force => force.Value).ToHashSet(StringComparer.Ordinal);
        var forces = ExceptionBook.Forces(found).Where(force => actor.IsCentre || seen.Contains(force)).Select(ForceId.Of).ToList();
        if (forces.Count == 0) return Failure.NotFound;
        var counts = await session.Db.Set<ExceptionCount>().AsNoTracking().Where(count => count.ExceptionId == id).ToListAsync(cancellationToken);
        var owned = await session.Db.Set<DetectionRule>().AsNoTracking().Where(each => each.Names.Contains(found.Rule)).Select(each => each.Id).ToListAsync(cancellationToken);
        if (owned.Count == 0)
            owned = await store.NationalAsync<DetectionRule, Guid>(rules => rules.Where(each => each.Names.Contains(found.Rule)).Select(each => each.Id), cancellationToken);
        return new ExceptionDetail(
            Row(found, forces, counts, session.Now),
            [.. forces.Order().Select(force => (force, Own: counts.Where(count => count.ForceId == force).ToList()))
                .Select(each => new ExceptionForce(each.force, each.Own.Sum(count => count.Events), each.Own.Count == 0 ? null : each.Own.Max(count => count.LastAt)))],
            found.ForceId == actor.Home && actor.Holds(Permissions.ExceptionsManage),
            owned.Count == 0 ? null : owned[0]);
    }

    /// <summary>How many alerts of the last 30 days an exception would have suppressed, by the events that are kept with them.</summary>
    public async Task<Outcome<ExceptionPreviewAnswer>> PreviewAsync(
        ActingPrincipal actor, ExceptionOptions options, string? reason, CancellationToken cancellationToken)
    {
        if (ExceptionOperations.ConditionFault(options) is { } fault) return fault;
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.AlertsRead) { Subject = $"alerts of {options.Rule}", Reason = reason }, cancellationToken);
        var forces = ExceptionOperations.Forces(actor, options) is { Count: > 0 } named ? named.ToList() : [actor.Home];
        var since = session.Now.AddDays(-PreviewDays);
        var alerts = await session.Db.Set<Alert>().AsNoTracking()
            .Where(alert => alert.Rule == options.Rule && alert.RaisedAt >= since && forces.Contains(alert.ForceId))
            .OrderByDescending(alert => alert.RaisedAt).Take(MostAlerts + 1)
            .Select(alert => new { alert.Id, alert.Entity }).ToListAsync(cancellationToken);
        var (suppressed, partly, unknown) = (0, 0, 0);
        var looking = new Looking(options.Condition);
        foreach (var some in alerts.Take(MostAlerts).Chunk(AlertsAtOnce))
        {
            var ids = some.Select(alert => alert.Id).ToList();
            var events = options.WholeRule ? [] : await session.Db.Set<AlertEvent>().AsNoTracking().Where(each => ids.Contains(each.AlertId))
                .Select(each => new { each.AlertId, each.At, each.Source, each.Raw, each.RawCut }).ToListAsync(cancellationToken);
            foreach (var alert in some)
            {
                var answers = events.Where(each => each.AlertId == alert.Id)
                    .Select(each => each.RawCut ? null : looking.Holds(each.Raw, each.At, each.Source, alert.Entity)).ToList();
                if (options.WholeRule || (answers.Count > 0 && answers.TrueForAll(holds => holds == true))) suppressed++;
                else if (answers.Count == 0 || answers.Contains(null)) unknown++;
                else if (answers.Contains(true)) partly++;
            }
        }

        return new ExceptionPreviewAnswer(PreviewDays, Math.Min(alerts.Count, MostAlerts), suppressed, partly, unknown, alerts.Count > MostAlerts);
    }

    internal static ExceptionRow Row(RuleException row, IEnumerable<ForceId> forces, IEnumerable<ExceptionCount> counts, DateTimeOffset now)
    {
        var all = counts.ToList();
        return new(
            row.Id, row.ForceId, [.. forces.Order()], row.Rule, row.RuleTitle, row.Condition, row.WholeRule, row.Reason, row.Owner, row.CreatedAt, row.CreatedBy,
            row.ExpiresAt, row.StateAt(now), all.Sum(count => count.Events), all.Count == 0 ? null : all.Max(count => count.LastAt), row.Version,
            row.ExtendedAt is { } extended ? new(extended, row.ExtendedBy, row.ExtendedWhy) : null,
            row.RemovedAt is { } removed ? new(removed, row.RemovedBy, row.RemovedWhy) : null);
    }

    /// <summary>Evaluates a condition on kept events, with fields found as rules find them.</summary>
    private sealed class Looking(IReadOnlyList<ExceptionPart> condition)
    {
        private readonly PayloadEvents _events = new();
        private readonly DetectionSession _session = SigmaDetector.Compile(
            [], new() { LogSources = LogSourceMap.Default.Entries, Fields = [.. condition.Select(part => part.Field).Distinct()] }).CreateSession();

        /// <summary>Null where no event can be made of the bytes.</summary>
        public bool? Holds(byte[] raw, DateTimeOffset at, string source, string entity)
        {
            bool? holds = null;
            _events.Read(PayloadFormat.HecRaw, raw, at, record =>
            {
                _session.Detect(record);
                holds = (holds ?? true) && ExceptionBook.Holds(condition, _session.FieldTexts, entity, source);
            });
            return holds;
        }
    }
}
