namespace Watchhouse.Ledger.Verification;

/// <summary>
/// Gathers faults; keeps the first ones and counts the rest, so that a ruined ledger fits into memory too.
/// </summary>
internal sealed class FaultList
{
    private readonly List<LedgerFault> _faults = [];
    private long _count;

    public bool AnyMissing { get; private set; }

    public void Add(LedgerFault fault)
    {
        if (_count++ < LedgerReport.MaxFaults)
            _faults.Add(fault);
    }

    public void AddMissing(string file)
    {
        AnyMissing = true;
        Add(new LedgerFault(file, 0, null, "the file", "no such file"));
    }

    public LedgerReport ToReport(long entries, long checkpoints, SignedCheckpoint? latest) =>
        new(_faults, _count, entries, checkpoints, latest);
}
