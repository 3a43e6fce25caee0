using Watchhouse.Platform.Data;
using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Estate;

/// <summary>An application that a force registered in its own tenant, as whom this house acts there, and the kinds that the force switched on.</summary>
internal sealed class EstateRegistration : IOwnedByForce, IVersioned
{
    public const int LongestName = 100;
    public const int LongestWords = 1_000;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public uint Version { get; set; }

    public required string Name { get; set; }

    public Guid TenantId { get; set; }

    public Guid ClientId { get; set; }

    public CredentialKind Credential { get; set; }

    /// <summary>The credential, sealed with the house's key ring for this force; null when it lies in a file.</summary>
    public string? SealedCredential { get; set; }

    /// <summary>Name of the credential's file in the force's own directory of secrets.</summary>
    public string? CredentialFile { get; set; }

    public DateTimeOffset? CredentialExpiresAt { get; set; }

    /// <summary>Names of the kinds that are switched on, as <see cref="EstateActionKind"/> has them.</summary>
    public List<string> Kinds { get; set; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    /// <summary>When the connection was last tested.</summary>
    public DateTimeOffset? CheckedAt { get; set; }

    /// <summary>What the last test met; null when all was well.</summary>
    public string? CheckProblem { get; set; }

    public bool Allows(EstateActionKind kind) => Kinds.Contains(kind.ToString());

    public KeptCredential Kept() => new(Credential, SealedCredential, CredentialFile, CredentialExpiresAt);
}

/// <summary>What is never done to a force's estate by this house, whoever approves it.</summary>
internal sealed class EstateLimits : IOwnedByForce, IVersioned
{
    public const int MostNames = 500;
    public const int LongestTarget = 320;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public uint Version { get; set; }

    /// <summary>Accounts for emergencies, devices, applications and addresses that are not touched, by name or id.</summary>
    public List<string> Never { get; set; } = [];

    /// <summary>Whether servers may be isolated.</summary>
    public bool ServersToo { get; set; }

    /// <summary>Whether one of the names that the estate has for a thing is on the list.</summary>
    public bool Covers(params IEnumerable<string?> names) => names.Any(name => !string.IsNullOrEmpty(name) && Never.Exists(entry => Same(entry, name)));

    // A device's short name stands for its full one.
    private static bool Same(string entry, string name) =>
        entry.Equals(name, StringComparison.OrdinalIgnoreCase)
        || (!entry.Contains('.', StringComparison.Ordinal) && !entry.Contains('@', StringComparison.Ordinal)
            && name.StartsWith(entry + ".", StringComparison.OrdinalIgnoreCase));
}
