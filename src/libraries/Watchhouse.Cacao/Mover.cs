namespace Watchhouse.Cacao;

/// <summary>Moves branches along, on a copy of a state that is used once.</summary>
internal sealed class Mover(CacaoPlaybook playbook, CacaoRun run)
{
    private readonly SortedDictionary<int, CacaoThread> _threads = new(run.Threads.ToDictionary(thread => thread.Id));
    private readonly Dictionary<string, CacaoPassage> _passed = new(run.Passed, StringComparer.Ordinal);
    private CacaoRunStatus _status = run.Status;
    private int _next = run.NextThread;
    private int _moves = run.Moves;
    private bool _inException = run.InException;

    public CacaoRun Begin()
    {
        Enter(new CacaoThread(_next++, null, playbook.Start, CacaoWait.Work), playbook.Start);
        return Result();
    }

    public CacaoRun Complete(CacaoThread thread, bool hasSucceeded)
    {
        Follow(thread, hasSucceeded, "");
        return Result();
    }

    public CacaoRun Decide(CacaoThread thread, string choice)
    {
        var step = playbook.Steps[thread.Step];
        if (step.Branches.FirstOrDefault(branch => branch.Choice == choice) is not { } branch)
        {
            Follow(thread, true, choice);
            return Result();
        }

        Pass(step.Id, true, choice);
        Open(thread with { Rounds = thread.Rounds + 1 }, [branch]);
        return Result();
    }

    private CacaoRun Result() => run with
    {
        Status = _status,
        Threads = [.. _threads.Values],
        Passed = _passed,
        NextThread = _next,
        Moves = _moves,
        InException = _inException,
    };

    private void Enter(CacaoThread thread, string id)
    {
        if (_status != CacaoRunStatus.Running) return;
        if (++_moves > CacaoInterpreter.MostMoves)
        {
            Finish(CacaoRunStatus.Failed);
            return;
        }

        var step = playbook.Steps[id];
        thread = thread with { Step = id, Rounds = 0, Open = 0, HasFailed = false };
        switch (step.Kind)
        {
            case CacaoStepKind.Start:
                Follow(thread, true, "");
                break;
            case CacaoStepKind.End:
                Pass(id, true, "");
                Leave(thread, failed: false);
                break;
            case CacaoStepKind.Parallel:
                Open(thread, step.Branches);
                break;
            case CacaoStepKind.Action or CacaoStepKind.PlaybookAction:
                _threads[thread.Id] = thread with { Wait = CacaoWait.Work };
                break;
            default:
                _threads[thread.Id] = thread with { Wait = CacaoWait.Decision };
                break;
        }
    }

    private void Open(CacaoThread thread, IReadOnlyList<CacaoBranch> branches)
    {
        _threads[thread.Id] = thread with { Wait = CacaoWait.Branches, Open = branches.Count, HasFailed = false };
        foreach (var branch in branches)
        {
            // A branch before may have taken the run to its step for exceptions.
            if (!_threads.ContainsKey(thread.Id)) return;
            Enter(new CacaoThread(_next++, thread.Id, branch.Entry, CacaoWait.Work), branch.Entry);
        }
    }

    private void Follow(CacaoThread thread, bool hasSucceeded, string choice)
    {
        var step = playbook.Steps[thread.Step];
        Pass(step.Id, hasSucceeded, choice);
        if ((step.OnCompletion ?? (hasSucceeded ? step.OnSuccess : step.OnFailure)) is not { } next) TakeUp(thread);
        else if (thread.Parent is { } parent && _threads.TryGetValue(parent, out var opener) && opener.Step == next) Leave(thread, failed: false);
        else Enter(thread, next);
    }

    // A failure without a step for it goes to the playbook's step for exceptions, once; without one the branch has failed.
    private void TakeUp(CacaoThread thread)
    {
        if (playbook.Exception is not { } exception || _inException)
        {
            Leave(thread, failed: true);
            return;
        }

        _inException = true;
        _threads.Clear();
        Enter(new CacaoThread(_next++, null, exception, CacaoWait.Work), exception);
    }

    private void Leave(CacaoThread thread, bool failed)
    {
        _threads.Remove(thread.Id);
        if (thread.Parent is not { } parent)
        {
            Finish(failed ? CacaoRunStatus.Failed : CacaoRunStatus.Ended);
            return;
        }

        var opener = _threads[parent];
        opener = opener with { Open = opener.Open - 1, HasFailed = opener.HasFailed || failed };
        _threads[parent] = opener;
        if (opener.Open > 0) return;
        if (playbook.Steps[opener.Step].Kind == CacaoStepKind.WhileCondition && !opener.HasFailed) _threads[parent] = opener with { Wait = CacaoWait.Decision };
        else Follow(opener, !opener.HasFailed, _passed.GetValueOrDefault(opener.Step)?.Choice ?? "");
    }

    private void Finish(CacaoRunStatus status)
    {
        _status = status;
        _threads.Clear();
    }

    private void Pass(string step, bool hasSucceeded, string choice) =>
        _passed[step] = new(hasSucceeded, choice, (_passed.GetValueOrDefault(step)?.Times ?? 0) + 1);
}
