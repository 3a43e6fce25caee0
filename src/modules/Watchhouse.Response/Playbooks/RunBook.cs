using Microsoft.EntityFrameworkCore;
using Watchhouse.Cacao;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Estate;

namespace Watchhouse.Response.Playbooks;

/// <summary>A run with what it was read into, and its changes: what everything that touches a run has in common.</summary>
internal sealed class RunBook(PlaybookRun row, CacaoPlaybook playbook)
{
    public PlaybookRun Row => row;

    public CacaoPlaybook Playbook => playbook;

    public CacaoRun State => CacaoRun.FromJson(row.State);

    public static async Task<RunBook?> FindAsync(HouseSession session, Guid id, CancellationToken cancellationToken) =>
        await session.Db.Set<PlaybookRun>().FirstOrDefaultAsync(run => run.Id == id, cancellationToken) is { } row ? new(row, Read(row.Playbook)) : null;

    public static CacaoPlaybook Read(string json)
    {
        var read = CacaoReader.Read(System.Text.Encoding.UTF8.GetBytes(json));
        return read.Playbook ?? throw new InvalidOperationException($"A stored playbook cannot be read any more: {read.Faults[0].Words}");
    }

    /// <summary>Applies an event; a sentence where it is refused.</summary>
    public string? Apply(HouseSession session, CacaoEvent happened)
    {
        var move = CacaoInterpreter.Apply(playbook, State, happened);
        if (move.Fault is not null) return move.Fault;
        row.State = move.Run.ToJson();
        row.ChangedAt = session.Now;
        if (move.Run.Status == CacaoRunStatus.Running) return null;
        row.Status = happened is CacaoEvent.Stopped ? RunStatus.Stopped : move.Run.Status == CacaoRunStatus.Ended ? RunStatus.Ended : RunStatus.Failed;
        row.EndedAt = session.Now;
        return null;
    }

    /// <summary>Writes down what happened, in the run and in the audit trail. Touches the run, so that of two at once one is refused.</summary>
    public void Note(HouseSession session, string by, string step, string kind, string words)
    {
        row.ChangedAt = session.Now;
        session.Db.Entry(row).Property(r => r.ChangedAt).IsModified = true;
        words = words.Length <= RunEntry.LongestWords ? words : words[..RunEntry.LongestWords];
        session.Db.Add(new RunEntry
        {
            Id = Guid.CreateVersion7(session.Now), ForceId = row.ForceId, RunId = row.Id, At = session.Now, By = by, Step = step, Kind = kind, Words = words,
        });
        session.Record(row.ForceId, $"run/{row.Id}", words, action: $"runs.{kind}");
    }

    /// <summary>What an estate step acts on, from the run's variables; a failure where one has no value.</summary>
    public Outcome<EstateAction> ActionOf(CacaoStep step)
    {
        if (EstateCommand.Of(step) is not { } command) return Failure.Conflict($"Step '{step.Name}' is carried out by people; it acts in no estate by itself.");
        var values = State.Variables;
        foreach (var name in new[] { command.Target, command.Detail }.OfType<string>())
        {
            if (string.IsNullOrWhiteSpace(values.GetValueOrDefault(name)))
                return Failure.Invalid($"Say first what {CacaoIds.Plain(name)} is: step '{step.Name}' acts on it.", "variables");
        }

        return new EstateAction(command.Kind, values[command.Target].Trim(), command.Detail is { } detail ? values[detail].Trim() : "");
    }
}
