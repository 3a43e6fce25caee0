using Microsoft.EntityFrameworkCore;
using Watchhouse.Cacao;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Clocks;
using Watchhouse.Response.Incidents;

namespace Watchhouse.Response.Playbooks;

/// <summary>With what a run begins.</summary>
internal sealed record StartOptions(Guid Playbook, ForceId Force, Severity Severity)
{
    public Guid? AlertId { get; init; }

    public Guid? IncidentId { get; init; }

    /// <summary>Values by the variable's name, with or without its underscores.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// Carries playbooks out, step by step. People of the Centre and of the force work in the same run; what acts in the estate is only
/// asked for here, and decided by the force (law 2).
/// </summary>
internal sealed class RunOperations(IHouse house, PlaybookBook book, RunSignal signal, ClockKeeper clocks)
{
    public async Task<Outcome<Guid>> StartAsync(ActingPrincipal actor, StartOptions options, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.RunsWork) { Force = options.Force }, cancellationToken);
        if (book.Find(options.Playbook) is not { } listed) return Failure.Invalid("There is no such playbook in this house.", "playbook");
        var playbook = listed.Playbook;
        if (playbook.IsRevoked || playbook.ValidFrom > session.Now || playbook.ValidUntil <= session.Now)
            return Failure.Conflict("This playbook is withdrawn, or not valid at this time, so it cannot be started.");
        if (!Enum.IsDefined(options.Severity)) return Failure.Invalid("The severity is Low, Medium, High or Critical.", "severity");
        if (options.Force == ForceId.Centre && !actor.IsCentre) return Failure.NotFound;
        // Its own incident, or a national one that it has a part of; of others it is not known whether they are.
        if (options.IncidentId is { } named && !await session.Db.Set<Incident>().AnyAsync(each => each.ForceId == options.Force && (each.Id == named || each.ParentId == named), cancellationToken))
            return Failure.Invalid($"There is no such incident of {options.Force}.", "incident");
        var row = new PlaybookRun
        {
            Id = Guid.CreateVersion7(session.Now),
            ForceId = options.Force,
            PlaybookId = listed.Id,
            Name = Cut(playbook.Name, 200),
            Playbook = listed.Text,
            State = CacaoInterpreter.Begin(playbook).ToJson(),
            Status = RunStatus.Running,
            Severity = options.Severity,
            AlertId = options.AlertId,
            IncidentId = options.IncidentId,
            StartedAt = session.Now,
            StartedBy = Name(actor),
            ChangedAt = session.Now,
        };
        var run = new RunBook(row, playbook);
        foreach (var (name, value) in options.Variables.Where(each => !string.IsNullOrWhiteSpace(each.Value)))
        {
            if (run.Apply(session, new CacaoEvent.Assigned(Variable(name), value.Trim())) is { } fault) return Failure.Invalid(fault, "variables");
        }

        session.Db.Add(row);
        run.Note(session, Name(actor), "", "started", $"The playbook '{playbook.Name}' was begun for {options.Force}.");
        // A playbook that the Centre begins in a force's incident is its advice.
        if (options.IncidentId is { } incident && actor.IsCentre) await clocks.HappenedAsync(session, incident, ClockEventKind.Advised, Name(actor), cancellationToken, $"The playbook '{playbook.Name}' was begun.");
        return await SavedAsync(session, run, row.Id, cancellationToken);
    }

    /// <summary>A step that people carry out was done, or could not be. An estate step can be recorded so too, when it was done by hand.</summary>
    public Task<Outcome<Guid>> CompleteAsync(ActingPrincipal actor, Guid id, string step, bool hasSucceeded, string note, uint? version, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, version, note, "note", async (session, run) =>
        {
            if (await RequestOperations.OpenAsync(session, id, step, cancellationToken) is not null)
                return Failure.Conflict("An action of this step waits for the force or is under way. Wait for it, withdraw it, or say that you no longer wait for its proof, and then record the step.");
            if (run.Apply(session, new CacaoEvent.Completed(step, hasSucceeded)) is { } fault) return Failure.Conflict(fault);
            run.Note(session, Name(actor), step, hasSucceeded ? "done" : "failed", $"'{run.Playbook.Steps[step].Name}' {(hasSucceeded ? "was done" : "could not be done")}: {note.Trim()}");
            return null;
        }, cancellationToken);

    /// <summary>A person chooses a branch, and says why.</summary>
    public Task<Outcome<Guid>> DecideAsync(ActingPrincipal actor, Guid id, string step, string choice, string reason, uint? version, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, version, reason, "reason", (session, run) =>
        {
            if (run.Apply(session, new CacaoEvent.Decided(step, choice)) is { } fault) return Task.FromResult<Failure?>(Failure.Conflict(fault));
            run.Note(session, Name(actor), step, "decided", $"'{run.Playbook.Steps[step].Name}' was answered with {FlowWords.Choice(choice).ToLowerInvariant()}: {reason.Trim()}");
            return Task.FromResult<Failure?>(null);
        }, cancellationToken);

    public Task<Outcome<Guid>> AssignAsync(ActingPrincipal actor, Guid id, string name, string value, uint? version, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, version, null, "value", (session, run) =>
        {
            if (run.Apply(session, new CacaoEvent.Assigned(Variable(name), value.Trim())) is { } fault) return Task.FromResult<Failure?>(Failure.Invalid(fault, "value"));
            run.Note(session, Name(actor), "", "set", $"{CacaoIds.Plain(Variable(name))} is '{value.Trim()}'.");
            return Task.FromResult<Failure?>(null);
        }, cancellationToken);

    /// <summary>Ends the run before its end. What is under way in the estate goes on to its proof.</summary>
    public Task<Outcome<Guid>> StopAsync(ActingPrincipal actor, Guid id, string reason, uint? version, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, version, reason, "reason", async (session, run) =>
        {
            if (run.Apply(session, new CacaoEvent.Stopped()) is { } fault) return Failure.Conflict(fault);
            run.Note(session, Name(actor), "", "stopped", $"The run was stopped: {reason.Trim()}");
            await RequestOperations.WithdrawAllAsync(session, run, "The run was stopped before it was done.", cancellationToken);
            return null;
        }, cancellationToken);

    private async Task<Outcome<Guid>> ChangeAsync(ActingPrincipal actor, Guid id, uint? version, string? words, string field,
        Func<HouseSession, RunBook, Task<Failure?>> change, CancellationToken cancellationToken)
    {
        if (words is not null && Sentence(words, field) is { } invalid) return invalid;
        await using var session = await house.EnterAsync(actor, new Access(Permissions.RunsWork) { Subject = $"run/{id}" }, cancellationToken);
        if (await RunBook.FindAsync(session, id, cancellationToken) is not { } run) return Failure.NotFound;
        if (version is { } known && known != run.Row.Version) return Stale;
        if (await change(session, run) is { } failure) return failure;
        return await SavedAsync(session, run, id, cancellationToken);
    }

    private async Task<Outcome<Guid>> SavedAsync(HouseSession session, RunBook run, Guid id, CancellationToken cancellationToken)
    {
        var saved = await session.CommitAsync(cancellationToken);
        if (!saved.Succeeded) return saved.Failure;
        signal.Raise(run.Row.ForceId);
        return id;
    }

    internal static readonly Failure Stale = Failure.Conflict("Somebody else went on with this run in the meantime, so your change was not saved. Look at it again and repeat your change.");

    internal static string Name(ActingPrincipal actor) => Cut($"{actor.Name} ({actor.Home})", 200);

    internal static Failure? Sentence(string? text, string field) => (text ?? "").Trim().Length is < 3 or > 1_000 ? Failure.Invalid("Say it in 3 to 1,000 characters.", field) : null;

    internal static string Variable(string name) => name.StartsWith("__", StringComparison.Ordinal) ? name : $"__{name}__";

    internal static string Cut(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "…";
}
