using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Scim.Groups;

/// <summary>Which group of a force's directory stands for a role.</summary>
internal sealed class ScimGroup : IOwnedByForce
{
    public required ForceId ForceId { get; set; }

    public required Role Role { get; init; }

    /// <summary>The directory's own id of the group.</summary>
    public required string ExternalId { get; set; }
}
