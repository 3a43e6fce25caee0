using System.Diagnostics;
using Watchhouse.Journal.Storage;

namespace Watchhouse.Journal.Tests;

public sealed class SpaceTests
{
    [Fact]
    public async Task AppendAsync_JournalAtItsLimit_RefusesUntilConsumersCatchUp()
    {
        using var scratch = new Scratch();
        await using var journal = await scratch.OpenAsync(o => o with
        {
            MaxBytes = 3 * Scratch.SegmentBytes, RetryWhenDiskIsShort = TimeSpan.FromSeconds(7),
        });
        await using var reader = journal.OpenReader("lake");
        var (appended, busy) = await FillUpAsync(journal, 0);
        Assert.Equal(JournalShortage.Disk, busy.Shortage);
        Assert.Equal(TimeSpan.FromSeconds(7), busy.RetryAfter);
        Assert.Contains("may hold 49152: its consumers are behind", busy.Message, StringComparison.Ordinal);
        Assert.Equal(busy.Message, journal.Status.Trouble);
        Assert.Equal(0, journal.Status.PendingBytes);
        Assert.InRange(appended, 40, 140);
        Assert.Equal(3, scratch.Segments);

        var read = Scratch.ReadAll(reader);
        Assert.Equal(Enumerable.Range(0, appended), read);
        await reader.CommitAsync(journal.Status.Tail);
        // The very next append has the space: giving back is done before it.
        await journal.AppendAsync(Scratch.Batch(appended));
        Assert.Null(journal.Status.Trouble);
        var (more, _) = await FillUpAsync(journal, appended + 1);
        Assert.Equal(Enumerable.Range(appended, more + 1), Scratch.ReadAll(reader));
    }

    [Fact]
    public async Task AppendAsync_FreeSpaceThatOthersKeep_IsNotTouched()
    {
        using var scratch = new Scratch();
        await using var journal = await scratch.OpenAsync(o => o with { MinFreeDiskBytes = long.MaxValue / 2 });
        var busy = await Assert.ThrowsAsync<JournalBusyException>(() => journal.AppendAsync(Scratch.Batch(1)).AsTask());
        Assert.Contains("bytes free", busy.Message, StringComparison.Ordinal);
        Assert.Equal(0, scratch.Segments);
    }

    [Fact]
    public async Task AppendAsync_DiskGivesNoSegment_RefusesUntilItDoes()
    {
        using var scratch = new Scratch();
        var full = true;
        await using var journal = await scratch.OpenAsync(o => o with
        {
            Probe = (step, bytes) =>
            {
                if (step == StorageStep.Allocate && Volatile.Read(ref full))
                    throw new IOException($"The disk is full: {bytes} bytes were not there.");
            },
        });
        var busy = await Assert.ThrowsAsync<JournalBusyException>(() => journal.AppendAsync(Scratch.Batch(1)).AsTask());
        Assert.Contains("gives no space for another segment: The disk is full: 16384", busy.Message, StringComparison.Ordinal);
        Volatile.Write(ref full, false);
        await journal.AppendAsync(Scratch.Batch(2));
        await using var reader = journal.OpenReader("lake");
        Assert.Equal([2], Scratch.ReadAll(reader));
    }

    [Fact]
    public async Task AppendAsync_OneAfterTheOther_FindsTheRoomOfTheLast()
    {
        using var scratch = new Scratch();
        await using var journal = await scratch.OpenAsync(o => o with { MaxPendingBytes = 2000 });
        for (var n = 0; n < 50; n++)
            await journal.AppendAsync(Scratch.Batch(n, 2000));
        Assert.Equal(0, journal.Status.PendingBytes);
    }

    [Fact]
    public async Task AppendAsync_TooMuchWaits_RefusesAndTakesAgain()
    {
        using var scratch = new Scratch();
        using var hold = new ManualResetEventSlim();
        await using var journal = await scratch.OpenAsync(o => o with
        {
            MaxPendingBytes = 10_000,
            Probe = (step, _) =>
            {
                if (step == StorageStep.Flush)
                    hold.Wait();
            },
        });
        var taken = new List<Task<JournalPosition>>();
        var busy = Assert.Throws<JournalBusyException>(void () =>
        {
            while (true)
                taken.Add(journal.AppendAsync(Scratch.Batch(taken.Count, 1000)).AsTask());
        });
        Assert.Equal((JournalShortage.Memory, 10), (busy.Shortage, taken.Count));
        Assert.Equal(10_000, journal.Status.PendingBytes);
        hold.Set();
        await Task.WhenAll(taken);
        Assert.Equal(0, journal.Status.PendingBytes);
        await journal.AppendAsync(Scratch.Batch(10, 1000));
        await using var reader = journal.OpenReader("lake");
        Assert.Equal(Enumerable.Range(0, 11), Scratch.ReadAll(reader));
    }

    [Fact]
    public async Task AppendAsync_TinyFileSystemFull_RefusesAndGoesOnWithoutRestart()
    {
        using var scratch = new Scratch();
        using var mount = TinyMount.Make(Path.Combine(scratch.Root, "tiny"), 1 << 20);
        await using var journal = await EventJournal.OpenAsync(
            Scratch.Options(Path.Combine(mount.Path, "journal")) with { MinFreeDiskBytes = 0 });
        await using var reader = journal.OpenReader("lake");
        var ballast = Path.Combine(mount.Path, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[500_000]);
        var (appended, busy) = await FillUpAsync(journal, 0);
        Assert.Contains("bytes free; the journal needs 16384 more", busy.Message, StringComparison.Ordinal);

        // A consumer can commit on the full disk, which is what frees it.
        Assert.Equal(Enumerable.Range(0, appended), Scratch.ReadAll(reader));
        await reader.CommitAsync(journal.Status.Tail);
        var (second, _) = await FillUpAsync(journal, appended);
        Assert.InRange(second, appended / 2, appended * 2);

        // Somebody else frees space.
        File.Delete(ballast);
        var (third, _) = await FillUpAsync(journal, appended + second);
        Assert.InRange(third, 50, 10_000);
        Assert.Equal(Enumerable.Range(appended, second + third), Scratch.ReadAll(reader));
        await journal.DisposeAsync();

        await using var again = await EventJournal.OpenAsync(Scratch.Options(Path.Combine(mount.Path, "journal")));
        await using var reread = again.OpenReader("lake");
        Assert.Equal(Enumerable.Range(appended, second + third), Scratch.ReadAll(reread));
    }

    [Fact]
    public async Task AppendAsync_WritesFail_RefusesEverybodyAndGoesOnWhenTheyDoNot()
    {
        using var scratch = new Scratch();
        var failing = false;
        await using var journal = await scratch.OpenAsync(o => o with
        {
            Probe = (step, _) =>
            {
                if (step == StorageStep.Write && Volatile.Read(ref failing))
                    throw new IOException("No space left on device.");
            },
        });
        await journal.AppendAsync(Scratch.Batch(0));
        Volatile.Write(ref failing, true);
        // Enough for several pages, so that writing fails in the middle of a group, too.
        var refused = Enumerable.Range(1, 30).Select(n => Task.Run(
            () => journal.AppendAsync(Scratch.Batch(n, 1500)).AsTask())).ToList();
        foreach (var task in refused)
        {
            var busy = await Assert.ThrowsAsync<JournalBusyException>(() => task);
            Assert.Contains("No space left on device", busy.Message, StringComparison.Ordinal);
        }

        Assert.Contains("No space left", journal.Status.Trouble, StringComparison.Ordinal);
        Assert.Equal(1, journal.Status.Tail.Sequence);
        await using var reader = journal.OpenReader("lake");
        Assert.Equal([0], Scratch.ReadAll(reader));

        Volatile.Write(ref failing, false);
        await ConsumerTests.WaitUntilAsync(() => journal.Status.Trouble is null);
        await journal.AppendAsync(Scratch.Batch(99));
        Assert.Equal(0, journal.Status.PendingBytes);
        // What was refused while it was on its way may be there, once, and whole.
        var read = Scratch.ReadAll(reader);
        Assert.Equal(99, read[^1]);
        Assert.Equal(read.Count, read.Distinct().Count());
        await journal.DisposeAsync();

        await using var again = await scratch.OpenAsync();
        await using var reread = again.OpenReader("other");
        Assert.Equal([0, .. read], Scratch.ReadAll(reread));
    }

    [Fact]
    public async Task DisposeAsync_WhileWritesFail_EndsAndKeepsWhatWasAcknowledged()
    {
        using var scratch = new Scratch();
        var failing = false;
        var journal = await scratch.OpenAsync(o => o with
        {
            Probe = (step, _) =>
            {
                if (step == StorageStep.Write && Volatile.Read(ref failing))
                    throw new IOException("Input/output error.");
            },
        });
        for (var n = 0; n < 5; n++)
            await journal.AppendAsync(Scratch.Batch(n));
        Volatile.Write(ref failing, true);
        await Assert.ThrowsAsync<JournalBusyException>(() => journal.AppendAsync(Scratch.Batch(5)).AsTask());
        await journal.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        await using var again = await scratch.OpenAsync();
        await using var reader = again.OpenReader("lake");
        Assert.Equal(Enumerable.Range(0, 5), Scratch.ReadAll(reader));
    }

    [Fact]
    public async Task AppendAsync_FlushFails_StopsAndOpensAnewWithWhatWasAcknowledged()
    {
        using var scratch = new Scratch();
        var failing = false;
        await using (var journal = await scratch.OpenAsync(o => o with
        {
            Probe = (step, _) =>
            {
                if (step == StorageStep.Flush && Volatile.Read(ref failing))
                    throw new IOException("Input/output error.");
            },
        }))
        {
            await journal.AppendAsync(Scratch.Batch(0));
            Volatile.Write(ref failing, true);
            await Assert.ThrowsAsync<JournalStoppedException>(() => journal.AppendAsync(Scratch.Batch(1)).AsTask());
            // A flush that succeeds after one that failed proves nothing (fsync(2)): no more is taken.
            Volatile.Write(ref failing, false);
            var stopped = await Assert.ThrowsAsync<JournalStoppedException>(() => journal.AppendAsync(Scratch.Batch(2)).AsTask());
            Assert.Contains("Open it anew", stopped.Message, StringComparison.Ordinal);
            Assert.Equal(1, journal.Status.Tail.Sequence);
        }

        await using var again = await scratch.OpenAsync();
        await using var reader = again.OpenReader("lake");
        await again.AppendAsync(Scratch.Batch(3));
        var read = Scratch.ReadAll(reader);
        Assert.Equal((0, 3), (read[0], read[^1]));
        Assert.InRange(read.Count, 2, 3);
    }

    private static async Task<(int Appended, JournalBusyException Busy)> FillUpAsync(EventJournal journal, int from)
    {
        for (var n = 0; n < 20_000; n++)
        {
            try
            {
                await journal.AppendAsync(Scratch.Batch(from + n));
            }
            catch (JournalBusyException e)
            {
                return (n, e);
            }
        }

        throw new InvalidOperationException("The journal never was full.");
    }

    /// <summary>A file system in memory of a given size.</summary>
    private sealed class TinyMount : IDisposable
    {
        private TinyMount(string path) => Path = path;

        public string Path { get; }

        public static TinyMount Make(string path, int bytes)
        {
            if (!OperatingSystem.IsLinux())
                Assert.Skip("A tiny file system is mounted on Linux only.");
            Directory.CreateDirectory(path);
            if (Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", path) is { Length: > 0 } problem)
                Assert.Skip($"A tiny file system cannot be mounted here: {problem}");
            return new TinyMount(path);
        }

        public void Dispose() => Run("umount", Path);

        private static string Run(string program, params string[] arguments)
        {
            try
            {
                var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
                using var process = Process.Start(start)!;
                var error = process.StandardError.ReadToEnd();
                process.WaitForExit();
                return process.ExitCode == 0 ? "" : error.Trim() + " ";
            }
            catch (System.ComponentModel.Win32Exception e)
            {
                return e.Message;
            }
        }
    }
}
