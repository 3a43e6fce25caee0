using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Clocks;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Incidents;

// What people do to the clocks of an incident on purpose. What is done to the incident itself moves them too (ChangeAsync).
internal sealed partial class IncidentOperations
{
    /// <summary>The Centre says that it knows.</summary>
    public Task<Outcome<Guid>> AcknowledgeAsync(ActingPrincipal actor, Guid id, CancellationToken cancellationToken) =>
        ClockAsync(actor, id, ClockEventKind.Acknowledged, "", "The Centre acknowledged it.", cancellationToken);

    /// <summary>The Centre advises the force: its time ends, and the force's begins.</summary>
    public Task<Outcome<Guid>> AdviseAsync(ActingPrincipal actor, Guid id, string words, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, null, async (session, incident) =>
        {
            if (IncidentInput.Sentence(words, "words") is { } fault) return fault;
            if (await clocks.TakeAsync(session, id, ClockEventKind.Advised, RunOperations.Name(actor), actor.IsCentre, "", cancellationToken) is { } failure) return failure;
            Note(session, incident, actor, "advice", words.Trim());
            session.Record(incident.ForceId, $"incident/{id}", $"The Centre advised the force in incident {incident.Reference}.", action: "clocks.advised");
            await TellAsync(session, incident, "advised", "The Centre advises your force about an incident.", cancellationToken);
            return null;
        }, cancellationToken);

    /// <summary>The side whose time runs stops it for a while, and says why.</summary>
    public async Task<Outcome<Guid>> PauseAsync(ActingPrincipal actor, Guid id, string reason, CancellationToken cancellationToken) =>
        IncidentInput.Sentence(reason, "reason", ClockEntry.LongestReason) is { } fault ? fault
            : await ClockAsync(actor, id, ClockEventKind.Paused, reason.Trim(), $"The clock was paused: {reason.Trim()}", cancellationToken);

    public Task<Outcome<Guid>> ResumeAsync(ActingPrincipal actor, Guid id, CancellationToken cancellationToken) =>
        ClockAsync(actor, id, ClockEventKind.Resumed, "", "The clock was resumed.", cancellationToken);

    /// <summary>The force says what it did: both clocks end.</summary>
    public async Task<Outcome<Guid>> ActedAsync(ActingPrincipal actor, Guid id, string words, CancellationToken cancellationToken) =>
        IncidentInput.Sentence(words, "words", ClockEntry.LongestReason) is { } fault ? fault
            : await ClockAsync(actor, id, ClockEventKind.Acted, words.Trim(), $"The force acted: {words.Trim()}", cancellationToken);

    private Task<Outcome<Guid>> ClockAsync(ActingPrincipal actor, Guid id, ClockEventKind kind, string reason, string words, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, null, async (session, incident) =>
        {
            if (await clocks.TakeAsync(session, id, kind, RunOperations.Name(actor), actor.IsCentre, reason, cancellationToken) is { } failure) return failure;
            Note(session, incident, actor, "clock", words);
            session.Record(incident.ForceId, $"incident/{id}", words, action: $"clocks.{kind.ToString().ToLowerInvariant()}");
            return null;
        }, cancellationToken);

    /// <summary>What a new state of the incident means for its clock.</summary>
    private Task MovedAsync(HouseSession session, ActingPrincipal actor, Incident incident, IncidentStatus from, string reason, CancellationToken cancellationToken) => incident.Status switch
    {
        IncidentStatus.Open when from >= IncidentStatus.Contained => clocks.ReopenedAsync(session, incident.Id, RunOperations.Name(actor), reason, cancellationToken),
        IncidentStatus.Contained or IncidentStatus.Eradicated or IncidentStatus.Recovered =>
            clocks.HappenedAsync(session, incident.Id, ClockEventKind.Acted, RunOperations.Name(actor), cancellationToken, reason),
        // The force ends its own incident; when the Centre closes it, there was nothing for the force to do.
        IncidentStatus.Closed => clocks.HappenedAsync(session, incident.Id, actor.Home == incident.ForceId ? ClockEventKind.Acted : ClockEventKind.Stopped, RunOperations.Name(actor), cancellationToken, reason),
        _ => Task.CompletedTask,
    };

    /// <summary>The first thing that the Centre does in a force's incident says that it knows.</summary>
    private Task NoticedAsync(HouseSession session, ActingPrincipal actor, Incident incident, CancellationToken cancellationToken) =>
        actor.IsCentre && incident.ForceId != ForceId.Centre
            ? clocks.HappenedAsync(session, incident.Id, ClockEventKind.Acknowledged, RunOperations.Name(actor), cancellationToken)
            : Task.CompletedTask;
}
