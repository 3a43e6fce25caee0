using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Organisations;

/// <summary>What sort of organisation it is; decides its place on the map and which roles its people can hold.</summary>
internal enum OrganisationKind
{
    Centre = 1,

    /// <summary>One of the territorial forces of England and Wales.</summary>
    Territorial = 2,

    /// <summary>Scotland, Northern Ireland, and the forces for railways, nuclear sites and defence.</summary>
    OtherForce = 3,
    Partner = 4,
}

/// <summary>
/// An organisation of the federation. Its tag never changes; its names are dated. It is a public fact that it exists.
/// </summary>
internal sealed class Organisation : IVersioned
{
    public required ForceId Id { get; init; }

    public required OrganisationKind Kind { get; init; }

    /// <summary>The name in force now.</summary>
    public required string OfficialName { get; set; }

    public required string ShortName { get; set; }

    public string? WelshName { get; set; }

    /// <summary>Two-digit police force code of criminal justice systems.</summary>
    public string? ForceCode { get; init; }

    /// <summary>The force's key at data.police.uk.</summary>
    public string? Slug { get; init; }

    public required string Region { get; init; }

    public required string Jurisdiction { get; init; }

    /// <summary>ONS code of the police force area.</summary>
    public string? OnsCode { get; init; }

    /// <summary>Regional organised crime unit.</summary>
    public string? RocuRegion { get; init; }

    /// <summary>Officers, full-time equivalents, March 2025; null where no source was found.</summary>
    public int? Officers { get; init; }

    /// <summary>First day, if known.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The first day on which it no longer exists.</summary>
    public DateOnly? Until { get; set; }

    /// <summary>Column and row of its tile on the national map, from 0; null when it has none.</summary>
    public int? TileColumn { get; set; }

    public int? TileRow { get; set; }

    public string? Note { get; init; }

    public uint Version { get; set; }

    public bool ExistsOn(DateOnly day) => (From is null || From <= day) && (Until is null || day < Until);
}

/// <summary>A name that an organisation bore, with its dates.</summary>
internal sealed class OrganisationName
{
    public int Id { get; init; }

    public required ForceId Organisation { get; init; }

    public required string OfficialName { get; init; }

    public required string ShortName { get; init; }

    public DateOnly? From { get; init; }

    public DateOnly? Until { get; set; }
}

/// <summary>A local authority district and the force that polices it, dated.</summary>
internal sealed class Area
{
    public int Id { get; init; }

    /// <summary>ONS code of the district.</summary>
    public required string Code { get; init; }

    public required string Name { get; init; }

    public required string Region { get; init; }

    public required ForceId Force { get; set; }

    public DateOnly? From { get; init; }

    public DateOnly? Until { get; set; }

    /// <summary>How the assignment is known: <c>direct</c>, or through a successor council.</summary>
    public required string Basis { get; init; }
}
