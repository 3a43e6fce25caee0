namespace Watchhouse.Ledger;

/// <summary>What a verification found.</summary>
/// <param name="Faults">The first faults, in the order of finding; at most <see cref="MaxFaults"/>.</param>
/// <param name="FaultCount">Number of all faults.</param>
/// <param name="Entries">Number of entries gone through.</param>
/// <param name="Checkpoints">Number of signed checkpoints gone through.</param>
/// <param name="Latest">The newest checkpoint that is well-formed and signed; null if there is none.</param>
public sealed record LedgerReport(
    IReadOnlyList<LedgerFault> Faults, long FaultCount, long Entries, long Checkpoints, SignedCheckpoint? Latest)
{
    /// <summary>Most faults that a report lists.</summary>
    public const int MaxFaults = 100;

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsOk => FaultCount == 0;
}
