namespace Watchhouse.Lake.Keeping;

/// <summary>Chooses the files that are merged. Pure.</summary>
internal static class CompactionPlan
{
    /// <summary>Sets of files, each of one owner, table and day, to be made one file each.</summary>
    public static IEnumerable<List<LakeFile>> Of(
        IReadOnlyList<LakeFile> live, IReadOnlySet<Guid> pinned, LakeCompactionOptions options)
    {
        foreach (var day in live.Where(file => !pinned.Contains(file.Id)).GroupBy(file => (file.Owner, file.Table, file.Day)))
        {
            var isClosed = options.ClosedBefore is { } closed && day.Key.Day < closed;
            var tiers = isClosed ? day.GroupBy(_ => 0) : day.GroupBy(file => Tier(file.Rows));
            foreach (var tier in tiers)
            {
                // In the order of time, so that merged files overlap in time as little as the small ones did.
                foreach (var set in Sets(tier.OrderBy(file => file.MinTime).ThenBy(file => file.Id), options))
                {
                    if (set.Count >= (isClosed ? 2 : Math.Max(2, options.MinFiles))) yield return set;
                }
            }
        }
    }

    private static int Tier(long rows) => (int)(long.Log2(Math.Max(1, rows)) / 3);

    private static IEnumerable<List<LakeFile>> Sets(IEnumerable<LakeFile> files, LakeCompactionOptions options)
    {
        var set = new List<LakeFile>();
        var (rows, bytes) = (0L, 0L);
        foreach (var file in files)
        {
            if (set.Count > 0 && (rows + file.Rows > options.MaxRows || bytes + file.ContentBytes > options.MaxContentBytes))
            {
                yield return set;
                (set, rows, bytes) = ([], 0, 0);
            }

            set.Add(file);
            rows += file.Rows;
            bytes += file.ContentBytes;
        }

        if (set.Count > 0) yield return set;
    }
}
