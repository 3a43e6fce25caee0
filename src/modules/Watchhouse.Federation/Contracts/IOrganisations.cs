using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Contracts;

/// <summary>An organisation as other modules and screens see it: public facts.</summary>
/// <param name="Id">Permanent tag.</param>
/// <param name="Kind"><c>Centre</c>, <c>Territorial</c>, <c>OtherForce</c> or <c>Partner</c>.</param>
/// <param name="Name">Official name on the day asked for.</param>
/// <param name="ShortName">Short name on that day.</param>
/// <param name="Region">ONS region, Wales, or a sentence for national bodies.</param>
/// <param name="Officers">Officers, full-time equivalents, March 2025; null where no source was found.</param>
/// <param name="Tile">Place on the national map; null when it has none.</param>
public sealed record OrganisationSummary(
    ForceId Id, string Kind, string Name, string ShortName, string Region, int? Officers, Tile? Tile)
{
    public bool IsForce => Kind is "Territorial" or "OtherForce";
}

/// <summary>A place on the tile map, from 0 at the top left.</summary>
public sealed record Tile(int Column, int Row);

/// <summary>The register of organisations, for any module. Public facts, so no principal is asked for.</summary>
public interface IOrganisations
{
    /// <summary>Those that exist today, by short name.</summary>
    ValueTask<IReadOnlyList<OrganisationSummary>> ListAsync(CancellationToken cancellationToken);

    ValueTask<OrganisationSummary?> FindAsync(ForceId id, CancellationToken cancellationToken);
}
