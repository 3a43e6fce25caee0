using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Contracts;

/// <summary>An alert, as other modules work with it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Force">Whose it is.</param>
/// <param name="Title">What the rule or product says.</param>
/// <param name="Level">informational, low, medium, high or critical.</param>
/// <param name="EntityKind">user, host, address, app, group or source.</param>
/// <param name="Entity">Whom or what it is about.</param>
/// <param name="Techniques">ATT&amp;CK techniques, T1566.002.</param>
/// <param name="FirstAt">Time of its first event.</param>
/// <param name="RaisedAt">When it was raised.</param>
public sealed record AlertBrief(
    Guid Id, ForceId Force, string Title, string Level, string EntityKind, string Entity, IReadOnlyList<string> Techniques, DateTimeOffset FirstAt, DateTimeOffset RaisedAt);

/// <summary>Alerts for other modules.</summary>
public interface IAlertReader
{
    /// <summary>Those of the ids that the principal may see, in no order. What is not there is out of sight, or nowhere.</summary>
    /// <exception cref="Platform.Operations.AccessRefusedException">The principal may see no alerts at all, or has to give a reason.</exception>
    Task<IReadOnlyList<AlertBrief>> FindAsync(ActingPrincipal actor, IReadOnlyList<Guid> ids, string? reason, CancellationToken cancellationToken);
}
