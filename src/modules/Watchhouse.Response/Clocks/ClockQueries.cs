using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Incidents;

namespace Watchhouse.Response.Clocks;

/// <summary>Clocks that run or are paused, for screens that show them together.</summary>
internal interface IClockReader
{
    /// <summary>Within the principal's sight: the soonest to break first, broken ones before them, paused ones last.</summary>
    /// <param name="principal">Who reads.</param>
    /// <param name="force">Of one force alone; null for all in sight.</param>
    /// <param name="reason">Why, where a controller demands it.</param>
    /// <param name="again">Whether it only shows anew what was opened before.</param>
    /// <param name="take">1 to 200.</param>
    Task<IReadOnlyList<OpenClock>> OpenAsync(ActingPrincipal principal, ForceId? force, string? reason, bool again, int take, CancellationToken cancellationToken);
}

internal sealed class ClockQueries(IHouse house, ClockKeeper keeper) : IClockReader
{
    public const int MostTaken = 200;

    public async Task<IReadOnlyList<OpenClock>> OpenAsync(ActingPrincipal principal, ForceId? force, string? reason, bool again, int take, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(principal, new Access(Permissions.IncidentsRead) { Force = force, Reason = reason, Logged = !again }, cancellationToken);
        var open = from clock in session.Db.Set<IncidentClock>().AsNoTracking()
                   join incident in session.Db.Set<Incident>().AsNoTracking() on clock.Id equals incident.Id
                   where (clock.State == ClockState.Running || clock.State == ClockState.Paused) && (force == null || clock.ForceId == force)
                   orderby clock.Due == null, clock.Due, clock.StartedAt, clock.Id
                   select new { clock.Id, incident.Reference, incident.Title, clock.ForceId, clock.Severity };
        var rows = await open.Take(Math.Clamp(take, 1, MostTaken)).ToListAsync(cancellationToken);
        var shown = await keeper.ShowAsync(session, [.. rows.Select(row => row.Id)], false, cancellationToken);
        return [.. rows.Where(row => shown.ContainsKey(row.Id)).Select(row => Open(row.Id, row.Reference, row.Title, row.ForceId, row.Severity.ToString(), shown[row.Id].Reading))
            .OrderBy(each => each.Due is null).ThenBy(each => each.Due)];
    }

    public async Task<Outcome<ClockModel>> FindAsync(ActingPrincipal principal, Guid incident, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(principal, new Access(Permissions.IncidentsRead) { Subject = $"incident/{incident}", Reason = reason }, cancellationToken);
        return (await keeper.ShowAsync(session, [incident], true, cancellationToken)).TryGetValue(incident, out var found) ? found.Model : Failure.NotFound;
    }

    private static OpenClock Open(Guid id, string reference, string title, ForceId force, string severity, ClockReading reading)
    {
        var current = reading.Current;
        var runs = reading.State == ClockState.Running;
        return new(id, reference, title, force, severity, current?.Stage.ToString() ?? "", current is { } stage && ClockRules.IsCentres(stage.Stage) ? "Centre" : "Force",
            runs ? current?.WarnsAt : null, runs ? current?.Due : null,
            !runs ? "paused" : current is { Breached: true } ? "over" : current is { Amber: true } ? "near" : "calm", reading.PausedBecause, reading.Forecast);
    }
}
