using System.Text;
using Microsoft.Win32.SafeHandles;
using Watchhouse.Lake.Files;
using Watchhouse.Lake.Writing;

namespace Watchhouse.Lake;

/// <summary>
/// The one writer of a lake. Gathers rows by owner, table and UTC day, and writes each group as one packed file when it
/// is large or old enough. Calls are taken one after the other.
/// </summary>
/// <remarks>
/// Rows come with the position of the journal they were read from. A file and the position up to which everything is
/// stored become valid in one transaction of the manifest; a reader of the journal goes on after
/// <see cref="DurablePosition"/> and may repeat rows: an id that is in the lake for that owner, table and day is not
/// stored again. So a crash at any moment, followed by a replay, leaves each event exactly once.
/// </remarks>
public sealed class LakeWriter : IAsyncDisposable
{
    /// <summary>The role under which the writer announces files and locks the lake.</summary>
    public const string Role = "writer";

    private readonly LakeOptions _options;
    private readonly ILakeManifest _manifest;
    private readonly LakeLayout _layout;
    private readonly SafeFileHandle _lock;
    private readonly FilePacker _packer;
    private readonly RepeatSieve _sieve;
    private readonly Dictionary<GroupKey, RowGroup> _groups = [];
    private readonly Dictionary<string, byte[]> _words = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1);
    private long _taken;
    private long _durable;
    private LakeWriteException? _stopped;

    private LakeWriter(
        LakeOptions options, ILakeManifest manifest, ILakeSchema schema, LakeLayout layout, SafeFileHandle held, long position)
    {
        _options = options;
        _manifest = manifest;
        _layout = layout;
        _lock = held;
        _packer = new FilePacker(options, schema, layout);
        _sieve = new RepeatSieve(layout, options.RepeatMemoryBytes);
        _taken = _durable = position;
    }

    /// <summary>
    /// The position of the journal up to which every row is durable, as some call of <see cref="AppendAsync"/> gave it;
    /// 0 in a new lake. After opening, read the journal on from the entry that follows it.
    /// </summary>
    public long DurablePosition => Volatile.Read(ref _durable);

    /// <summary>What this writer has done since it was opened.</summary>
    public LakeWriterCounts Counts { get; private set; } = new();

    /// <summary>Opens a lake for writing, or makes it, and removes what a crash left unfinished.</summary>
    /// <exception cref="LakeLockedException">The lake has a writer already.</exception>
    public static async Task<LakeWriter> OpenAsync(
        LakeOptions options, ILakeManifest manifest, ILakeSchema schema, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(schema);
        options.Check();
        Directory.CreateDirectory(options.Directory);
        var layout = new LakeLayout(options.Directory);
        var held = LakeLock.Take(layout.Root, Role);
        try
        {
            await Leftovers.RemoveAsync(manifest, layout, Role, cancellation);
            return new LakeWriter(options, manifest, schema, layout, held, await manifest.ReadPositionAsync(cancellation));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes the rows that came of the journal's entry at a position, and writes what is due by size or age.
    /// </summary>
    /// <param name="position">
    /// Position of the entry, positive and rising. One that was taken before is passed over, so a call that failed may
    /// simply be made again.
    /// </param>
    /// <param name="rows">All rows of that entry; may be none. Copied.</param>
    /// <param name="cancellation">Ends the wait for other calls; what has begun is finished.</param>
    /// <returns>The durable position.</returns>
    /// <exception cref="ArgumentException">A row is too long or has an impossible name. No row was taken.</exception>
    /// <exception cref="LakeWriteException">The disk is full or failed.</exception>
    public async Task<long> AppendAsync(
        long position, ReadOnlyMemory<LakeRow> rows, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position, 1);
        await _gate.WaitAsync(cancellation);
        try
        {
            ThrowIfStopped();
            if (position > _taken)
            {
                CheckRows(rows.Span);
                // Only a failing disk lets this much wait; then nothing more is taken in.
                if (HeldBytes() > _options.MaxBufferedBytes)
                    await WriteAsync(Due());
                Take(position, rows.Span);
            }
            else
            {
                Counts = Counts with { Replayed = Counts.Replayed + rows.Length };
            }

            await WriteAsync(Due());
            return _durable;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Writes the groups that are old enough; for a caller whose journal has been silent.</summary>
    /// <returns>The durable position.</returns>
    /// <exception cref="LakeWriteException">The disk is full or failed.</exception>
    public Task<long> WriteDueAsync(CancellationToken cancellation = default) => WriteAsync(Due, cancellation);

    /// <summary>Writes everything that was taken.</summary>
    /// <returns>The durable position: the last position that was taken.</returns>
    /// <exception cref="LakeWriteException">The disk is full or failed.</exception>
    public Task<long> FlushAsync(CancellationToken cancellation = default) =>
        WriteAsync(() => [.. _groups.Values], cancellation);

    /// <summary>Closes the lake. What was not flushed is left to the replay.</summary>
    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        foreach (var group in _groups.Values)
            group.Dispose();
        _groups.Clear();
        _packer.Dispose();
        _lock.Dispose();
        _gate.Dispose();
    }

    private async Task<long> WriteAsync(Func<List<RowGroup>> which, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            ThrowIfStopped();
            await WriteAsync(which());
            return _durable;
        }
        finally
        {
            _gate.Release();
        }
    }

    private void CheckRows(ReadOnlySpan<LakeRow> rows)
    {
        foreach (ref readonly var row in rows)
        {
            LakeNames.CheckOwner(row.Owner);
            LakeNames.CheckTable(row.Table);
            var length = (long)RowArena.LengthOf(
                row, Encoding.UTF8.GetByteCount(row.Source), Encoding.UTF8.GetByteCount(row.Format ?? ""));
            if (length > _options.MaxRowBytes)
                throw new ArgumentException(
                    $"The event {row.EventId} of {row.Owner} in {row.Table} has {length} bytes; {_options.MaxRowBytes} is the limit.");
        }
    }

    private void Take(long position, ReadOnlySpan<LakeRow> rows)
    {
        foreach (ref readonly var row in rows)
        {
            var key = new GroupKey(row.Owner, row.Table, DateOnly.FromDateTime(row.Time.UtcDateTime));
            if (!_groups.TryGetValue(key, out var group))
            {
                group = new RowGroup(key, _taken, _options.Time.GetTimestamp()) { FromPosition = position };
                _groups.Add(key, group);
            }

            group.Arena.Add(row, BytesOf(row.Source), row.Format is { } format ? BytesOf(format) : default);
            group.ToPosition = position;
        }

        _taken = position;
        Counts = Counts with { Taken = Counts.Taken + rows.Length };
    }

    private byte[] BytesOf(string word)
    {
        if (_words.TryGetValue(word, out var bytes))
            return bytes;
        // Sources and formats are few; if they are not, they are forgotten and not gathered for ever.
        if (_words.Count >= 10_000) _words.Clear();
        return _words[word] = Encoding.UTF8.GetBytes(word);
    }

    private long HeldBytes() => _groups.Values.Sum(group => group.Arena.HeldBytes);

    /// <summary>The groups that are large or old enough, and as many of the largest as memory asks for.</summary>
    private List<RowGroup> Due()
    {
        var due = new List<RowGroup>();
        var rest = new List<RowGroup>();
        var isAged = _groups.Values.Any(group => Age(group) >= _options.MaxAge);
        foreach (var group in _groups.Values)
        {
            // When some are old, those that soon will be go along: one transaction, and one flush of a directory.
            var isDue = group.Arena.Count >= _options.MaxRows || group.Arena.ContentBytes >= _options.MaxFileBytes
                || (isAged && Age(group) >= _options.MaxAge / 2);
            (isDue ? due : rest).Add(group);
        }

        var held = rest.Sum(group => group.Arena.HeldBytes);
        if (held <= _options.MaxBufferedBytes && rest.Count <= _options.MaxGroups)
            return due;
        foreach (var group in rest.OrderByDescending(group => group.Arena.HeldBytes))
        {
            if (held <= _options.MaxBufferedBytes / 2 && _groups.Count - due.Count <= _options.MaxGroups / 2)
                break;
            due.Add(group);
            held -= group.Arena.HeldBytes;
        }

        return due;
    }

    private TimeSpan Age(RowGroup group) => _options.Time.GetElapsedTime(group.OpenedAt);

    private async Task WriteAsync(List<RowGroup> groups)
    {
        var position = PositionAfter(groups);
        if (groups.Count == 0 && position == _durable)
            return;
        // Packing keeps a core busy for a while, which is nothing for the caller's thread.
        await Task.Run(() => WriteFilesAsync(groups, position));
        foreach (var group in groups)
        {
            _groups.Remove(group.Key);
            group.Dispose();
        }

        Volatile.Write(ref _durable, position);
    }

    private long PositionAfter(List<RowGroup> written)
    {
        var gone = written.Select(group => group.Key).ToHashSet();
        var position = _taken;
        foreach (var group in _groups.Values)
        {
            if (!gone.Contains(group.Key)) position = Math.Min(position, group.Before);
        }

        return position;
    }

    private async Task WriteFilesAsync(List<RowGroup> groups, long position)
    {
        var files = groups.ToDictionary(group => group, group => NewFile(group.Key));
        var packed = new List<LakeFile>();
        var repeats = new Dictionary<(string Owner, string Source), long>();
        try
        {
            if (groups.Count > 0)
                await _manifest.AnnounceAsync(Role, [.. files.Values]);
            _options.Probe?.Invoke(LakeStep.Announced, "");
            foreach (var (group, file) in files)
            {
                if (await PackAsync(group, file, repeats) is { } done)
                    packed.Add(done);
            }

            foreach (var file in packed)
                DurableFiles.Publish(_layout, file);
            foreach (var directory in packed.Select(file => _layout.DayDirectory(file.Owner, file.Day)).Distinct())
                DirectoryFlush.Flush(directory);
            _options.Probe?.Invoke(LakeStep.Renamed, "");
        }
        catch (Exception e)
        {
            await AbandonAsync([.. files.Values]);
            throw new LakeWriteException(
                $"Events could not be written to the lake {_layout.Root}: {e.Message} They are kept and tried again.", false, e);
        }

        await CommitAsync(files.Values, packed, position);
        var rows = packed.Sum(file => file.Rows);
        Counts = Counts with
        {
            Stored = Counts.Stored + rows,
            Repeated = Counts.Repeated + groups.Sum(group => group.Arena.Count) - rows,
            Files = Counts.Files + packed.Count,
            Looked = _sieve.Looked,
            Bytes = Counts.Bytes + packed.Sum(file => file.Bytes),
        };
        foreach (var ((owner, source), count) in repeats)
            _options.Repeated?.Invoke(new LakeRepeats(owner, source, count));
    }

    private static void CountRepeats(RowGroup group, int[] order, Dictionary<(string Owner, string Source), long> repeats)
    {
        var arena = group.Arena;
        var isStored = new bool[arena.Count];
        foreach (var row in order)
            isStored[row] = true;
        for (var row = 0; row < isStored.Length; row++)
        {
            if (isStored[row]) continue;
            var key = (group.Key.Owner, Encoding.UTF8.GetString(arena.Part(arena.Rows[row], RowPart.Source)));
            repeats[key] = repeats.GetValueOrDefault(key) + 1;
        }
    }

    private async Task<LakeFile?> PackAsync(RowGroup group, LakeFile file, Dictionary<(string Owner, string Source), long> repeats)
    {
        var order = await _sieve.SiftAsync(group, () => _manifest.ListAsync(new LakeFileQuery
        {
            Owners = [file.Owner], Table = file.Table, FromDay = file.Day, ToDay = file.Day,
            // What has expired may be brought back by a hold, and must not meet itself then.
            States = [LakeFileState.Live, LakeFileState.Expired],
        }));
        if (_options.Repeated is not null && order.Length < group.Arena.Count) CountRepeats(group, order, repeats);
        return order.Length == 0 ? null : _packer.Pack(file, group, order);
    }

    private async Task CommitAsync(IEnumerable<LakeFile> announced, List<LakeFile> packed, long position)
    {
        try
        {
            await _manifest.CommitAsync(new LakeCommit(packed, [], position, _options.Time.GetUtcNow()));
            _options.Probe?.Invoke(LakeStep.Committed, "");
            // A group of nothing but repeats has no file.
            var unused = announced.Select(file => file.Id).Except(packed.Select(file => file.Id)).ToList();
            if (unused.Count > 0)
                await _manifest.ForgetAsync(unused);
        }
        catch (Exception e)
        {
            // Whether the change is on disk is not known, so the files may neither be deleted nor written again here.
            _stopped = new LakeWriteException(
                $"The manifest of the lake {_layout.Root} could not be changed: {e.Message} Open the writer anew.", true, e);
            throw _stopped;
        }
    }

    private async Task AbandonAsync(List<LakeFile> files)
    {
        try
        {
            foreach (var file in files)
                DurableFiles.Delete(_layout, file);
            await _manifest.ForgetAsync([.. files.Select(file => file.Id)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Data.Common.DbException)
        {
            // They stay announced, and the next opening removes them.
        }
    }

    private LakeFile NewFile(GroupKey key) => new()
    {
        Id = Guid.CreateVersion7(_options.Time.GetUtcNow()), Owner = key.Owner, Table = key.Table, Day = key.Day,
    };

    private void ThrowIfStopped()
    {
        if (_stopped is { } cause)
            throw new LakeWriteException("The writer has stopped; open it anew. " + cause.Message, true, cause);
    }
}

/// <summary>What a writer has done since it was opened.</summary>
/// <param name="Taken">Rows that were taken in.</param>
/// <param name="Stored">Rows that were stored.</param>
/// <param name="Repeated">Rows that were not stored because their id was in the lake already, or twice among them.</param>
/// <param name="Replayed">Rows of positions that had been taken before.</param>
/// <param name="Files">Files written.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Looked">Rows that had to be looked for in files, since they might have been repeats.</param>
public sealed record LakeWriterCounts(
    long Taken = 0, long Stored = 0, long Repeated = 0, long Replayed = 0, long Files = 0, long Bytes = 0, long Looked = 0);
