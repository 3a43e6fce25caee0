namespace Watchhouse.Platform.Audit;

/// <summary>Where the audit ledger lies.</summary>
public sealed record AuditLedgerOptions
{
    /// <summary>The ledger's directory.</summary>
    public required string Directory { get; init; }

    /// <summary>The signing key's file, outside the ledger's directory so that a copy of the log carries no key.</summary>
    public required string KeyPath { get; init; }

    /// <summary>The name in the first line of each checkpoint (C2SP tlog-checkpoint): unique to this installation.</summary>
    public required string Origin { get; init; }
}
