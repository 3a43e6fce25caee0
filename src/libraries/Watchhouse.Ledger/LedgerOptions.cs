using Watchhouse.Ledger.Storage;

namespace Watchhouse.Ledger;

/// <summary>How much of a ledger is checked before its writer starts.</summary>
public enum LedgerOpenCheck
{
    /// <summary>
    /// Every entry, every hash, the root of every checkpoint, and the signatures of the newest checkpoints (the last
    /// 256 KiB of them; all others are left to the verification).
    /// </summary>
    Everything,

    /// <summary>
    /// Only the newest checkpoint, the hashes its root is made of, and the last entry: time does not grow with the
    /// ledger. For large ledgers that are verified on a schedule.
    /// </summary>
    RightEdge,
}

/// <summary>Where a ledger is and how its writer works.</summary>
public sealed record LedgerOptions
{
    /// <summary>Directory of the ledger; made if missing. Nothing else may be kept in it.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// Name of the log, the first line of its checkpoints and the name of its key: a URL without scheme, such as
    /// <c>records.example.org/audit</c>. Never changes.
    /// </summary>
    public required string Origin { get; init; }

    /// <summary>
    /// File of the signing key, made if missing. Not inside <see cref="Directory"/>: a copy of the ledger is handed
    /// out, the key never. To rotate, name a new file here and the old public key in <see cref="PreviousKeys"/>.
    /// </summary>
    public required string KeyPath { get; init; }

    /// <summary>Public keys of this log before the present one; their checkpoints stay good.</summary>
    public IReadOnlyList<VerifierKey> PreviousKeys { get; init; } = [];

    /// <summary>Most entries one commit takes together, and the longest batch.</summary>
    public int MaxBatch { get; init; } = 4096;

    /// <summary>
    /// Most appends (a batch counts as one) that wait for the writer; further callers wait their turn.
    /// </summary>
    public int MaxQueue { get; init; } = 8192;

    /// <summary>
    /// Whether a missing ledger is made. Turned off once a ledger is known to exist, so that an emptied directory
    /// stops the start instead of starting a new history.
    /// </summary>
    public bool CreateIfMissing { get; init; } = true;

    /// <summary>What is checked before the writer starts.</summary>
    public LedgerOpenCheck OpenCheck { get; init; } = LedgerOpenCheck.Everything;

    internal StorageProbe? Probe { get; init; }
}
