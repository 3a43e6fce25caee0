using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Rules.Programs;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules.Trials;

/// <summary>
/// Tests rules on what has arrived, in the background: one after the other, one for each person, within bounds. A test that
/// ended is recorded with the rule; its result is kept in memory for a while.
/// </summary>
internal sealed partial class RuleTrials(
    IHouse house, RuleStore store, RuleQueries queries, RuleOperations operations, RuleBook book, IEventHistory history, TrialBounds bounds, TimeProvider clock,
    ILogger<RuleTrials> log) : BackgroundService
{
    public const int MostDays = 90;
    private const int MostWaiting = 20;
    private const int MostKept = 100;
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("rule test");

    private readonly Channel<RuleTrial> _waiting = Channel.CreateUnbounded<RuleTrial>();
    private readonly ConcurrentDictionary<Guid, RuleTrial> _trials = [];
    private readonly Lock _starting = new();

    /// <summary>Asks for a test. The nation's rules are tested by the Centre on all forces' events, and by a force on its own.</summary>
    public async Task<Outcome<TrialAnswer>> StartAsync(
        ActingPrincipal actor, Guid ruleId, int days, string? reason, CancellationToken cancellationToken, ForceId? force = null)
    {
        if (days is < 1 or > MostDays) return Failure.Invalid($"A test looks at the last 1 to {MostDays} days.", "days");
        if (await queries.LoadAsync(actor, ruleId, reason, cancellationToken) is not { } rule) return Failure.NotFound;
        return await StartAsync(actor, rule, days, force, isOfDraftText: false, reason, cancellationToken);
    }

    /// <summary>Asks for a test of a text that is not saved, as a rule of one's own organisation. It counts for no rule.</summary>
    public async Task<Outcome<TrialAnswer>> StartAsync(
        ActingPrincipal actor, string text, int days, ForceId? force, string? reason, CancellationToken cancellationToken)
    {
        if (days is < 1 or > MostDays) return Failure.Invalid($"A test looks at the last 1 to {MostDays} days.", "days");
        var read = await operations.CheckAsync(actor, text, cancellationToken);
        if (read.Rule is not { } sheet) return Failure.Invalid(read.Fault!.ToString(), "text");
        var now = clock.GetUtcNow();
        var rule = new DetectionRule
        {
            Id = Guid.CreateVersion7(now),
            ForceId = actor.Home,
            Key = sheet.Key,
            Names = [.. sheet.Names],
            Title = sheet.Title,
            Level = sheet.Level,
            LogSource = sheet.LogSource,
            Tags = [.. sheet.Tags],
            Placeholders = [.. sheet.Placeholders],
            Stage = RuleStage.Draft,
            Origin = RuleOrigin.Hand,
            Text = text,
            CreatedAt = now,
            ChangedAt = now,
            ChangedBy = RuleOperations.Name(actor),
        };
        return await StartAsync(actor, rule, days, force, isOfDraftText: true, reason, cancellationToken);
    }

    private async Task<Outcome<TrialAnswer>> StartAsync(
        ActingPrincipal actor, DetectionRule rule, int days, ForceId? force, bool isOfDraftText, string? reason, CancellationToken cancellationToken)
    {
        if (force is { } one && !actor.ForcesFor(Permissions.RulesRead).Contains(one)) return Failure.NotFound;
        var sight = new HashSet<ForceId>();
        if (actor.Holds(Permissions.AlertsRead))
        {
            // Examples are events of forces: looking at them is written down as such.
            await using var session = await house.EnterAsync(
                actor, new Access(Permissions.AlertsRead) { Subject = $"test of rule/{rule.Id}", Reason = reason }, cancellationToken);
            sight.UnionWith(actor.ForcesFor(Permissions.AlertsRead).Except(session.Withheld));
        }

        lock (_starting)
        {
            Forget();
            var open = _trials.Values.Where(trial => !trial.HasEnded).ToList();
            if (open.Exists(trial => trial.Person == actor.Subject)) return Failure.Conflict("A test of yours is running. Wait for its end, or cancel it.");
            if (open.Count >= MostWaiting) return Failure.Conflict("Many tests are waiting. Try again in a few minutes.");
            var made = new RuleTrial(Guid.CreateVersion7(clock.GetUtcNow()), rule, days, actor.Subject, sight, clock.GetUtcNow())
            {
                By = actor,
                Force = force,
                IsOfDraftText = isOfDraftText,
            };
            _trials[made.Id] = made;
            _waiting.Writer.TryWrite(made);
            return made.Answer;
        }
    }

    /// <summary>A test of one's own.</summary>
    public Outcome<TrialAnswer> Find(ActingPrincipal actor, Guid id) =>
        _trials.TryGetValue(id, out var trial) && trial.Person == actor.Subject ? trial.Answer : Failure.NotFound;

    /// <summary>Ends a test of one's own.</summary>
    public Outcome<Done> Cancel(ActingPrincipal actor, Guid id)
    {
        if (!_trials.TryGetValue(id, out var trial) || trial.Person != actor.Subject) return Failure.NotFound;
        trial.Cancelling.Cancel();
        return default(Done);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var trial in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, trial.Cancelling.Token);
            try
            {
                // A test is hours of events through the processor: it must not hold up who waits for this loop.
                await Task.Run(() => RunAsync(trial, either.Token), either.Token);
                await RecordAsync(trial, stoppingToken);
                trial.End(TrialState.Done);
            }
            catch (OperationCanceledException)
            {
                trial.End(TrialState.Cancelled);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Failed(log, e);
                trial.End(TrialState.Failed, "The test could not be run to its end. Try again; the log says why.");
            }
        }
    }

    private async Task RunAsync(RuleTrial trial, CancellationToken cancellationToken)
    {
        var rule = trial.Rule;
        var units = new List<RuleUnit> { new(rule.Id, rule.ForceId, false, rule.Names, rule.Placeholders, rule.Text) };
        List<UnitList> lists;
        await using (var session = await store.EnterAsync(cancellationToken))
        {
            lists = await RuleStore.ListsAsync(session, cancellationToken);
            if (RuleText.HasCorrelation(rule.Text))
            {
                var others = await session.Db.Set<DetectionRule>().AsNoTracking()
                    .Where(each => each.ForceId == rule.ForceId && each.Id != rule.Id && each.Stage != RuleStage.Retired)
                    .Select(each => new { each.Id, each.Names }).ToListAsync(cancellationToken);
                var named = others.Where(each => each.Names.Exists(name => rule.Text.Contains(name, StringComparison.Ordinal))).Select(each => each.Id).ToList();
                units.AddRange(await session.Db.Set<DetectionRule>().AsNoTracking().Where(each => named.Contains(each.Id))
                    .Select(each => new RuleUnit(each.Id, each.ForceId, false, each.Names, each.Placeholders, each.Text)).ToListAsync(cancellationToken));
            }
        }

        var exceptions = book.Exceptions;
        var program = RuleProgramBuilder.Build(units, lists, exceptions.Fields);
        var actor = trial.By;
        // The Centre counts over all forces and sees examples of those in sight; a force looks at its own and what was delegated to it.
        HashSet<ForceId>? forces = trial.Force is { } one ? [one] : actor.IsCentre ? null : [.. actor.ForcesFor(Permissions.RulesRead)];
        var now = clock.GetUtcNow();
        await trial.RunAsync(program, history, new(forces, now.AddDays(-trial.Days), now.AddMinutes(1)), exceptions, bounds, cancellationToken);
    }

    private async Task RecordAsync(RuleTrial trial, CancellationToken cancellationToken)
    {
        var (answer, rule, owner) = (trial.Answer, trial.Rule, trial.By.Home);
        await using var session = await house.EnterAsync(
            Job, new Access(Permissions.RulesManage) { RecordedAs = trial.By, Subject = $"rule/{rule.Id}" }, cancellationToken);
        // A test of a text that is not saved does not stand for the rule.
        if (trial.IsOfDraftText)
        {
            session.Record(owner, $"rule/{rule.Key}", $"An unsaved text of '{rule.Title}' was tested on the last {trial.Days} days.",
                new Dictionary<string, FieldChange> { ["events"] = new(null, $"{answer.Events}"), ["matches"] = new(null, $"{answer.Matches}") }, action: "rules.tested");
            await session.CommitAsync(cancellationToken);
            return;
        }

        session.Db.Add(new RuleTrialRecord
        {
            Id = trial.Id,
            ForceId = owner,
            RuleId = rule.Id,
            Revision = rule.Revision,
            At = trial.StartedAt,
            By = RuleOperations.Name(trial.By),
            Days = trial.Days,
            Events = answer.Events,
            Matches = answer.Matches,
            Cut = answer.Cut,
            Seconds = answer.Seconds,
        });
        session.Record(owner, $"rule/{rule.Id}", $"The rule '{rule.Title}' was tested on the last {trial.Days} days.",
            new Dictionary<string, FieldChange> { ["events"] = new(null, $"{answer.Events}"), ["matches"] = new(null, $"{answer.Matches}") }, action: "rules.tested");
        await session.CommitAsync(cancellationToken);
        if (rule.ForceId != owner) return;
        // Not an edit: whoever has the rule before them can go on with it.
        await session.Db.Set<DetectionRule>().Where(each => each.Id == rule.Id && each.Revision == rule.Revision)
            .ExecuteUpdateAsync(set => set.SetProperty(each => each.TestedRevision, rule.Revision).SetProperty(each => each.TestedAt, trial.StartedAt), cancellationToken);
    }

    private void Forget()
    {
        foreach (var old in _trials.Values.Where(trial => trial.HasEnded).OrderByDescending(trial => trial.StartedAt).Skip(MostKept))
            _trials.TryRemove(old.Id, out _);
    }

    [LoggerMessage(1, LogLevel.Error, "A test of a rule failed.")]
    private static partial void Failed(ILogger log, Exception e);
}
