namespace Watchhouse.Ledger;

/// <summary>What an append is answered with once it cannot be lost any more.</summary>
/// <param name="Index">Place of the entry, from 0.</param>
/// <param name="LeafHash">SHA-256(0x00 || entry).</param>
/// <param name="TreeSize">Size of the signed checkpoint that first covers the entry.</param>
public sealed record LedgerReceipt(long Index, LedgerHash LeafHash, long TreeSize);

/// <summary>What opening a ledger found after its last checkpoint: the trace of a crash.</summary>
/// <param name="KeptEntries">
/// Whole entries that no checkpoint covered. They are kept and signed: none was acknowledged, but a checkpoint over
/// them may have been seen before the crash, and a log must never sign a history that contradicts it.
/// </param>
/// <param name="CutBytes">Bytes of a torn record or note that were removed.</param>
public sealed record LedgerRecovery(long KeptEntries, long CutBytes);

/// <summary>An entry with its place.</summary>
/// <param name="Index">Place of the entry, from 0.</param>
/// <param name="Data">The bytes that were appended.</param>
public readonly record struct LedgerEntry(long Index, ReadOnlyMemory<byte> Data);
