using Watchhouse.Lake.Files;

namespace Watchhouse.Lake;

public sealed partial class LakeKeeper
{
    private const int MostFaults = 1000;

    /// <summary>
    /// Reads every live file and compares it with the manifest; finds files that are missing, changed or not named there.
    /// </summary>
    /// <param name="repair">
    /// Whether a missing or damaged index of ids is built anew. Events are never touched.
    /// </param>
    /// <param name="owner">Only this owner, if given.</param>
    /// <param name="cancellation">Stops between files.</param>
    public Task<LakeReport> VerifyAsync(
        bool repair = false, string? owner = null, CancellationToken cancellation = default) => AloneAsync(
        async () =>
        {
            var live = await _manifest.ListAsync(new LakeFileQuery { Owners = owner is null ? null : [owner] }, cancellation);
            var faults = new List<LakeFault>();
            var count = 0L;
            await Task.Run(
                () =>
                {
                    foreach (var file in live)
                    {
                        cancellation.ThrowIfCancellationRequested();
                        Add(CheckFile(file, repair));
                    }
                },
                cancellation);
            foreach (var orphan in await FindOrphansAsync(owner, cancellation))
                Add([orphan]);
            return new LakeReport(live.Count, live.Sum(file => file.Rows), live.Sum(file => file.Bytes), faults, count);

            void Add(IEnumerable<LakeFault> found)
            {
                foreach (var fault in found)
                {
                    if (count++ < MostFaults) faults.Add(fault);
                }
            }
        },
        cancellation);

    private List<LakeFault> CheckFile(LakeFile file, bool repair)
    {
        var faults = new List<LakeFault>();
        var path = _layout.PackedPath(file);
        var shown = Shown(path);
        try
        {
            var (length, sha256) = DurableFiles.Hash(path);
            if (length != file.Bytes || sha256 != file.Sha256)
                faults.Add(new LakeFault(shown, LakeFaultKind.Changed,
                    $"{shown} has {length} bytes and SHA-256 {sha256}; the manifest says {file.Bytes} and {file.Sha256}. "
                    + "Restore it from a copy."));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            faults.Add(new LakeFault(shown, LakeFaultKind.Missing,
                $"{shown} is missing, with {file.Rows} events. Restore it from a copy."));
        }

        if (faults.Count == 0 && IdIndexFault(file) is { } fault)
            faults.Add(repair ? Repair(file, fault) : IndexFault(file, fault, "Verify with repair to build it anew.", false));
        return faults;
    }

    private string? IdIndexFault(LakeFile file)
    {
        var path = _layout.IndexPath(file);
        return File.Exists(path) ? IdIndex.Fault(path, file.Rows) : "is missing";
    }

    private LakeFault Repair(LakeFile file, string fault)
    {
        var index = _layout.IndexPath(file);
        _merger.BuildIndex(_layout.PackedPath(file), index + LakeLayout.Temporary, file.Rows);
        File.Move(index + LakeLayout.Temporary, index, overwrite: true);
        DirectoryFlush.Flush(_layout.DayDirectory(file.Owner, file.Day));
        return IndexFault(file, fault, "It was built anew.", true);
    }

    private LakeFault IndexFault(LakeFile file, string fault, string then, bool isRepaired)
    {
        var shown = Shown(_layout.IndexPath(file));
        return new LakeFault(shown, LakeFaultKind.Index, $"{shown} {fault}. {then}", isRepaired);
    }

    private async Task<List<LakeFault>> FindOrphansAsync(string? owner, CancellationToken cancellation)
    {
        // The directory first: a file that is made meanwhile is announced before it is there.
        var onDisk = new List<string>();
        var top = owner is null ? _layout.Root : _layout.OwnerDirectory(owner);
        if (Directory.Exists(top))
            onDisk.AddRange(Directory.EnumerateFiles(top, "*", SearchOption.AllDirectories).Where(IsInDay));
        var known = new HashSet<string>();
        foreach (var file in await _manifest.ListAsync(
            new LakeFileQuery { Owners = owner is null ? null : [owner], States = Enum.GetValues<LakeFileState>() }, cancellation))
            known.UnionWith(_layout.AllPaths(file));
        return [.. onDisk.Where(path => !known.Contains(path)).Order(StringComparer.Ordinal)
            // Swept between the two looks.
            .Where(File.Exists)
            .Select(path => new LakeFault(Shown(path), LakeFaultKind.Orphan,
                $"{Shown(path)} is not in the manifest and no query reads it. Look at it before you delete it."))];
    }

    /// <summary>Files right under the root are the lake's own: locks, a manifest.</summary>
    private bool IsInDay(string path) => Shown(path).Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
        && !Shown(path).StartsWith("_spill", StringComparison.Ordinal);

    private string Shown(string path) => Path.GetRelativePath(_layout.Root, path);
}
