using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>
/// The alerts that findings joined lately, kept between transactions, so that a storm of one rule costs one change of its alert
/// for each transaction and not a search for each finding. Only the detection job makes alerts longer, so what is here is what is
/// stored; after a transaction that failed it is thrown away.
/// </summary>
internal sealed class OpenAlerts
{
    private const int MostKeys = 5_000;
    private const int MostOfOneKey = 20;

    private readonly Dictionary<(string Force, string Rule, AlertEntity Entity), List<OpenAlert>> _byKey = [];

    /// <summary>The latest alerts of a rule about an entity, tracked by the session as soon as they are asked for a change.</summary>
    public async Task<List<OpenAlert>> FindAsync(HouseSession session, (string Force, string Rule, AlertEntity Entity) key, CancellationToken cancellationToken)
    {
        if (_byKey.TryGetValue(key, out var known)) return known;
        if (_byKey.Count >= MostKeys) _byKey.Clear();
        var force = ForceId.Of(key.Force);
        var (rule, kind, value) = (key.Rule, key.Entity.Kind, key.Entity.Value);
        var stored = await session.Db.Set<Alert>().AsNoTracking()
            .Where(alert => alert.ForceId == force && alert.Rule == rule && alert.EntityKind == kind && alert.Entity == value)
            .OrderByDescending(alert => alert.LastAt).Take(MostOfOneKey).ToListAsync(cancellationToken);
        List<OpenAlert> open = [.. stored.Select(alert => new OpenAlert(alert))];
        _byKey.Add(key, open);
        return open;
    }

    /// <summary>Adds an alert that was raised or found; the one that ended first makes room.</summary>
    public static void Add(List<OpenAlert> open, OpenAlert alert)
    {
        if (open.Count >= MostOfOneKey) open.Remove(open.MinBy(each => each.Alert.LastAt)!);
        open.Add(alert);
    }
}

/// <summary>An alert and the ids of the events that are kept with it.</summary>
internal sealed class OpenAlert(Alert alert)
{
    private HashSet<Guid>? _events;

    public Alert Alert { get; } = alert;

    /// <summary>Whether no more events are kept with it: the ids of those that are, are not needed any more.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Takes an event among those that are kept; false where it is kept already or there is no room.</summary>
    public bool Keep(Guid eventId)
    {
        if (IsFull || !_events!.Add(eventId)) return false;
        if (_events.Count >= AlertWriter.MostEvents) (IsFull, _events) = (true, null);
        return true;
    }

    public bool Has(Guid eventId) => _events?.Contains(eventId) == true;

    /// <summary>Has the session track the alert, and knows its events.</summary>
    public async Task OpenAsync(HouseSession session, CancellationToken cancellationToken)
    {
        var entry = session.Db.Entry(Alert);
        if (entry.State == EntityState.Detached) session.Db.Attach(Alert);
        if (IsFull || _events is not null) return;
        var id = Alert.Id;
        _events = entry.State == EntityState.Added
            ? []
            : [.. await session.Db.Set<AlertEvent>().Where(evidence => evidence.AlertId == id).Select(evidence => evidence.EventId).ToListAsync(cancellationToken)];
        if (_events.Count >= AlertWriter.MostEvents) (IsFull, _events) = (true, null);
    }
}
