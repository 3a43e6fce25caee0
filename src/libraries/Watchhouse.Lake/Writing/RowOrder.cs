using Watchhouse.Lake.Files;

namespace Watchhouse.Lake.Writing;

/// <summary>
/// Which rows of a group are stored, and in which order. Sorted here and not in the engine: the engine would move the
/// wide rows, and the row number of each id would have to be read back.
/// </summary>
internal static class RowOrder
{
    /// <summary>The rows that are new, sorted by source, computer, time and arrival.</summary>
    /// <param name="arena">The gathered rows.</param>
    /// <param name="stored">Live files of the same owner, table and day.</param>
    /// <param name="layout">Where they lie.</param>
    public static int[] Of(RowArena arena, IReadOnlyList<LakeFile> stored, LakeLayout layout)
    {
        var rows = arena.Rows;
        var keys = new UInt128[rows.Length];
        var order = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            (keys[i], order[i]) = (rows[i].Key, i);
        Array.Sort(keys, order);
        var repeated = new bool[rows.Length];
        for (var i = 1; i < keys.Length; i++)
        {
            if (keys[i] != keys[i - 1]) continue;
            // Equal keys stand in any order, and the one that came first is kept: it moves along to meet the next.
            var (first, later) = (Math.Min(order[i], order[i - 1]), Math.Max(order[i], order[i - 1]));
            repeated[later] = true;
            order[i] = first;
        }

        foreach (var file in stored)
            MarkStored(rows, order, repeated, file, layout);

        var kept = new List<int>(rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            if (!repeated[i]) kept.Add(i);
        }

        kept.Sort(new Comparison(arena));
        return [.. kept];
    }

    private static void MarkStored(
        ReadOnlySpan<GatheredRow> rows, int[] order, bool[] repeated, LakeFile file, LakeLayout layout)
    {
        // An event that comes again comes with the same time, so most files need not be opened at all.
        var (first, last) = (file.MinTime.UtcTicks, file.MaxTime.UtcTicks);
        IdIndex? index = null;
        try
        {
            foreach (var row in order)
            {
                var time = LakeTimes.Floor(rows[row].TimeTicks);
                if (repeated[row] || time < first || time > last) continue;
                index ??= IdIndex.Open(layout.IndexPath(file));
                repeated[row] = index.Find(rows[row].Key) >= 0;
            }
        }
        finally
        {
            index?.Dispose();
        }
    }

    private sealed class Comparison(RowArena arena) : IComparer<int>
    {
        public int Compare(int x, int y)
        {
            ref readonly var a = ref arena.Rows[x];
            ref readonly var b = ref arena.Rows[y];
            var by = arena.Part(a, RowPart.Source).SequenceCompareTo(arena.Part(b, RowPart.Source));
            if (by == 0) by = arena.Part(a, RowPart.Computer).SequenceCompareTo(arena.Part(b, RowPart.Computer));
            if (by == 0) by = a.TimeTicks.CompareTo(b.TimeTicks);
            return by == 0 ? x.CompareTo(y) : by;
        }
    }
}

/// <summary>The engine keeps microseconds, the framework a tenth of that.</summary>
internal static class LakeTimes
{
    public static long Floor(long ticks) => ticks - (ticks % TimeSpan.TicksPerMicrosecond);

    public static long ToMicroseconds(long utcTicks) => (utcTicks - DateTime.UnixEpoch.Ticks) is var since && since >= 0
        ? since / TimeSpan.TicksPerMicrosecond
        : (since - TimeSpan.TicksPerMicrosecond + 1) / TimeSpan.TicksPerMicrosecond;
}
