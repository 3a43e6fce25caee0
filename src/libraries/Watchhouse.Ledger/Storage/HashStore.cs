using System.Buffers.Binary;
using Watchhouse.Ledger.Merkle;

namespace Watchhouse.Ledger.Storage;

/// <summary>Reads nodes and record ends from hashes.log.</summary>
internal sealed class HashStore(LedgerFile file) : IMerkleNodes
{
    public LedgerHash Node(int level, long index)
    {
        Span<byte> bytes = stackalloc byte[LedgerHash.Size];
        var offset = LedgerLayout.NodeOffset(level, index);
        if (file.Read(bytes, offset) < bytes.Length)
            throw Missing(offset, index << level, "a hash");
        return new LedgerHash(bytes);
    }

    /// <summary>Where the record of an entry ends in entries.log.</summary>
    public long End(long index)
    {
        if (index < 0)
            return LedgerLayout.EntriesHeader.Length;
        Span<byte> bytes = stackalloc byte[LedgerLayout.EndLength];
        var offset = LedgerLayout.SlotOffset(index);
        if (file.Read(bytes, offset) < bytes.Length)
            throw Missing(offset, index, "the end of a record");
        return BinaryPrimitives.ReadInt64BigEndian(bytes);
    }

    private LedgerCorruptException Missing(long offset, long entry, string what) =>
        new(file.Path, new LedgerFault(file.Name, offset, entry, what, "end of file"));
}
