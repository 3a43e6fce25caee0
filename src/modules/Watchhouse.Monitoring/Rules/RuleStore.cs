using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Exceptions;
using Watchhouse.Monitoring.Rules.Programs;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules;

/// <summary>
/// What of the stored rules is read without a person: what the compiler needs, and what the Centre holds for all forces.
/// Rules, lists and exceptions of the Centre are national: whoever may read rules sees them, though the Centre owns the rows.
/// </summary>
internal sealed class RuleStore(IHouse house)
{
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("rules");
    private static readonly Access Reading = new(Permissions.RulesRead) { Logged = false };

    /// <summary>A session of the job, for the rows of the Centre and for what runs over all forces.</summary>
    public Task<HouseSession> EnterAsync(CancellationToken cancellationToken) => house.EnterAsync(Job, Reading, cancellationToken);

    /// <summary>The Centre's rows that a query chooses.</summary>
    public async Task<List<TRow>> NationalAsync<TOwned, TRow>(Func<IQueryable<TOwned>, IQueryable<TRow>> choose, CancellationToken cancellationToken)
        where TOwned : class, IOwnedByForce
    {
        await using var session = await EnterAsync(cancellationToken);
        return await choose(session.Db.Set<TOwned>().AsNoTracking().Where(row => row.ForceId == ForceId.Centre)).ToListAsync(cancellationToken);
    }

    /// <summary>Everything that runs, the oldest first.</summary>
    public async Task<(List<RuleUnit> Units, List<UnitList> Lists)> RunningAsync(CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(cancellationToken);
        var units = await session.Db.Set<DetectionRule>().AsNoTracking().Where(rule => rule.Stage == RuleStage.Live || rule.Stage == RuleStage.Testing)
            .OrderBy(rule => rule.CreatedAt).ThenBy(rule => rule.Key)
            .Select(rule => new RuleUnit(rule.Id, rule.ForceId, rule.Stage == RuleStage.Testing, rule.Names, rule.Placeholders, rule.Text))
            .ToListAsync(cancellationToken);
        return (units, await ListsAsync(session, cancellationToken));
    }

    /// <summary>How many rules run.</summary>
    public async Task<int> CountRunningAsync(CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(cancellationToken);
        return await session.Db.Set<DetectionRule>().CountAsync(rule => rule.Stage == RuleStage.Live || rule.Stage == RuleStage.Testing, cancellationToken);
    }

    public static Task<List<UnitList>> ListsAsync(HouseSession session, CancellationToken cancellationToken) =>
        session.Db.Set<ValueList>().AsNoTracking().Select(list => new UnitList(list.ForceId, list.Name, list.Values)).ToListAsync(cancellationToken);

    /// <summary>Exceptions that are not over.</summary>
    public async Task<ExceptionBook> ExceptionsAsync(CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(cancellationToken);
        var now = session.Now;
        return ExceptionBook.Of(await session.Db.Set<RuleException>().AsNoTracking()
            .Where(each => each.RemovedAt == null && each.ExpiresAt > now).ToListAsync(cancellationToken));
    }

    /// <summary>Something that differs when another program has changed rules, lists or exceptions.</summary>
    public async Task<string> StampAsync(CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(cancellationToken);
        var rules = await session.Db.Set<DetectionRule>().GroupBy(_ => 1).Select(all => new { Count = all.Count(), Last = all.Max(each => each.ChangedAt) })
            .FirstOrDefaultAsync(cancellationToken);
        var lists = await session.Db.Set<ValueList>().GroupBy(_ => 1).Select(all => new { Count = all.Count(), Last = all.Max(each => each.ChangedAt) })
            .FirstOrDefaultAsync(cancellationToken);
        return $"{rules} {lists}";
    }
}
