using Watchhouse.Journal.Reading;
using Watchhouse.Journal.Storage;

namespace Watchhouse.Journal;

/// <summary>Opens the files of a journal and brings them to where a crash cannot have left them.</summary>
internal static class JournalOpening
{
    private const string CommitFile = "commit";

    // Raw events of forces are nobody else's business.
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static void MakeDirectory(string directory)
    {
        if (Directory.Exists(directory))
            return;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, OwnerOnly);
        if (Path.GetDirectoryName(directory) is { } parent)
            DirectoryFlush.Flush(parent);
    }

    public static (SegmentFiles Files, SlotFile Slots, CommitRecord Commit, JournalRecovery Found) Open(JournalOptions options)
    {
        var path = Path.Combine(options.Directory, CommitFile);
        var wanted = LogGeometry.For(options);
        if (!File.Exists(path))
            return Create(options, path, wanted);

        var slots = SlotFile.Open(
            path, "Keep the directory as it is and restore the file from a copy.", out var record);
        try
        {
            var commit = CommitRecord.Read(record, path);
            Check(options, commit.Geometry);
            var files = new SegmentFiles(options.Directory, commit.Geometry, options.Probe);
            try
            {
                Check(files, commit, options.Directory);
                commit = Recover(files, slots, commit, out var found);
                return (files, slots, commit, found);
            }
            catch
            {
                files.Dispose();
                throw;
            }
        }
        catch
        {
            slots.Dispose();
            throw;
        }
    }

    private static (SegmentFiles Files, SlotFile Slots, CommitRecord Commit, JournalRecovery Found) Create(
        JournalOptions options, string path, LogGeometry geometry)
    {
        if (SegmentFiles.Find(options.Directory) is { Count: > 0 } found)
            throw new JournalCorruptException(
                $"The journal in {options.Directory} has segment {SegmentFiles.NameOf(found.Min)} but no file "
                + $"'{CommitFile}' to say how far it is good. Restore that file, or move the directory away.");
        var commit = CommitRecord.New(geometry);
        var record = new byte[CommitRecord.Length];
        commit.Write(record);
        var slots = SlotFile.Create(path, record);
        return (new SegmentFiles(options.Directory, geometry, options.Probe), slots, commit, new JournalRecovery(true, 0, 0, 0));
    }

    private static void Check(JournalOptions options, LogGeometry made)
    {
        if (options.MaxBatchBytes > made.MaxPayload)
            throw new ArgumentException(
                $"The journal in {options.Directory} was made for batches of at most {made.MaxPayload} bytes and "
                + $"MaxBatchBytes is {options.MaxBatchBytes}. Lower it, or let the consumers finish and move the "
                + "directory away.", nameof(options));
        if (options.MaxBytes < 2 * made.SegmentSize)
            throw new ArgumentException(
                $"The journal in {options.Directory} was made with segments of {made.SegmentSize} bytes and MaxBytes "
                + $"is {options.MaxBytes}: it must have room for two.", nameof(options));
    }

    private static void Check(SegmentFiles files, CommitRecord commit, string directory)
    {
        var geometry = commit.Geometry;
        // Segments before the begin were to be deleted when the journal was last ended.
        files.RemoveBefore(geometry.Segment(commit.Begin.Address));
        files.StartAt(geometry.Segment(commit.Tail.Address));
        if (commit.Begin.Sequence == commit.Tail.Sequence)
            return;
        int? missing = files.First > geometry.Segment(commit.Begin.Address) ? geometry.Segment(commit.Begin.Address)
            : files.Missing is { } hole && hole >= files.First ? hole
            : files.End <= geometry.Segment(commit.Tail.Address - 1) ? files.End
            : null;
        if (missing is { } segment)
            throw new JournalCorruptException(
                $"The journal in {directory} lacks its segment {SegmentFiles.NameOf(segment)}; it should hold batches "
                + $"{commit.Begin.Sequence + 1} to {commit.Tail.Sequence}. Restore the file from a copy.");
    }

    /// <summary>Keeps whole batches behind the last commit, cuts the rest.</summary>
    private static CommitRecord Recover(
        SegmentFiles files, SlotFile slots, CommitRecord commit, out JournalRecovery found)
    {
        JournalPosition tail;
        using (var cursor = new LogCursor(files, commit.Geometry, commit.Tail))
            tail = cursor.FindEnd(commit.Geometry.SegmentStart(files.End));
        var torn = files.Cut(tail.Address);
        var kept = tail.Sequence - commit.Tail.Sequence;
        if (kept > 0)
        {
            // What a killed process wrote may still be in memory only: it goes to disk before it is counted on.
            files.FlushAll();
            commit = commit with { Number = commit.Number + 1, Tail = tail };
            var record = new byte[CommitRecord.Length];
            commit.Write(record);
            slots.Write(record);
        }

        found = new JournalRecovery(false, tail.Sequence - commit.Begin.Sequence, kept, torn);
        return commit;
    }
}
