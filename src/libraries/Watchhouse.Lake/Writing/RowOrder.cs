using Watchhouse.Lake.Files;

namespace Watchhouse.Lake.Writing;

/// <summary>
/// Which rows of a group are stored, and in which order. Sorted here and not in the engine: the engine would move the
/// wide rows, and the row number of each id would have to be read back.
/// </summary>
internal sealed class RowOrder
{
    private readonly RowArena _arena;
    private readonly bool[] _repeated;

    // Rows that may be stored already, in the order of their ids.
    private List<int> _suspects;

    /// <summary>Begins with rows of which none is known to be stored; of those with one id only the first is left.</summary>
    public RowOrder(RowArena arena)
    {
        _arena = arena;
        var rows = arena.Rows;
        var keys = new UInt128[rows.Length];
        var order = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            (keys[i], order[i]) = (rows[i].Key, i);
        Array.Sort(keys, order);
        _repeated = new bool[rows.Length];
        for (var i = 1; i < keys.Length; i++)
        {
            if (keys[i] != keys[i - 1]) continue;
            // Equal keys stand in any order, and the one that came first is kept: it moves along to meet the next.
            var (first, later) = (Math.Min(order[i], order[i - 1]), Math.Max(order[i], order[i - 1]));
            _repeated[later] = true;
            order[i] = first;
        }

        _suspects = [.. order.Where(row => !_repeated[row])];
    }

    /// <summary>Clears the rows of suspicion that a filter of all that is stored does not know.</summary>
    /// <returns>The number of those that are left.</returns>
    public int Suspect(IdFilter stored)
    {
        var left = new List<int>();
        foreach (var row in _suspects)
        {
            if (stored.MayHave(_arena.Rows[row].Key)) left.Add(row);
        }

        return (_suspects = left).Count;
    }

    /// <summary>The rows whose time lies in a file's span: an event that comes again comes with the same time.</summary>
    public int CountWithin(LakeFile file)
    {
        var (first, last) = (file.MinTime.UtcTicks, file.MaxTime.UtcTicks);
        var count = 0;
        foreach (var row in _suspects)
        {
            if (IsWithin(row, first, last)) count++;
        }

        return count;
    }

    /// <summary>Looks for the rows in files of the same owner, table and day.</summary>
    /// <returns>How many were looked for.</returns>
    public int MarkStored(IReadOnlyList<LakeFile> stored, LakeLayout layout)
    {
        var looked = new HashSet<int>();
        foreach (var file in stored)
            MarkStored(file, layout, looked);
        return looked.Count;
    }

    /// <summary>The rows that are new, sorted by source, computer, time and arrival.</summary>
    public int[] Kept()
    {
        var kept = new List<int>(_repeated.Length);
        for (var i = 0; i < _repeated.Length; i++)
        {
            if (!_repeated[i]) kept.Add(i);
        }

        kept.Sort(new Comparison(_arena));
        return [.. kept];
    }

    private void MarkStored(LakeFile file, LakeLayout layout, HashSet<int> looked)
    {
        // Most files need not be opened at all.
        var (first, last) = (file.MinTime.UtcTicks, file.MaxTime.UtcTicks);
        IdIndex? index = null;
        try
        {
            foreach (var row in _suspects)
            {
                if (_repeated[row] || !IsWithin(row, first, last)) continue;
                index ??= IdIndex.Open(layout.IndexPath(file));
                looked.Add(row);
                _repeated[row] = index.Find(_arena.Rows[row].Key) >= 0;
            }
        }
        finally
        {
            index?.Dispose();
        }
    }

    private bool IsWithin(int row, long first, long last) =>
        LakeTimes.Floor(_arena.Rows[row].TimeTicks) is var time && time >= first && time <= last;

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
