using System.Diagnostics;
using Watchhouse.Journal;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Exceptions;
using Watchhouse.Monitoring.Rules.Programs;
using Watchhouse.Monitoring.SetAside;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules.Trials;

/// <summary>Where a test stands.</summary>
internal enum TrialState
{
    /// <summary>Another one is before it.</summary>
    Waiting,

    Running,

    Done,

    Cancelled,

    Failed,
}

/// <summary>Matches on one day in one force's events.</summary>
internal sealed record TrialCount(DateOnly Day, ForceId Force, long Matches);

/// <summary>A match as an example. Raw is text, cut to 4 KiB; bytes that are no UTF-8 show as replacement characters.</summary>
internal sealed record TrialExample(ForceId Force, DateTimeOffset At, string Source, string EntityKind, string Entity, string Rule, string Raw);

/// <summary>A test of a rule on what had arrived.</summary>
/// <param name="Progress">Part of the days that has been looked at, 0 to 1.</param>
/// <param name="Events">Events looked at.</param>
/// <param name="Unreadable">Lines that no event could be made of.</param>
/// <param name="Matches">Matches that would be alerts or join one.</param>
/// <param name="Suppressed">Matches that exceptions would suppress.</param>
/// <param name="Counts">By day and force; of forces out of sight too, as a number.</param>
/// <param name="Examples">The first matches of forces in sight.</param>
/// <param name="Cut">Whether it ended at its bound of events or time; then 'looked at until' says how far it came.</param>
/// <param name="Failure">Why it failed.</param>
internal sealed record TrialAnswer(
    Guid Id, Guid RuleId, int Revision, TrialState State, int Days, DateTimeOffset StartedAt, double Progress, long Events, long Unreadable, long Matches,
    long Suppressed, IReadOnlyList<TrialCount> Counts, IReadOnlyList<TrialExample> Examples, bool Cut, DateTimeOffset? LookedAtUntil, double Seconds, string? Failure);

/// <summary>What a test is bound by.</summary>
internal sealed record TrialBounds
{
    public long Events { get; init; } = 5_000_000;

    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>One test: looks at the past with a program of one rule. Its result can be read while it runs.</summary>
internal sealed class RuleTrial(Guid id, DetectionRule rule, int days, string person, IReadOnlySet<ForceId> sight, DateTimeOffset startedAt)
{
    public const int MostExamples = 20;
    private const int MostRaw = 4 * 1024;
    private const int MostCounts = 20_000;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<(DateOnly, ForceId), long> _counts = [];
    private readonly List<TrialExample> _examples = [];
    private long _broken;
    private TrialAnswer _answer = new(id, rule.Id, rule.Revision, TrialState.Waiting, days, startedAt, 0, 0, 0, 0, 0, [], [], false, null, 0, null);

    public Guid Id => id;

    public DetectionRule Rule => rule;

    public string Person => person;

    public int Days => days;

    /// <summary>Only this force's events; null for all that the person may test on.</summary>
    public ForceId? Force { get; init; }

    /// <summary>Whether it is of a text that is not saved: then it says nothing of the stored rule.</summary>
    public bool IsOfDraftText { get; init; }

    /// <summary>Who asked for it.</summary>
    public required ActingPrincipal By { get; init; }

    public DateTimeOffset StartedAt => startedAt;

    /// <summary>Asks it to end.</summary>
    public CancellationTokenSource Cancelling { get; } = new();

    public TrialAnswer Answer
    {
        get
        {
            lock (_lock)
            {
                return _answer with { Counts = [.. _counts.Select(each => new TrialCount(each.Key.Item1, each.Key.Item2, each.Value))], Examples = [.. _examples] };
            }
        }
    }

    public bool HasEnded => Answer.State is TrialState.Done or TrialState.Cancelled or TrialState.Failed;

    public void End(TrialState state, string? failure = null)
    {
        lock (_lock) _answer = _answer with { State = state, Failure = failure, Progress = state == TrialState.Done ? 1 : _answer.Progress };
    }

    public async Task RunAsync(
        RuleProgram program, IEventHistory history, HistoryRange range, ExceptionBook exceptions, TrialBounds bounds, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var detective = new Detective(program);
        var harvest = new Harvest();
        lock (_lock) _answer = _answer with { State = TrialState.Running };
        await foreach (var batch in history.ReadAsync(range, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Look(detective, new JournalBatch
            {
                Id = Guid.Empty,
                Owner = batch.Owner.Value,
                Source = batch.Source,
                ReceivedAt = batch.ReceivedAt,
                Format = batch.Format,
                Count = 0,
                Payload = batch.Payload,
            }, exceptions, startedAt, harvest);
            var seconds = Stopwatch.GetElapsedTime(started);
            var isCut = detective.Events >= bounds.Events || seconds >= bounds.Time;
            Take(harvest, detective, batch.Reached, range, seconds.TotalSeconds, isCut);
            harvest.Clear();
            if (isCut) break;
        }

        lock (_lock) _answer = _answer with { Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds };
    }

    // Events that break detection were set aside by it too: a test goes on behind them.
    private void Look(Detective detective, JournalBatch batch, ExceptionBook exceptions, DateTimeOffset now, Harvest harvest)
    {
        try
        {
            detective.Look(batch, exceptions, now, harvest);
        }
        catch (Exception e) when (BatchGuard.IsOfEvents(e))
        {
            _broken++;
        }
    }

    private void Take(Harvest harvest, Detective detective, DateTimeOffset at, HistoryRange range, double seconds, bool isCut)
    {
        var own = rule.Id.ToString();
        lock (_lock)
        {
            var matches = 0L;
            foreach (var finding in harvest.Findings)
            {
                // Rules that a correlation looks at may come along; the test is of this one.
                if (finding.Rule.File != own) continue;
                matches++;
                var force = ForceId.Of(finding.Force);
                var key = (DateOnly.FromDateTime(finding.At.UtcDateTime), force);
                if (_counts.Count < MostCounts || _counts.ContainsKey(key)) _counts[key] = _counts.GetValueOrDefault(key) + 1;
                if (_examples.Count < MostExamples && sight.Contains(force)) _examples.Add(Example(finding, force));
            }

            _answer = _answer with
            {
                Events = detective.Events,
                Unreadable = detective.Unreadable + _broken,
                Matches = _answer.Matches + matches,
                Suppressed = _answer.Suppressed + harvest.Suppressed.Values.Sum(each => each.Events),
                LookedAtUntil = at,
                Progress = Math.Clamp((at - range.From) / (range.To - range.From), 0, 1),
                Seconds = seconds,
                Cut = isCut,
            };
        }
    }

    private static TrialExample Example(Finding finding, ForceId force)
    {
        var raw = finding.Events[^1].Raw;
        return new(force, finding.At, finding.Events[^1].Source, finding.Entity.Kind, finding.Entity.Value, finding.Rule.Title,
            System.Text.Encoding.UTF8.GetString(raw.AsSpan(0, Math.Min(raw.Length, MostRaw))));
    }
}
