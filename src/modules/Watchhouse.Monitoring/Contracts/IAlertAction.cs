using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Contracts;

/// <summary>A way on from an alert.</summary>
/// <param name="Words">Verb and object.</param>
/// <param name="Href">Where it leads.</param>
/// <param name="Icon">Name of an icon of the house.</param>
/// <param name="Hint">When one takes it.</param>
public sealed record AlertStep(string Words, string Href, string Icon, string Hint);

/// <summary>What other modules offer beside an alert. They know alerts; alerts do not know them.</summary>
public interface IAlertAction
{
    /// <summary>The way on, or null where the principal has none. It reads nothing stored.</summary>
    AlertStep? For(ActingPrincipal principal, Guid alert, ForceId force);
}
