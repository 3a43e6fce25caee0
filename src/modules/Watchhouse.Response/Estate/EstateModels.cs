using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Estate;

/// <summary>What a person says of a registration. For a change, what is left out stays as it is.</summary>
internal sealed record RegistrationInput
{
    public string? Name { get; init; }

    public Guid? TenantId { get; init; }

    public Guid? ClientId { get; init; }

    public CredentialKind? CredentialKind { get; init; }

    /// <summary>The secret, or certificate and key as PEM. It is never given out again.</summary>
    public string? Credential { get; init; }

    public string? CredentialFile { get; init; }

    public DateTimeOffset? CredentialExpiresAt { get; init; }

    /// <summary>The kinds that are switched on.</summary>
    public IReadOnlyList<EstateActionKind>? Kinds { get; init; }

    /// <summary>The version that was changed, where a stale change is to be refused.</summary>
    public uint? Version { get; init; }

    // A record would print its credential.
    public override string ToString() => nameof(RegistrationInput);
}

/// <summary>What is never touched. What is left out stays as it is.</summary>
internal sealed record LimitsInput
{
    public IReadOnlyList<string>? Never { get; init; }

    public bool? ServersToo { get; init; }

    public uint? Version { get; init; }
}

/// <summary>A registration. Of its credential there is the kind and when it lapses; the tenant and the application are told to the force alone.</summary>
internal sealed record RegistrationAnswer(
    Guid Id, ForceId Force, string Name, Guid? TenantId, Guid? ClientId, CredentialKind CredentialKind, string? CredentialFile, DateTimeOffset? CredentialExpiresAt,
    IReadOnlyList<EstateActionKind> Kinds, uint Version, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? CheckedAt, string? CheckProblem);

/// <summary>What is never touched. Others than the force learn how many names there are and not which.</summary>
internal sealed record LimitsAnswer(ForceId Force, IReadOnlyList<string>? Never, int NeverCount, bool ServersToo, uint Version);

/// <summary>The estates in sight: what is possible where.</summary>
internal sealed record EstateView(IReadOnlyList<RegistrationAnswer> Registrations, IReadOnlyList<LimitsAnswer> Limits);
