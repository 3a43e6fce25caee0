using Watchhouse.Lake.Files;

namespace Watchhouse.Lake.Writing;

/// <summary>
/// Finds the rows of a group whose events are stored already. Keeps a filter of the ids of the owner, table and days where it
/// pays, so that rows that are new need not be looked for in files. Not thread-safe.
/// </summary>
/// <remarks>
/// A filter holds at least the ids of every event that is stored or about to be: it is built from the indexes of all files, and
/// takes the ids of a new file before the manifest does. This writer is the only one who adds events, and merging adds none. So what
/// passes is looked for in the files, and what does not is new: nothing is lost by a filter and nothing is stored twice. It lives in
/// memory alone and is made anew from the indexes, so no crash can part the two.
/// </remarks>
internal sealed class RepeatSieve(LakeLayout layout, long mostBytes)
{
    // Of an entry without a filter, so that the number of entries is bounded too.
    private const int EntryBytes = 512;

    // Ids that are read for one that is looked for alone, and that opening a file is worth.
    private const long IdsOfLookup = 512;

    private readonly Dictionary<GroupKey, Entry> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];

    /// <summary>Rows that were looked for in files.</summary>
    public long Looked { get; private set; }

    /// <summary>Bytes of memory, at most what the options say.</summary>
    public long Bytes { get; private set; }

    /// <summary>The rows of a group that are new, in the order of a file.</summary>
    /// <param name="group">The gathered rows.</param>
    /// <param name="list">Gives all files of the group's owner, table and day whose events count as stored.</param>
    public async Task<int[]> SiftAsync(RowGroup group, Func<Task<IReadOnlyList<LakeFile>>> list)
    {
        var order = new RowOrder(group.Arena);
        var entry = mostBytes > 0 ? Use(group.Key) : null;
        if (entry?.Filter is not { } filter)
        {
            var stored = await list();
            if (entry is not null && Pays(entry, order, stored)) Build(entry, stored, group.Arena.Count);
            if (entry?.Filter is { } built) order.Suspect(built);
            Looked += order.MarkStored(stored, layout);
        }
        else if (order.Suspect(filter) > 0)
        {
            Looked += order.MarkStored(await list(), layout);
        }

        var kept = order.Kept();
        if (entry?.Filter is not null) Add(entry, group.Arena, kept);
        return kept;
    }

    /// <summary>
    /// Whether looking into files has come to cost what reading their indexes once would: then the filter pays, whatever comes.
    /// </summary>
    private bool Pays(Entry entry, RowOrder order, IReadOnlyList<LakeFile> stored)
    {
        var price = 0L;
        foreach (var file in stored)
        {
            price += file.Rows + IdsOfLookup;
            if (order.CountWithin(file) is var rows && rows > 0)
                entry.Paid += Math.Min(file.Rows, rows * IdsOfLookup) + IdsOfLookup;
        }

        return price > 0 && entry.Paid >= price && IdFilter.BytesFor(stored.Sum(file => file.Rows)) + EntryBytes <= mostBytes;
    }

    private void Build(Entry entry, IReadOnlyList<LakeFile> stored, int more)
    {
        entry.Paid = 0;
        var filter = new IdFilter(stored.Sum(file => file.Rows) + more);
        try
        {
            foreach (var file in stored)
            {
                using var index = IdIndex.Open(layout.IndexPath(file));
                index.AddTo(filter);
            }
        }
        catch (LakeCorruptException)
        {
            // Without a filter nothing is worse than slow; who needs the damaged index is told of it.
            return;
        }

        entry.Filter = filter;
        Charge(entry);
    }

    private void Add(Entry entry, RowArena arena, int[] kept)
    {
        foreach (var row in kept)
            entry.Filter!.Add(arena.Rows[row].Key);
        Charge(entry);
    }

    private Entry Use(GroupKey key)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            _entries.Add(key, entry = new Entry(key));
            _byUse.AddLast(entry.Node);
            Charge(entry);
            return entry;
        }

        _byUse.Remove(entry.Node);
        _byUse.AddLast(entry.Node);
        return entry;
    }

    private void Charge(Entry entry)
    {
        var bytes = (entry.Filter?.Bytes ?? 0) + EntryBytes;
        Bytes += bytes - entry.Charged;
        entry.Charged = bytes;
        while (Bytes > mostBytes && _byUse.First is { } oldest)
        {
            if (oldest.Value == entry)
            {
                // It alone is more than there may be.
                Bytes -= entry.Charged - EntryBytes;
                (entry.Filter, entry.Charged) = (null, EntryBytes);
                return;
            }

            Bytes -= oldest.Value.Charged;
            _entries.Remove(oldest.Value.Key);
            _byUse.RemoveFirst();
        }
    }

    private sealed class Entry
    {
        public Entry(GroupKey key) => (Key, Node) = (key, new LinkedListNode<Entry>(this));

        public GroupKey Key { get; }

        public LinkedListNode<Entry> Node { get; }

        public IdFilter? Filter { get; set; }

        /// <summary>Ids that were read, or as good as that, since there was no filter.</summary>
        public long Paid { get; set; }

        public long Charged { get; set; }
    }
}
