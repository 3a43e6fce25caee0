using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Clocks;

/// <summary>
/// Keeps the clocks of incidents: what moves one is written in the session of the deed, so both are stored or neither. Reads them, too,
/// within the session's sight.
/// </summary>
internal sealed class ClockKeeper(ClockPolicyBook book)
{
    /// <summary>Starts the clock of an incident; one of the Centre's own has none.</summary>
    /// <param name="session">The session in which the incident is opened.</param>
    /// <param name="incident">Its id.</param>
    /// <param name="force">Whose it is.</param>
    /// <param name="severity">How grave it is.</param>
    /// <param name="by">Who opened it.</param>
    /// <param name="isCentre">The Centre opened it, and so knows of it.</param>
    /// <param name="isAlone">The Centre has no sight of it, so the force's time begins at once.</param>
    public async Task StartAsync(HouseSession session, Guid incident, ForceId force, Severity severity, string by, bool isCentre, bool isAlone, CancellationToken cancellationToken)
    {
        if (force == ForceId.Centre) return;
        var now = session.Now;
        var clock = new IncidentClock { Id = incident, ForceId = force, Severity = severity, State = ClockState.Running, StartedAt = now };
        session.Db.Add(clock);
        Write(session, clock, ClockEventKind.Started, now, by, "");
        if (isCentre) Write(session, clock, ClockEventKind.Acknowledged, now, by, "");
        else if (isAlone) Write(session, clock, ClockEventKind.Advised, now, by, "The force works alone: it has given the Centre no delegation for response.");
        await RefreshAsync(session, clock, cancellationToken);
    }

    /// <summary>Something happened that people were not asked about; where the clock does not take it, nothing changes.</summary>
    public async Task HappenedAsync(HouseSession session, Guid incident, ClockEventKind kind, string by, CancellationToken cancellationToken, string reason = "")
    {
        if (await FindAsync(session, incident, cancellationToken) is not { } clock) return;
        if (ClockRules.Hindrance(await ReadAsync(session, clock, cancellationToken), kind) is null) await AddAsync(session, clock, kind, by, reason, cancellationToken);
    }

    /// <summary>An incident that was contained or closed is taken up again: the force's time begins anew. Both sides know of it, so the Centre's does not.</summary>
    public async Task ReopenedAsync(HouseSession session, Guid incident, string by, string reason, CancellationToken cancellationToken)
    {
        if (await FindAsync(session, incident, cancellationToken) is not { } clock || ClockRules.Hindrance(await ReadAsync(session, clock, cancellationToken), ClockEventKind.Started) is not null) return;
        Write(session, clock, ClockEventKind.Started, session.Now, by, reason);
        await AddAsync(session, clock, ClockEventKind.Advised, by, reason, cancellationToken);
    }

    /// <summary>Somebody moves the clock on purpose; a failure where it does not take that, or it is not theirs to do.</summary>
    public async Task<Failure?> TakeAsync(HouseSession session, Guid incident, ClockEventKind kind, string by, bool isCentre, string reason, CancellationToken cancellationToken)
    {
        if (await FindAsync(session, incident, cancellationToken) is not { } clock)
            return Failure.Conflict("This incident has no clock: a national incident is measured in the parts of its forces.");
        if (ClockRules.Failure(await ReadAsync(session, clock, cancellationToken), kind, isCentre) is { } failure) return failure;
        await AddAsync(session, clock, kind, by, reason, cancellationToken);
        return null;
    }

    /// <summary>The incident is graver or less grave than was thought: its times change, from its start.</summary>
    public async Task AssessedAsync(HouseSession session, Guid incident, Severity severity, CancellationToken cancellationToken)
    {
        if (await FindAsync(session, incident, cancellationToken) is not { } clock || clock.Severity == severity) return;
        // What has ended was kept or not by the times that held then.
        if (clock.State is ClockState.Done or ClockState.Stopped) return;
        clock.Severity = severity;
        await RefreshAsync(session, clock, cancellationToken);
    }

    /// <summary>Writes anew how it stands, and has the job look at it when there is something to tell.</summary>
    public async Task RefreshAsync(HouseSession session, IncidentClock clock, CancellationToken cancellationToken)
    {
        // While it runs, the hours of today count; when it has ended, those of its end are kept.
        clock.HoursAtEnd = null;
        var reading = await ReadAsync(session, clock, cancellationToken);
        var now = session.Now;
        if (reading.State is ClockState.Done or ClockState.Stopped)
            clock.HoursAtEnd = await SettingsAsync(session, clock.ForceId, cancellationToken) is { } set ? JsonSerializer.Serialize(new KeptHours(set.IsAlways, set.Days, set.FromMinute, set.UntilMinute, set.Holidays)) : "";
        (clock.State, clock.Stage, clock.Due) = (reading.State, reading.Current?.Stage, reading.State == ClockState.Running ? reading.Current?.Due : null);
        // The ladder of the other side is out of sight here: from the warning on, the job sees it and finds the moments.
        clock.NextAt = reading is { State: ClockState.Running, Current.WarnsAt: { } warns } ? warns > now ? warns : now : null;
    }

    public async Task<ClockReading> ReadAsync(HouseSession session, IncidentClock clock, CancellationToken cancellationToken)
    {
        var id = clock.Id;
        await session.Db.Set<ClockEntry>().Where(each => each.ClockId == id).LoadAsync(cancellationToken);
        return Read(clock, session.Db.Set<ClockEntry>().Local.Where(each => each.ClockId == id), await SettingsAsync(session, clock.ForceId, cancellationToken) is { } set ? Calendar(set) : null, session.Now);
    }

    /// <summary>How the clocks of incidents are shown, by their ids; those without one are left out.</summary>
    public async Task<Dictionary<Guid, (IncidentClock Clock, ClockReading Reading, ClockModel Model)>> ShowAsync(HouseSession session, IReadOnlyList<Guid> incidents, bool withEntries, CancellationToken cancellationToken)
    {
        var ids = incidents.ToList();
        var clocks = await session.Db.Set<IncidentClock>().AsNoTracking().Where(each => ids.Contains(each.Id)).ToListAsync(cancellationToken);
        if (clocks.Count == 0) return [];
        var entries = (await session.Db.Set<ClockEntry>().AsNoTracking().Where(each => ids.Contains(each.ClockId)).ToListAsync(cancellationToken)).ToLookup(each => each.ClockId);
        var forces = clocks.Select(each => each.ForceId).Distinct().ToList();
        var hours = (await session.Db.Set<ClockSettings>().AsNoTracking().Where(each => forces.Contains(each.ForceId)).ToListAsync(cancellationToken)).ToDictionary(each => each.ForceId, Calendar);
        var now = session.Now;
        return clocks.ToDictionary(clock => clock.Id, clock =>
        {
            var reading = Read(clock, entries[clock.Id], hours.GetValueOrDefault(clock.ForceId), now);
            return (clock, reading, new ClockModel(reading.State.ToString(), reading.Current?.Stage.ToString(), reading.State == ClockState.Running ? reading.Current?.Due : null,
                reading.PausedBecause, reading.Forecast, ClockWords.Centre(reading), ClockWords.Force(reading))
            {
                Entries = withEntries ? [.. entries[clock.Id].OrderBy(each => each.At).ThenBy(each => each.Kind).Select(each => new ClockEntryModel(each.At, each.Kind.ToString(), each.Reason, each.By))] : [],
            });
        });
    }

    /// <summary>The hours that settings mean.</summary>
    /// <exception cref="FormatException">They are none that time can be counted by.</exception>
    public WorkingCalendar Calendar(ClockSettings settings) => Calendar(new KeptHours(settings.IsAlways, settings.Days, settings.FromMinute, settings.UntilMinute, settings.Holidays));

    private WorkingCalendar Calendar(KeptHours hours) => hours.IsAlways ? WorkingCalendar.Always : WorkingCalendar.Of(
        hours.Days.ToDictionary(Enum.Parse<DayOfWeek>, _ => (hours.FromMinute, hours.UntilMinute)), book.Policies.Holidays[hours.Holidays]);

    private ClockReading Read(IncidentClock clock, IEnumerable<ClockEntry> entries, WorkingCalendar? hours, DateTimeOffset now) => ClockEngine.Read(
        book.Policies.For(clock.ForceId, clock.Severity, clock.HoursAtEnd switch { null => hours, "" => null, var kept => Calendar(JsonSerializer.Deserialize<KeptHours>(kept)!) }), entries.Select(each => new ClockEvent(each.At, each.Kind, each.Reason)), now);

    private static async Task<ClockSettings?> SettingsAsync(HouseSession session, ForceId force, CancellationToken cancellationToken) =>
        session.Db.Set<ClockSettings>().Local.FirstOrDefault(each => each.ForceId == force)
        ?? await session.Db.Set<ClockSettings>().FirstOrDefaultAsync(each => each.ForceId == force, cancellationToken);

    private static async Task<IncidentClock?> FindAsync(HouseSession session, Guid incident, CancellationToken cancellationToken) =>
        session.Db.Set<IncidentClock>().Local.FirstOrDefault(each => each.Id == incident)
        ?? await session.Db.Set<IncidentClock>().FirstOrDefaultAsync(each => each.Id == incident, cancellationToken);

    private async Task AddAsync(HouseSession session, IncidentClock clock, ClockEventKind kind, string by, string reason, CancellationToken cancellationToken)
    {
        Write(session, clock, kind, session.Now, by, reason);
        await RefreshAsync(session, clock, cancellationToken);
        // Of two who move it at once, one finds it changed and is asked to look again.
        if (session.Db.Entry(clock).State != EntityState.Added) session.Db.Entry(clock).Property(each => each.NextAt).IsModified = true;
    }

    private static void Write(HouseSession session, IncidentClock clock, ClockEventKind kind, DateTimeOffset at, string by, string reason) => session.Db.Add(new ClockEntry
    {
        Id = Guid.CreateVersion7(at), ForceId = clock.ForceId, ClockId = clock.Id, At = at, Kind = kind, By = by,
        Reason = reason.Length <= ClockEntry.LongestReason ? reason : reason[..(ClockEntry.LongestReason - 1)] + "…",
    });
}
