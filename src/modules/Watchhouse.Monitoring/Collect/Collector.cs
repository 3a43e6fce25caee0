using Watchhouse.Platform.Data;
using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Collect;

/// <summary>What a collector reads.</summary>
internal enum CollectorKind
{
    /// <summary>Office 365 Management Activity API.</summary>
    Office365 = 1,

    /// <summary>Microsoft Graph, <c>auditLogs/signIns</c>.</summary>
    SignIns = 2,

    /// <summary>Microsoft Graph, <c>auditLogs/directoryAudits</c>.</summary>
    DirectoryAudits = 3,

    /// <summary>Microsoft Graph, <c>security/alerts_v2</c>.</summary>
    DefenderAlerts = 4,

    /// <summary>Azure Activity of subscriptions, through Azure Resource Manager.</summary>
    AzureActivity = 5,

    /// <summary>An event hub, through its Kafka endpoint.</summary>
    EventHub = 6,
}

/// <summary>A source that the centre fetches for a force, with the force's own registration and credential.</summary>
internal sealed class Collector : IOwnedByForce, IVersioned
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public uint Version { get; set; }

    public required CollectorKind Kind { get; init; }

    public required string Name { get; set; }

    /// <summary>The source under which its events are kept.</summary>
    public required string Source { get; set; }

    /// <summary>The force's tenant; empty for an event hub with a connection string.</summary>
    public Guid TenantId { get; set; }

    /// <summary>The application in that tenant.</summary>
    public Guid ClientId { get; set; }

    public CredentialKind Credential { get; set; }

    /// <summary>The credential, sealed with the house's key ring for this force; null when it lies in a file.</summary>
    public string? SealedCredential { get; set; }

    /// <summary>Name of the credential's file in the force's own directory of secrets.</summary>
    public string? CredentialFile { get; set; }

    /// <summary>When the credential lapses: of a certificate by itself, of a secret as its owner said.</summary>
    public DateTimeOffset? CredentialExpiresAt { get; set; }

    /// <summary>Content types, kinds of sign-ins, ids of Azure subscriptions, or the name of the event hub.</summary>
    public List<string> Streams { get; set; } = [];

    /// <summary>Host of the event hub's namespace.</summary>
    public string? Address { get; set; }

    /// <summary>Consumer group of the event hub.</summary>
    public string? Group { get; set; }

    /// <summary>Seconds from the end of a run to the next.</summary>
    public int EverySeconds { get; set; }

    public bool Enabled { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public KeptCredential Kept() => new(Credential, SealedCredential, CredentialFile, CredentialExpiresAt);
}

/// <summary>How a collector fares. It has the collector's id; the job writes it, people write the collector.</summary>
internal sealed class CollectorStatus : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public DateTimeOffset NextRunAt { get; set; }

    public DateTimeOffset? LastRunAt { get; set; }

    /// <summary>End of the last run that met no problem.</summary>
    public DateTimeOffset? LastSuccessAt { get; set; }

    /// <summary>Runs in a row that met a problem.</summary>
    public int Failures { get; set; }

    /// <summary>What happened, what it means and what to do; null while all is well.</summary>
    public string? Problem { get; set; }

    /// <summary>When the problem was first met.</summary>
    public DateTimeOffset? ProblemSince { get; set; }
}
