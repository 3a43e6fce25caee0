namespace Watchhouse.Response.Clocks;

/// <summary>
/// Reads the clocks of a subject from what happened. The Centre's runs from the start until it has advised, the force's from then until
/// it has acted. One that has ended can be started again: then all times begin anew. To advise acknowledges as well, and to act ends both, advised or not. A pause ends when it is resumed, or when
/// the other side's clock begins: it was the side's own. What has not happened yet does not count. Pure.
/// </summary>
internal static class ClockEngine
{
    /// <summary>When so much of the time is used, people are warned.</summary>
    public const double WarnShare = 0.75;

    public static ClockReading Read(ClockPolicy policy, IEnumerable<ClockEvent> events, DateTimeOffset now)
    {
        var run = new Run();
        // In a full order, so that it does not matter in which order they are given.
        foreach (var each in events.Where(each => each.At <= now).OrderBy(each => each.At).ThenBy(each => each.Kind).ThenBy(each => each.Reason, StringComparer.Ordinal)) run.Take(each);
        run.Reach(now);
        if (run.StartedAt is not { } started) return new(ClockState.NotStarted, null, [], 0, TimeSpan.Zero, null, "It has not been started.");

        var stages = new List<StageReading>
        {
            Stage(policy, ClockStage.Acknowledge, run.Spans(started, run.AcknowledgedAt ?? run.EndedAt), run.AcknowledgedAt, now),
            Stage(policy, ClockStage.Advise, run.Spans(started, run.AdvisedAt ?? run.EndedAt), run.AdvisedAt, now),
        };
        if (run.AdvisedAt is { } advised) stages.Add(Stage(policy, ClockStage.Act, run.Spans(advised, run.EndedAt), run.State == ClockState.Done ? run.EndedAt : null, now));
        var current = run.EndedAt is null ? stages.First(each => each.DoneAt is null) : null;
        return new(run.State, current, stages, run.Pauses, run.PausedFor, run.PausedBecause, ClockWords.Forecast(run.State, current, stages, policy, now)) { Round = run.Round };
    }

    private static StageReading Stage(ClockPolicy policy, ClockStage stage, IReadOnlyList<(DateTimeOffset From, DateTimeOffset? Until)> spans, DateTimeOffset? doneAt, DateTimeOffset now)
    {
        var (hours, target) = (policy.HoursOf(stage), policy.Targets.Of(stage));
        var used = TimeSpan.Zero;
        foreach (var (from, until) in spans) used += hours.Between(from, until ?? now);
        return new(stage, target, used, Reached(hours, spans, target * WarnShare), Reached(hours, spans, target), doneAt);
    }

    /// <summary>When so much working time will have passed or had; null where the clock stands before that.</summary>
    private static DateTimeOffset? Reached(WorkingCalendar hours, IReadOnlyList<(DateTimeOffset From, DateTimeOffset? Until)> spans, TimeSpan time)
    {
        foreach (var (from, until) in spans)
        {
            var at = hours.After(from, time);
            if (until is not { } end || at <= end) return at;
            time -= hours.Between(from, end);
        }

        return null;
    }

    /// <summary>Follows the events of one subject.</summary>
    private sealed class Run
    {
        private readonly List<(DateTimeOffset From, DateTimeOffset? Until)> _running = [];
        private DateTimeOffset? _pausedAt;

        public DateTimeOffset? StartedAt { get; private set; }

        public DateTimeOffset? AcknowledgedAt { get; private set; }

        public DateTimeOffset? AdvisedAt { get; private set; }

        /// <summary>When the force acted or the clock was stopped.</summary>
        public DateTimeOffset? EndedAt { get; private set; }

        public ClockState State { get; private set; }

        public int Round { get; private set; } = 1;

        public int Pauses { get; private set; }

        public TimeSpan PausedFor { get; private set; }

        public string? PausedBecause { get; private set; }

        public void Take(ClockEvent what)
        {
            if (what.Kind == ClockEventKind.Started && State is (ClockState.Done or ClockState.Stopped)) Renew();
            if (State is ClockState.Done or ClockState.Stopped || (StartedAt is null) != (what.Kind == ClockEventKind.Started)) return;
            switch (what.Kind)
            {
                case ClockEventKind.Started:
                    (StartedAt, State) = (what.At, ClockState.Running);
                    _running.Add((what.At, null));
                    break;
                case ClockEventKind.Acknowledged:
                    AcknowledgedAt ??= what.At;
                    break;
                case ClockEventKind.Advised when AdvisedAt is null:
                    Resume(what.At);
                    AcknowledgedAt ??= what.At;
                    AdvisedAt = what.At;
                    break;
                case ClockEventKind.Paused when _pausedAt is null:
                    Halt(what.At);
                    (_pausedAt, PausedBecause, State) = (what.At, what.Reason, ClockState.Paused);
                    Pauses++;
                    break;
                case ClockEventKind.Resumed:
                    Resume(what.At);
                    break;
                case ClockEventKind.Acted or ClockEventKind.Stopped:
                    Resume(what.At);
                    Halt(what.At);
                    (EndedAt, State) = (what.At, what.Kind == ClockEventKind.Acted ? ClockState.Done : ClockState.Stopped);
                    break;
            }
        }

        /// <summary>It is taken up again: what went before is over, and the times begin anew.</summary>
        private void Renew()
        {
            _running.Clear();
            (StartedAt, AcknowledgedAt, AdvisedAt, EndedAt, _pausedAt, PausedBecause) = (null, null, null, null, null, null);
            (State, Pauses, PausedFor, Round) = (ClockState.NotStarted, 0, TimeSpan.Zero, Round + 1);
        }

        /// <summary>Counts a pause that lasts until now.</summary>
        public void Reach(DateTimeOffset now)
        {
            if (_pausedAt is { } since) PausedFor += now - since;
        }

        /// <summary>The spans in which the clock ran between two moments; the last is open when it runs and has no end.</summary>
        public List<(DateTimeOffset From, DateTimeOffset? Until)> Spans(DateTimeOffset from, DateTimeOffset? until)
        {
            var spans = new List<(DateTimeOffset From, DateTimeOffset? Until)>();
            foreach (var (begin, end) in _running)
            {
                var first = begin > from ? begin : from;
                var last = until is null ? end : end is null || end > until ? until : end;
                if (last is null || last > first) spans.Add((first, last));
            }

            return spans;
        }

        private void Halt(DateTimeOffset at) => _running[^1] = (_running[^1].From, at);

        private void Resume(DateTimeOffset at)
        {
            if (_pausedAt is not { } since) return;
            PausedFor += at - since;
            (_pausedAt, PausedBecause, State) = (null, null, ClockState.Running);
            _running.Add((at, null));
        }
    }
}
