using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Rules.Programs;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules;

/// <summary>Reads rules: the nation's, and those of forces within the reader's sight.</summary>
internal sealed class RuleQueries(IHouse house, RuleStore store, RuleBook book)
{
    /// <summary>Revisions that are given at once, the latest first.</summary>
    public const int MostRevisions = 100;

    private const int MostTests = 20;

    public async Task<RulePage> PageAsync(ActingPrincipal actor, RuleFilter filter, CancellationToken cancellationToken)
    {
        var heads = new List<RuleHead>();
        if (filter.Owner is null || filter.Owner == ForceId.Centre)
            heads.AddRange(await store.NationalAsync<DetectionRule, RuleHead>(rules => Heads(Chosen(rules, filter)), cancellationToken));
        await using (var session = await house.EnterAsync(
            actor, new Access(Permissions.RulesRead) { Force = filter.Owner == ForceId.Centre ? null : filter.Owner, Reason = filter.Reason, Subject = "rules" }, cancellationToken))
        {
            if (filter.Owner != ForceId.Centre)
            {
                var own = session.Db.Set<DetectionRule>().AsNoTracking().Where(rule => rule.ForceId != ForceId.Centre);
                heads.AddRange(await Heads(Chosen(own, filter)).ToListAsync(cancellationToken));
            }
        }

        var words = filter.Text?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        var health = book.Program.Health;
        var rows = heads.Where(head => Fits(head, filter.Tactic, words)).Select(head => Row(head, health, actor));
        if (filter.NotInUse) rows = rows.Where(row => RuleLifeCycle.Runs(row.State) && row.Health is { State: not ("live" or "testing") });
        var all = rows.OrderBy(row => row.Title, StringComparer.OrdinalIgnoreCase).ThenBy(row => row.Id).ToList();
        return new(all.Count, [.. all.Skip(Math.Max(0, filter.Skip)).Take(Math.Clamp(filter.Take, 1, RuleFilter.MostTaken))]);
    }

    /// <summary>Every rule in sight, in no order, and the forces whose own are left out because they demand a reason.</summary>
    public async Task<(IReadOnlyList<RuleRow> Rules, IReadOnlyList<ForceId> Withheld)> AllAsync(
        ActingPrincipal actor, ForceId? force, string? reason, CancellationToken cancellationToken)
    {
        var heads = await store.NationalAsync<DetectionRule, RuleHead>(Heads, cancellationToken);
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.RulesRead) { Force = force, Reason = reason, Subject = "rules" }, cancellationToken);
        heads.AddRange(await Heads(session.Db.Set<DetectionRule>().AsNoTracking().Where(rule => rule.ForceId != ForceId.Centre)).ToListAsync(cancellationToken));
        var health = book.Program.Health;
        return ([.. heads.Select(head => Row(head, health, actor))], session.Withheld);
    }

    public async Task<Outcome<RuleDetail>> FindAsync(ActingPrincipal actor, Guid id, string? reason, CancellationToken cancellationToken)
    {
        if (await LoadAsync(actor, id, reason, cancellationToken) is not { } rule) return Failure.NotFound;
        List<RuleTrialRow> trials;
        // Tests by the rule's owner, and by forces in sight.
        var seen = actor.ForcesFor(Permissions.RulesRead).ToList();
        await using (var session = await store.EnterAsync(cancellationToken))
        {
            trials = await session.Db.Set<RuleTrialRecord>().AsNoTracking().Where(trial => trial.RuleId == id && (trial.ForceId == rule.ForceId || seen.Contains(trial.ForceId)))
                .OrderByDescending(trial => trial.At).Take(MostTests)
                .Select(trial => new RuleTrialRow(trial.At, trial.By, trial.Revision, trial.Days, trial.Events, trial.Matches, trial.Cut, trial.Seconds))
                .ToListAsync(cancellationToken);
        }

        return new RuleDetail(
            Row(Head(rule), book.Program.Health, actor), rule.Path, rule.Text, rule.ShippedText,
            rule.ShippedText is { } shipped ? LineDifference.Of(shipped, rule.Text) : null, RuleLifeCycle.From(rule.Stage), trials);
    }

    public async Task<Outcome<IReadOnlyList<RevisionRow>>> RevisionsAsync(
        ActingPrincipal actor, Guid id, string? reason, CancellationToken cancellationToken)
    {
        if (await LoadAsync(actor, id, reason, cancellationToken) is null) return Failure.NotFound;
        // The rule is in sight, and so is its history.
        await using var session = await store.EnterAsync(cancellationToken);
        var revisions = await session.Db.Set<RuleRevision>().AsNoTracking().Where(revision => revision.RuleId == id)
            .OrderByDescending(revision => revision.Number).Take(MostRevisions + 1).ToListAsync(cancellationToken);
        var rows = new List<RevisionRow>();
        for (var at = 0; at < Math.Min(revisions.Count, MostRevisions); at++)
        {
            var revision = revisions[at];
            var before = revisions.Skip(at + 1).FirstOrDefault(each => each.Text is not null)?.Text;
            rows.Add(new(revision.Number, revision.At, revision.By, revision.Why, revision.Stage, revision.Text,
                revision.Text is { } text && before is not null ? LineDifference.Of(before, text) : null));
        }

        return rows;
    }

    /// <summary>The rule, where it is the nation's or of a force in sight.</summary>
    internal async Task<DetectionRule?> LoadAsync(ActingPrincipal actor, Guid id, string? reason, CancellationToken cancellationToken)
    {
        await using (var session = await house.EnterAsync(
            actor, new Access(Permissions.RulesRead) { Subject = $"rule/{id}", Reason = reason }, cancellationToken))
        {
            var own = await session.Db.Set<DetectionRule>().AsNoTracking().FirstOrDefaultAsync(rule => rule.Id == id, cancellationToken);
            if (own is not null) return own;
        }

        return (await store.NationalAsync<DetectionRule, DetectionRule>(rules => rules.Where(rule => rule.Id == id), cancellationToken)).FirstOrDefault();
    }

    private static IQueryable<DetectionRule> Chosen(IQueryable<DetectionRule> rules, RuleFilter filter)
    {
        if (filter.State is { } state) rules = rules.Where(rule => rule.Stage == state);
        if (filter.Source is { } origin) rules = rules.Where(rule => rule.Origin == origin);
        return rules;
    }

    // Everything but the texts, which are most of it.
    private static IQueryable<RuleHead> Heads(IQueryable<DetectionRule> rules) => rules.Select(rule => new RuleHead(
        rule.Id, rule.ForceId, rule.Key, rule.Title, rule.Level, rule.LogSource, rule.Tags, rule.Stage, rule.Origin, rule.OriginName,
        rule.Revision, rule.Version, rule.ChangedAt, rule.ChangedBy, rule.Placeholders, rule.TestedRevision, rule.ShippedText != null));

    private static RuleHead Head(DetectionRule rule) => new(
        rule.Id, rule.ForceId, rule.Key, rule.Title, rule.Level, rule.LogSource, rule.Tags, rule.Stage, rule.Origin, rule.OriginName,
        rule.Revision, rule.Version, rule.ChangedAt, rule.ChangedBy, rule.Placeholders, rule.TestedRevision, rule.ShippedText is not null);

    private static bool Fits(RuleHead head, string? tactic, string[] words)
    {
        if (tactic is not null)
        {
            var tag = "attack." + Plain(tactic);
            if (!head.Tags.Exists(each => Plain(each) == tag)) return false;
        }

        if (words.Length == 0) return true;
        var text = string.Join('\n', [head.Title, head.Key, head.LogSource, head.OriginName, head.ForceId.Value, head.Level, .. head.Tags]);
        return Array.TrueForAll(words, word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    // Tags of older rules have underscores.
    private static string Plain(string tag) => tag.ToLowerInvariant().Replace('_', '-').Replace(' ', '-');

    private static RuleRow Row(RuleHead head, IReadOnlyDictionary<Guid, RuleHealth> health, ActingPrincipal actor)
    {
        var own = RuleLifeCycle.Runs(head.Stage) ? health.GetValueOrDefault(head.Id) : null;
        // Which forces keep a list is theirs to tell; the Centre sees how far its rules reach.
        if (own?.LiveFor is { } forces && !actor.IsCentre)
        {
            var seen = actor.ForcesFor(Permissions.RulesRead);
            var mine = forces.Where(force => seen.Contains(force)).ToList();
            own = own with { LiveFor = mine, State = mine.Count == 0 ? "placeholder-missing" : own.State };
        }

        return new(head.Id, head.ForceId, head.Key, head.Title, head.Level, head.LogSource, head.Tags, head.Stage, head.Origin, head.OriginName,
            head.Revision, head.Version, head.ChangedAt, head.ChangedBy, head.Placeholders, head.TestedRevision == head.Revision, head.HasShippedText, own);
    }

    private sealed record RuleHead(
        Guid Id, ForceId ForceId, string Key, string Title, string Level, string LogSource, List<string> Tags, RuleStage Stage, RuleOrigin Origin,
        string OriginName, int Revision, uint Version, DateTimeOffset ChangedAt, string ChangedBy, List<string> Placeholders, int TestedRevision,
        bool HasShippedText);
}
