using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Microsoft.Win32.SafeHandles;
using Watchhouse.Lake.Files;
using Watchhouse.Lake.Keeping;

namespace Watchhouse.Lake;

/// <summary>
/// Keeps a lake in order: merges small files, lets events go when their time is over, holds them for the law, and proves
/// that the files are what was written. Works beside the writer and readers, in the same process or another. Calls are
/// taken one after the other.
/// </summary>
public sealed partial class LakeKeeper : IAsyncDisposable
{
    /// <summary>The role under which the keeper announces files and locks the lake.</summary>
    public const string Role = "keeper";

    private readonly LakeOptions _options;
    private readonly ILakeManifest _manifest;
    private readonly LakeLayout _layout;
    private readonly SafeFileHandle _lock;
    private readonly Merger _merger;
    private readonly SemaphoreSlim _gate = new(1);

    private LakeKeeper(LakeOptions options, ILakeManifest manifest, LakeLayout layout, SafeFileHandle held)
    {
        _options = options;
        _manifest = manifest;
        _layout = layout;
        _lock = held;
        _merger = new Merger(options, layout);
        _merger.RemoveSpill();
    }

    /// <summary>Opens a lake for keeping and removes what a crash of a keeper left unfinished.</summary>
    /// <exception cref="LakeLockedException">The lake has a keeper already.</exception>
    public static async Task<LakeKeeper> OpenAsync(
        LakeOptions options, ILakeManifest manifest, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(manifest);
        options.Check();
        Directory.CreateDirectory(options.Directory);
        var layout = new LakeLayout(options.Directory);
        var held = LakeLock.Take(layout.Root, Role);
        try
        {
            await Leftovers.RemoveAsync(manifest, layout, Role, cancellation);
            return new LakeKeeper(options, manifest, layout, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Merges the small files of each owner, table and day. A merged file is checked to have exactly the events of those
    /// it replaces, which stay on disk for the grace. Files that are held themselves are left alone.
    /// </summary>
    /// <exception cref="LakeCorruptException">Files to be merged are damaged; what was merged before stays merged.</exception>
    /// <exception cref="LakeWriteException">The disk is full or failed; nothing of this set was changed.</exception>
    public Task<LakeCompaction> CompactAsync(
        LakeCompactionOptions? options = null, CancellationToken cancellation = default) => AloneAsync(
        async () =>
        {
            options ??= new LakeCompactionOptions();
            var live = await _manifest.ListAsync(
                new LakeFileQuery { Owners = options.Owner is { } owner ? [owner] : null }, cancellation);
            var holds = await _manifest.ListHoldsAsync(cancellation: cancellation);
            var pinned = holds.Select(hold => hold.FileId).OfType<Guid>().ToHashSet();
            var done = new LakeCompaction();
            foreach (var set in CompactionPlan.Of(live, pinned, options))
            {
                cancellation.ThrowIfCancellationRequested();
                LakeFile? merged;
                try
                {
                    merged = await MergeAsync(set);
                }
                catch (LakeWriteException e) when (e.InnerException is DuckDBException { ErrorType: DuckDBErrorType.OutOfMemory })
                {
                    // One large day must not keep every other from being merged.
                    done = done with { TooLarge = done.TooLarge + 1 };
                    continue;
                }

                if (merged is null) continue;
                done = new LakeCompaction(
                    done.Read + set.Count, done.Written + 1, done.Rows + merged.Rows,
                    done.BytesBefore + set.Sum(file => file.Bytes), done.BytesAfter + merged.Bytes, done.TooLarge);
            }

            return done;
        },
        cancellation);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        _merger.Dispose();
        _lock.Dispose();
        _gate.Dispose();
    }

    private async Task<LakeFile?> MergeAsync(List<LakeFile> parts)
    {
        var file = new LakeFile
        {
            Id = Guid.CreateVersion7(_options.Time.GetUtcNow()),
            Owner = parts[0].Owner,
            Table = parts[0].Table,
            Day = parts[0].Day,
        };
        await _manifest.AnnounceAsync(Role, [file]);
        LakeFile merged;
        try
        {
            _options.Probe?.Invoke(LakeStep.Announced, "");
            merged = await Task.Run(() => _merger.Merge(file, parts));
            DurableFiles.Publish(_layout, merged);
            DirectoryFlush.Flush(_layout.DayDirectory(file.Owner, file.Day));
            _options.Probe?.Invoke(LakeStep.Renamed, "");
        }
        catch (Exception e)
        {
            _merger.Reset();
            await AbandonAsync(file);
            if (e is LakeCorruptException) throw;
            throw new LakeWriteException(
                $"Files of {file.Owner}, {file.Table} could not be merged: {e.Message} They stay as they are.", false, e);
        }

        try
        {
            await _manifest.CommitAsync(
                new LakeCommit([merged], [.. parts.Select(part => part.Id)], null, _options.Time.GetUtcNow()));
        }
        catch (LakeConflictException)
        {
            // A hold or the retention came between. The next run plans anew.
            await AbandonAsync(file);
            return null;
        }

        _options.Probe?.Invoke(LakeStep.Committed, "");
        return merged;
    }

    private async Task AbandonAsync(LakeFile file)
    {
        try
        {
            DurableFiles.Delete(_layout, file);
            await _manifest.ForgetAsync([file.Id]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Data.Common.DbException)
        {
            // It stays announced, and the next opening removes it.
        }
    }

    private async Task<T> AloneAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            return await work();
        }
        finally
        {
            _gate.Release();
        }
    }
}
