using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.SignIn.Tenants;

/// <summary>An Entra ID tenant whose people a force lets in. The registrations together are the list of issuers that are believed.</summary>
internal sealed class TenantRegistration : IOwnedByForce, IVersioned
{
    public required TenantRegistrationId Id { get; init; }

    public required ForceId ForceId { get; set; }

    /// <summary>The tenant's id, the <c>tid</c> of its tokens.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The application (client) id that the force registered in its tenant.</summary>
    public required string ClientId { get; init; }

    /// <summary>The client secret, sealed by data protection.</summary>
    public required string SealedSecret { get; init; }

    public required string DisplayName { get; init; }

    /// <summary>Where it is not Microsoft's public cloud; only authorities that the operator allows.</summary>
    public string? Authority { get; init; }

    public required bool Enabled { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public uint Version { get; set; }

    /// <summary>The issuer of its tokens, and where its keys are published (OpenID Connect Discovery 1.0, section 4).</summary>
    public string Issuer => Authority ?? $"https://login.microsoftonline.com/{TenantId:D}/v2.0";
}

/// <summary>
/// A person's key in a tenant: (tid, oid), which never changes and is never reused, unlike an address
/// (Microsoft identity platform, ID token claims). It holds for the force that wrote it.
/// </summary>
internal sealed class ExternalIdentity : IOwnedByForce
{
    public int Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required PersonId PersonId { get; init; }

    public required Guid TenantId { get; set; }

    public required Guid ObjectId { get; set; }

    public required DateTimeOffset LinkedAt { get; set; }

    public required string LinkedBy { get; set; }
}
