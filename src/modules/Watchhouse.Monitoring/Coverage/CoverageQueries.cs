using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Rules;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Sigma;

namespace Watchhouse.Monitoring.Coverage;

/// <summary>What of the matrix is asked for.</summary>
internal sealed record CoverageQuestion
{
    public const int MostDays = 90;

    public ForceId? Force { get; init; }

    /// <summary>What arrived within so many days counts.</summary>
    public int Days { get; init; } = 1;

    /// <summary>A part of the estate; null for all.</summary>
    public string? Part { get; init; }

    public string? Reason { get; init; }

    /// <summary>What is wrong with it, or null.</summary>
    public Failure? Fault() =>
        Days is < 1 or > MostDays ? Failure.Invalid($"Give 1 to {MostDays} days.", "days")
        : Part is not null && !CoveragePart.All.Any(part => part.Word == Part)
            ? Failure.Invalid($"A part is {string.Join(", ", CoveragePart.All.Select(part => part.Word))}; leave it out for all.", "part") : null;
}

/// <summary>Reads coverage, within the reader's sight: the rules that run now against what has arrived.</summary>
internal sealed class CoverageQueries(IHouse house, RuleStore store, RuleBook book, AttackBook attack, IForceDirectory directory, TimeProvider clock)
{
    public const int MostRules = 200;
    private const int MostUnlocking = 15;
    private const int MostSources = 200;

    // Made again only when other rules run; thousands of rules are a tenth of a second.
    private CoverageRules? _index;

    public async Task<Outcome<CoverageAnswer>> MatrixAsync(ActingPrincipal actor, CoverageQuestion question, CancellationToken cancellationToken)
    {
        if (question.Fault() is { } fault) return fault;
        var (matrix, forces, _, withheld) = await ReadAsync(actor, question, "coverage", cancellationToken);
        var index = Index();
        return new CoverageAnswer(
            AttackFacts.Version, question.Days, question.Part, question.Force, forces.Count, forces.Count(force => !force.Entries.IsEmpty),
            matrix.LiveRules, matrix.FedRules, index.Untagged, [.. index.UnknownTags], attack.Facts.Tactics, matrix.Techniques(),
            matrix.Unlocking(MostUnlocking), withheld);
    }

    public async Task<Outcome<TechniqueDetail>> TechniqueAsync(
        ActingPrincipal actor, string id, CoverageQuestion question, CancellationToken cancellationToken)
    {
        if (question.Fault() is { } fault) return fault;
        var (matrix, _, contents, _) = await ReadAsync(actor, question, $"coverage/{(id.Length > 12 ? id[..12] : id)}", cancellationToken);
        if (attack.Facts.Find(id) is not { } technique) return Failure.NotFound;
        var all = matrix.Techniques();
        var rules = matrix.RulesOf(technique.Id);
        var entries = matrix.EntriesOf(technique.Id);
        var since = Since(question);
        var sources = contents.Where(row => entries.Contains(row.Entry)).OrderByDescending(row => row.LastAt)
            .Select(row => new TechniqueSource(row.ForceId, row.Source, row.Entry, row.LastAt, row.Events, row.LastAt >= since)).Take(MostSources);
        return new TechniqueDetail(
            all.First(each => each.Id == technique.Id), [.. all.Where(each => each.IsSub && each.Id.StartsWith(technique.Id + ".", StringComparison.Ordinal))],
            matrix.ForcesOf(technique.Id, covered: true), matrix.ForcesOf(technique.Id, covered: false),
            await WithOwnersAsync([.. rules.Take(MostRules)], cancellationToken), rules.Count, [.. sources], matrix.Unlocking(5, technique.Id));
    }

    private DateTimeOffset Since(CoverageQuestion question) => clock.GetUtcNow() - TimeSpan.FromDays(question.Days);

    private async Task<(CoverageMatrix Matrix, IReadOnlyList<ForceArrivals> Forces, IReadOnlyList<SourceContent> Contents, IReadOnlyList<ForceId> Withheld)> ReadAsync(
        ActingPrincipal actor, CoverageQuestion question, string subject, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.CoverageRead) { Force = question.Force, Subject = subject, Reason = question.Reason }, cancellationToken);
        var contents = await session.Db.Set<SourceContent>().AsNoTracking().ToListAsync(cancellationToken);
        var since = Since(question);
        var index = Index();
        var places = index.EntryNames.Select((name, place) => (name, place)).ToLookup(each => each.name, each => each.place, StringComparer.Ordinal);
        var byForce = contents.Where(row => row.LastAt >= since).ToLookup(row => row.ForceId, row => row.Entry);
        var existing = (await directory.ListAsync(cancellationToken)).Select(each => each.Id).ToHashSet();
        // The Centre watches; what it delivers of its own counts when it is asked for.
        var seen = question.Force is { } one ? [one] : actor.ForcesFor(Permissions.CoverageRead)
            .Where(force => existing.Contains(force) && !session.Withheld.Contains(force) && (force != ForceId.Centre || byForce.Contains(force))).ToList();
        var forces = seen.Select(force =>
        {
            var set = index.NewSet();
            foreach (var entry in byForce[force].Distinct())
            {
                foreach (var place in places[entry]) set.Add(place);
            }

            return new ForceArrivals(force, set);
        }).ToList();
        return (new CoverageMatrix(index, attack.Facts, forces, question.Part), forces, contents, session.Withheld);
    }

    private CoverageRules Index()
    {
        var (program, index) = (book.Program, Volatile.Read(ref _index));
        if (index is null || !ReferenceEquals(index.Program, program))
            Volatile.Write(ref _index, index = CoverageRules.Of(program, attack.Facts, LogSourceMap.Default));
        return index;
    }

    // The rules are in sight: national ones, and those that run over a force that the reader sees.
    private async Task<IReadOnlyList<TechniqueRule>> WithOwnersAsync(IReadOnlyList<TechniqueRule> rules, CancellationToken cancellationToken)
    {
        var ids = rules.Select(rule => rule.Id).ToList();
        await using var session = await store.EnterAsync(cancellationToken);
        var owners = await session.Db.Set<DetectionRule>().AsNoTracking().Where(rule => ids.Contains(rule.Id))
            .Select(rule => new { rule.Id, rule.ForceId }).ToDictionaryAsync(rule => rule.Id, rule => rule.ForceId, cancellationToken);
        return [.. rules.Select(rule => rule with { Owner = owners.GetValueOrDefault(rule.Id, ForceId.Centre) })];
    }
}
