using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Clocks;
using Watchhouse.Response.Incidents.Files;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Incidents;

/// <summary>Which incidents are wanted; the newest first.</summary>
internal sealed record IncidentFilter
{
    public const int MostTaken = 200;

    public ForceId? Force { get; init; }

    /// <summary>Null: those that are not closed.</summary>
    public IReadOnlyList<IncidentStatus>? Statuses { get; init; }

    /// <summary>Incidents that hold this alert.</summary>
    public Guid? Alert { get; init; }

    /// <summary>Only incidents behind the one with this id in the list.</summary>
    public Guid? Before { get; init; }

    /// <summary>Those whose time ends first come first, then those without a running clock, the newest first. Has no pages: 'Before' means nothing.</summary>
    public bool ByUrgency { get; init; }

    public int Take { get; init; } = 50;

    public string? Reason { get; init; }

    public bool Again { get; init; }
}

/// <summary>Reads incidents, within the reader's sight.</summary>
internal sealed class IncidentQueries(IHouse house, ClockKeeper clocks)
{
    private const int MostEntries = 1_000;
    private static readonly IReadOnlyList<IncidentStatus> Open = [.. Enum.GetValues<IncidentStatus>().Where(status => status != IncidentStatus.Closed)];

    public async Task<IReadOnlyList<IncidentRow>> ListAsync(ActingPrincipal principal, IncidentFilter filter, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(principal, new Access(Permissions.IncidentsRead) { Force = filter.Force, Reason = filter.Reason, Logged = !filter.Again }, cancellationToken);
        var incidents = session.Db.Set<Incident>().AsNoTracking();
        if (filter.Force is { } force) incidents = incidents.Where(each => each.ForceId == force);
        if (filter.Alert is { } alert) incidents = incidents.Where(each => session.Db.Set<IncidentAlert>().Any(its => its.IncidentId == each.Id && its.AlertId == alert));
        var statuses = (filter.Statuses ?? (filter.Alert is null ? Open : [])).ToList();
        if (statuses.Count > 0) incidents = incidents.Where(each => statuses.Contains(each.Status));
        if (filter.Before is { } before && !filter.ByUrgency)
        {
            var place = await session.Db.Set<Incident>().Where(each => each.Id == before).Select(each => (DateTimeOffset?)each.OpenedAt).FirstOrDefaultAsync(cancellationToken);
            if (place is not { } at) return [];
            incidents = incidents.Where(each => each.OpenedAt < at || (each.OpenedAt == at && each.Id < before));
        }

        var ordered = filter.ByUrgency
            ? from each in incidents
              join clock in session.Db.Set<IncidentClock>() on each.Id equals clock.Id into its
              from clock in its.DefaultIfEmpty()
              orderby clock.Due == null, clock.Due, each.OpenedAt descending, each.Id descending
              select each
            : incidents.OrderByDescending(each => each.OpenedAt).ThenByDescending(each => each.Id);
        var rows = (await Rows(ordered.Take(Math.Clamp(filter.Take, 1, IncidentFilter.MostTaken))).ToListAsync(cancellationToken)).ConvertAll(row => row.Made);
        return await TimedAsync(session, rows, cancellationToken);
    }

    public async Task<Outcome<IncidentModel>> FindAsync(ActingPrincipal principal, Guid id, string? reason, CancellationToken cancellationToken, bool again = false)
    {
        await using var session = await house.EnterAsync(principal, new Access(Permissions.IncidentsRead) { Subject = $"incident/{id}", Reason = reason, Logged = !again }, cancellationToken);
        var db = session.Db;
        if (await db.Set<Incident>().AsNoTracking().FirstOrDefaultAsync(each => each.Id == id, cancellationToken) is not { } incident) return Failure.NotFound;
        var entries = await db.Set<IncidentEntry>().AsNoTracking().Where(each => each.IncidentId == id).OrderByDescending(each => each.HappenedAt).ThenByDescending(each => each.Id).Take(MostEntries + 1)
            .Select(each => new IncidentEntryModel(each.Id, each.Kind, each.Words, each.By, each.HappenedAt, each.WrittenAt)).ToListAsync(cancellationToken);
        var runs = await db.Set<PlaybookRun>().AsNoTracking().Where(run => run.IncidentId == id).OrderByDescending(run => run.StartedAt).Take(50)
            .Select(run => new { run.Id, run.ForceId, run.Name, run.Status, run.Severity, run.StartedBy, run.StartedAt, run.ChangedAt, run.AlertId }).ToListAsync(cancellationToken);
        var runIds = runs.ConvertAll(run => run.Id);
        // What was done in its playbooks stands in the same timeline.
        var deeds = runIds.Count == 0 ? [] : await db.Set<RunEntry>().AsNoTracking().Where(each => runIds.Contains(each.RunId)).OrderByDescending(each => each.At).Take(MostEntries)
            .Select(each => new IncidentEntryModel(each.Id, "action", each.Words, each.By, each.At, each.At)).ToListAsync(cancellationToken);
        var alerts = await db.Set<IncidentAlert>().AsNoTracking().Where(each => each.IncidentId == id).OrderBy(each => each.FirstAt).ThenBy(each => each.Id).Take(IncidentOperations.MostAlerts).ToListAsync(cancellationToken);
        var entities = await db.Set<IncidentEntity>().AsNoTracking().Where(each => each.IncidentId == id).OrderBy(each => each.Id).Take(200).ToListAsync(cancellationToken);
        var tasks = await db.Set<IncidentTask>().AsNoTracking().Where(each => each.IncidentId == id).OrderBy(each => each.DoneAt != null).ThenBy(each => each.Due ?? DateOnly.MaxValue).ThenBy(each => each.Id).Take(200).ToListAsync(cancellationToken);
        var parts = await Rows(db.Set<Incident>().AsNoTracking().Where(each => each.ParentId == id).OrderBy(each => each.ForceId).Take(200)).ToListAsync(cancellationToken);
        var files = await db.Set<IncidentFile>().AsNoTracking().Where(each => each.IncidentId == id).OrderBy(each => each.AddedAt).Take(500)
            .Select(each => new IncidentFileModel(each.Id, each.Name, each.Note, each.Bytes, each.Sha256, each.AddedBy, each.AddedAt, each.RemovedAt, each.RemovedBy)).ToListAsync(cancellationToken);
        var links = await db.Set<IncidentLink>().AsNoTracking().Where(each => each.IncidentId == id)
            .Join(db.Set<Incident>(), link => link.OtherId, other => other.Id, (link, other) => new { other.Id, other.Reference, other.Title, other.Status, link.Why }).OrderBy(each => each.Reference).Take(100).ToListAsync(cancellationToken);
        var shown = await clocks.ShowAsync(session, [id, .. parts.Select(part => part.Id)], true, cancellationToken);
        return new IncidentModel(
            Row(incident).Made with { Clock = Of(id) }, incident.Version, incident.Summary, incident.Impact.ToString(), incident.Urgency.ToString(), IncidentRules.Words(incident.Handling), incident.Instructions,
            new(incident.ProposedCategory, incident.ConfirmedCategory, incident.ConfirmedBy, incident.ConfirmedUnder, incident.ConfirmedAt), incident.OpenedBy, incident.ContainedAt, incident.Review,
            [.. IncidentRules.Next(incident.Status).Select(next => next.ToString())],
            [.. entries.Take(MostEntries).Concat(deeds).OrderByDescending(each => each.HappenedAt).ThenByDescending(each => each.Id).Take(MostEntries)],
            [.. alerts.Select(each => new IncidentAlertModel(each.AlertId, each.Title, each.Level, each.EntityKind, each.Entity, each.Techniques, each.FirstAt))],
            [.. entities.Select(each => new IncidentEntityModel(each.Kind, each.Value, each.Note))],
            [.. tasks.Select(each => new IncidentTaskModel(each.Id, each.Title, each.Owner, each.Due, each.DoneAt, each.DoneBy))],
            [.. parts.Select(part => part.Made with { Clock = Of(part.Id) })],
            [.. runs.Select(run => new RunRow(run.Id, run.ForceId, run.Name, run.Status.ToString(), run.Severity.ToString(), run.StartedBy, run.StartedAt, run.ChangedAt, run.AlertId, id))])
        {
            Files = files,
            Links = [.. links.Select(each => new IncidentLinkModel(each.Id, each.Reference, each.Title, each.Status.ToString(), each.Why))],
            IsCut = entries.Count > MostEntries || deeds.Count + Math.Min(entries.Count, MostEntries) > MostEntries,
        };

        ClockModel? Of(Guid incident) => shown.TryGetValue(incident, out var found) ? found.Model : null;
    }

    private async Task<IReadOnlyList<IncidentRow>> TimedAsync(HouseSession session, List<IncidentRow> rows, CancellationToken cancellationToken)
    {
        var shown = await clocks.ShowAsync(session, [.. rows.Select(row => row.Id)], false, cancellationToken);
        return [.. rows.Select(row => shown.TryGetValue(row.Id, out var found) ? row with { Clock = found.Model } : row)];
    }

    private static IQueryable<Listed> Rows(IQueryable<Incident> incidents) => incidents.Select(each => new Listed
    {
        Id = each.Id, Force = each.ForceId, Reference = each.Reference, Title = each.Title, Severity = each.Severity, Status = each.Status, Owner = each.Owner, Parent = each.ParentId,
        OpenedAt = each.OpenedAt, ChangedAt = each.ChangedAt, ClosedAt = each.ClosedAt,
    });

    private static Listed Row(Incident each) => new()
    {
        Id = each.Id, Force = each.ForceId, Reference = each.Reference, Title = each.Title, Severity = each.Severity, Status = each.Status, Owner = each.Owner, Parent = each.ParentId,
        OpenedAt = each.OpenedAt, ChangedAt = each.ChangedAt, ClosedAt = each.ClosedAt,
    };

    // Without the long texts, which a list does not show.
    private sealed class Listed
    {
        public Guid Id { get; init; }

        public ForceId Force { get; init; }

        public string Reference { get; init; } = "";

        public string Title { get; init; } = "";

        public Platform.Ui.Severity Severity { get; init; }

        public IncidentStatus Status { get; init; }

        public string? Owner { get; init; }

        public Guid? Parent { get; init; }

        public DateTimeOffset OpenedAt { get; init; }

        public DateTimeOffset ChangedAt { get; init; }

        public DateTimeOffset? ClosedAt { get; init; }

        public IncidentRow Made => new(Id, Force, Reference, Title, Severity.ToString(), Status.ToString(), Owner, Force == ForceId.Centre, Parent, OpenedAt, ChangedAt, ClosedAt);
    }
}
