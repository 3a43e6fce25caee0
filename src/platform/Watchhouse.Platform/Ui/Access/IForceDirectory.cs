using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Ui;

/// <summary>An organisation as the shell names it.</summary>
/// <param name="Name">'Kent Police'.</param>
/// <param name="Kind">'Territorial force', 'National centre'.</param>
/// <param name="Region">The group it is listed under: 'South East'.</param>
public sealed record ForceListing(ForceId Id, string Name, string Kind, string Region);

/// <summary>
/// The organisations that exist today. National facts, so no principal is asked for; whose records may be seen is
/// decided elsewhere.
/// </summary>
public interface IForceDirectory
{
    ValueTask<IReadOnlyList<ForceListing>> ListAsync(CancellationToken cancellationToken);
}
