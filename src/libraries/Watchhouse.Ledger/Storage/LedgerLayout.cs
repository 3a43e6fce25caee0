using System.Numerics;

namespace Watchhouse.Ledger.Storage;

/// <summary>
/// The files of a ledger directory and where things stand in them.
/// <list type="bullet">
/// <item><c>entries.log</c>: a header line, then one record per entry (see <see cref="EntryRecord"/>).</item>
/// <item>
/// <c>hashes.log</c>: a header line, then for each entry: the offset in entries.log at which its record ends (8 bytes,
/// big endian), its leaf hash, and every inner node that it completes, lowest first. The nodes stand in post order,
/// as in the Go checksum database, so a node's place follows from its level and index, the file only ever grows,
/// and no hash is stored twice.
/// </item>
/// <item><c>checkpoints.log</c>: every signed note the ledger made, each followed by an empty line.</item>
/// <item><c>writer.lock</c>: empty; locked by the one writer.</item>
/// </list>
/// </summary>
internal static class LedgerLayout
{
    public const string Entries = "entries.log";
    public const string Hashes = "hashes.log";
    public const string Checkpoints = "checkpoints.log";
    public const string Lock = "writer.lock";

    private static readonly string[] _dataFiles = [Entries, Hashes, Checkpoints];

    /// <summary>The files that every ledger has.</summary>
    public static ReadOnlySpan<string> DataFiles => _dataFiles;

    public static ReadOnlySpan<byte> EntriesHeader => "watchhouse ledger entries v1\n"u8;

    public static ReadOnlySpan<byte> HashesHeader => "watchhouse ledger hashes v1\n"u8;

    /// <summary>Bytes before the leaf hash of each entry: where its record ends.</summary>
    public const int EndLength = sizeof(long);

    /// <summary>Length of hashes.log for a tree of this size: 2n - popcount(n) nodes and n record ends.</summary>
    public static long HashesLength(long size) =>
        HashesHeader.Length + (size * EndLength)
        + (LedgerHash.Size * ((2 * size) - BitOperations.PopCount((ulong)size)));

    /// <summary>Where the record end of an entry stands in hashes.log; its leaf hash follows.</summary>
    public static long SlotOffset(long index) => HashesLength(index);

    /// <summary>Where a node stands in hashes.log.</summary>
    public static long NodeOffset(int level, long index)
    {
        // A node is written when its rightmost leaf is, after that leaf and the nodes below it.
        var leaf = ((index + 1) << level) - 1;
        return SlotOffset(leaf) + EndLength + (level * LedgerHash.Size);
    }

    /// <summary>Length of what an entry adds to hashes.log.</summary>
    public static int SlotLength(long index) =>
        EndLength + (LedgerHash.Size * (1 + BitOperations.TrailingZeroCount(~index)));
}
