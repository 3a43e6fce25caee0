using System.Buffers;
using System.Buffers.Binary;
using Watchhouse.Ledger.Merkle;
using Watchhouse.Ledger.Storage;

namespace Watchhouse.Ledger.Writing;

/// <summary>What is to be appended to hashes.log.</summary>
internal sealed class HashBuffer
{
    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Clear() => _bytes.ResetWrittenCount();

    /// <summary>Appends a leaf to the tree and what it adds to the file to the buffer.</summary>
    public void Add(MerkleFrontier frontier, in LedgerHash leaf, long recordEnd)
    {
        Span<LedgerHash> completed = stackalloc LedgerHash[MerkleFrontier.MaxCompleted];
        var count = frontier.Append(leaf, completed);
        var span = _bytes.GetSpan(LedgerLayout.EndLength + (count * LedgerHash.Size));
        BinaryPrimitives.WriteInt64BigEndian(span, recordEnd);
        for (var i = 0; i < count; i++)
            completed[i].CopyTo(span[(LedgerLayout.EndLength + (i * LedgerHash.Size))..]);
        _bytes.Advance(LedgerLayout.EndLength + (count * LedgerHash.Size));
    }
}
