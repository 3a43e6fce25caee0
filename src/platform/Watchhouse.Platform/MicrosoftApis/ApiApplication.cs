namespace Watchhouse.Platform.MicrosoftApis;

/// <summary>An application of a force in its own tenant, as whom the house speaks.</summary>
/// <param name="Owner">The record that holds its credential.</param>
/// <param name="Version">That record's version: a change of it makes tokens of before useless.</param>
/// <param name="TenantId">The force's tenant.</param>
/// <param name="ClientId">The application in that tenant.</param>
public sealed record ApiApplication(Guid Owner, uint Version, Guid TenantId, Guid ClientId);

/// <summary>What applications are used for, which says how their credentials are sealed and what it means when one is refused.</summary>
/// <param name="Protector">Under this name credentials are sealed: a change makes those that are stored unreadable.</param>
/// <param name="Idle">What does not happen without the credential, as a sentence.</param>
/// <param name="Meanwhile">What follows until access is mended, as a sentence.</param>
public sealed record ApiPurpose(string Protector, string Idle, string Meanwhile);

/// <summary>How tokens are asked for.</summary>
/// <param name="SignIn">Where they are issued.</param>
/// <param name="MaxAttempts">How often it is tried.</param>
/// <param name="MaxWait">The longest wait between two.</param>
/// <param name="Timeout">How long one answer may take.</param>
public sealed record TokenSettings(string SignIn, int MaxAttempts, TimeSpan MaxWait, TimeSpan Timeout);

/// <summary>How an application proves itself.</summary>
public enum CredentialKind
{
    /// <summary>A certificate with its private key: a signed assertion is sent, never the key (RFC 7523).</summary>
    Certificate = 1,

    /// <summary>A client secret.</summary>
    Secret = 2,

    /// <summary>A connection string of an event hub, with a shared access key.</summary>
    ConnectionString = 3,
}
