namespace Watchhouse.Cacao;

/// <summary>Something that happened to a run.</summary>
public abstract record CacaoEvent
{
    private CacaoEvent()
    {
    }

    /// <summary>A step's commands were carried out.</summary>
    /// <param name="Step">The step's id.</param>
    /// <param name="HasSucceeded">Whether it went well.</param>
    public sealed record Completed(string Step, bool HasSucceeded) : CacaoEvent;

    /// <summary>A branch was chosen.</summary>
    /// <param name="Step">The step's id.</param>
    /// <param name="Choice"><c>true</c> or <c>false</c>, the key of a case, or <c>none</c>.</param>
    public sealed record Decided(string Step, string Choice) : CacaoEvent;

    /// <summary>A variable was given a value.</summary>
    /// <param name="Name">Its name, with its underscores.</param>
    /// <param name="Value">Its value.</param>
    public sealed record Assigned(string Name, string Value) : CacaoEvent;

    /// <summary>Somebody stopped the run.</summary>
    public sealed record Stopped : CacaoEvent;
}

/// <summary>What follows from an event.</summary>
/// <param name="Run">The state after it; the state before where it was refused.</param>
/// <param name="Fault">Why it was refused, in a sentence; null where it was not.</param>
public sealed record CacaoMove(CacaoRun Run, string? Fault);

/// <summary>
/// Carries a playbook out, as a function: the same state and event give the same next state. It knows no time, no people and no
/// machines. It decides nothing: conditions are judged by whoever sends <see cref="CacaoEvent.Decided"/>.
/// </summary>
public static class CacaoInterpreter
{
    /// <summary>How often a loop is gone round at most.</summary>
    public const int MostRounds = 100;

    /// <summary>Steps that a run enters at most; loops in loops end here.</summary>
    public const int MostMoves = 10_000;

    /// <summary>The longest value of a variable, in characters.</summary>
    public const int LongestValue = 2_000;

    /// <summary>The choice that takes no branch of a switch step.</summary>
    public const string None = "none";

    /// <summary>The state of a run that has just begun; its first steps wait.</summary>
    public static CacaoRun Begin(CacaoPlaybook playbook)
    {
        var run = new CacaoRun
        {
            Playbook = playbook.Id,
            Modified = playbook.Modified,
            Variables = playbook.Variables.Values.Where(variable => variable.Value is not null).ToDictionary(variable => variable.Name, variable => variable.Value!, StringComparer.Ordinal),
        };
        return new Mover(playbook, run).Begin();
    }

    /// <summary>The state after an event, or why it cannot be.</summary>
    public static CacaoMove Apply(CacaoPlaybook playbook, CacaoRun run, CacaoEvent happened)
    {
        if (run.Playbook != playbook.Id || run.Modified != playbook.Modified) return new(run, "This run is of another version of the playbook.");
        if (run.Status != CacaoRunStatus.Running) return new(run, "This run has ended, so nothing more happens in it.");
        return happened switch
        {
            CacaoEvent.Completed completed => Complete(playbook, run, completed),
            CacaoEvent.Decided decided => Decide(playbook, run, decided),
            CacaoEvent.Assigned assigned => Assign(playbook, run, assigned),
            _ => new(run with { Status = CacaoRunStatus.Failed, Threads = [] }, null),
        };
    }

    private static CacaoMove Complete(CacaoPlaybook playbook, CacaoRun run, CacaoEvent.Completed completed) => run.At(completed.Step) switch
    {
        null => new(run, $"{What(playbook, completed.Step)} does not wait: it is done already, or its turn has not come."),
        { Wait: not CacaoWait.Work } => new(run, $"{What(playbook, completed.Step)} is no step that is carried out; it waits for a decision or for its branches."),
        var thread => new(new Mover(playbook, run).Complete(thread, completed.HasSucceeded), null),
    };

    private static CacaoMove Decide(CacaoPlaybook playbook, CacaoRun run, CacaoEvent.Decided decided)
    {
        if (run.At(decided.Step) is not { } thread) return new(run, $"{What(playbook, decided.Step)} does not wait: it is decided already, or its turn has not come.");
        if (thread.Wait != CacaoWait.Decision) return new(run, $"{What(playbook, decided.Step)} waits for no decision.");
        var step = playbook.Steps[thread.Step];
        var choices = ChoicesOf(step);
        if (!choices.Contains(decided.Choice)) return new(run, $"{What(playbook, decided.Step)} has no choice '{FormReader.Cut(decided.Choice)}'; it has {string.Join(", ", choices)}.");
        if (step.Kind == CacaoStepKind.WhileCondition && decided.Choice == "true" && thread.Rounds >= MostRounds)
            return new(run, $"{What(playbook, decided.Step)} was gone round {MostRounds} times, which is as often as it may. Leave the loop.");
        return new(new Mover(playbook, run).Decide(thread, decided.Choice), null);
    }

    private static CacaoMove Assign(CacaoPlaybook playbook, CacaoRun run, CacaoEvent.Assigned assigned)
    {
        if (!playbook.Variables.TryGetValue(assigned.Name, out var variable)) return new(run, $"The playbook has no variable '{FormReader.Cut(assigned.Name)}'.");
        if (variable.IsConstant) return new(run, $"The variable '{assigned.Name}' is a constant.");
        if (assigned.Value.Length > LongestValue) return new(run, $"A value has at most {LongestValue:N0} characters.");
        return new(run with { Variables = new Dictionary<string, string>(run.Variables, StringComparer.Ordinal) { [assigned.Name] = assigned.Value } }, null);
    }

    /// <summary>What can be chosen at a step; empty where nothing can.</summary>
    public static IReadOnlyList<string> ChoicesOf(CacaoStep step) => step.Kind switch
    {
        CacaoStepKind.IfCondition or CacaoStepKind.WhileCondition => ["true", "false"],
        CacaoStepKind.SwitchCondition when step.Branches.Any(branch => branch.Choice is "default" or None) => [.. step.Branches.Select(branch => branch.Choice)],
        CacaoStepKind.SwitchCondition => [.. step.Branches.Select(branch => branch.Choice), None],
        _ => [],
    };

    private static string What(CacaoPlaybook playbook, string step) => playbook.Steps.TryGetValue(step, out var found) ? $"Step '{found.Name}'" : $"'{FormReader.Cut(step)}' is no step of this playbook, so it";
}
