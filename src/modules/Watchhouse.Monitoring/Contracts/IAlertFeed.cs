using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Contracts;

/// <summary>Something by which the same hand is known again elsewhere.</summary>
/// <param name="Kind">address, domain, mail, hash, app or actor.</param>
/// <param name="Value">In the one form in which it is compared: lower case, without port or path.</param>
public readonly record struct AlertIndicator(string Kind, string Value);

/// <summary>An alert with what may be found again in other forces.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Indicators">What its entity, its first events and its rule name; at most <see cref="IAlertFeed.MostIndicators"/>.</param>
public sealed record AlertSighting(AlertBrief Alert, IReadOnlyList<AlertIndicator> Indicators);

/// <summary>
/// Alerts of every force, for jobs of the program that compare them or tell of them. It is never asked for a person: what is found
/// may be shown only as far as the gate gives the rows of each force.
/// </summary>
public interface IAlertFeed
{
    const int MostIndicators = 60;

    /// <summary>Alerts raised after the one named, or from a moment on; the oldest first.</summary>
    /// <param name="from">The earliest moment of raising.</param>
    /// <param name="after">The last alert of the page before, raised at <paramref name="from"/>; null for the first page.</param>
    /// <param name="take">At most so many.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyList<AlertSighting>> RaisedAsync(DateTimeOffset from, Guid? after, int take, CancellationToken cancellationToken);

    /// <summary>Alerts of one force about one entity, by the time of their first event; without indicators.</summary>
    Task<IReadOnlyList<AlertBrief>> AboutAsync(ForceId force, string entityKind, string entity, DateTimeOffset from, DateTimeOffset until, int take, CancellationToken cancellationToken);

    /// <summary>Those of the ids whose verdict is that nothing bad happened: false or benign positives.</summary>
    Task<IReadOnlySet<Guid>> HarmlessAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Alerts of one level that stand in one status and were raised in a span of time; the oldest first.</summary>
    /// <param name="status">new, open, waiting or closed.</param>
    /// <param name="level">informational, low, medium, high or critical.</param>
    /// <param name="after">Raised after this.</param>
    /// <param name="until">Raised at this or before.</param>
    /// <param name="take">At most so many.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyList<AlertBrief>> WaitingAsync(string status, string level, DateTimeOffset after, DateTimeOffset until, int take, CancellationToken cancellationToken);
}
