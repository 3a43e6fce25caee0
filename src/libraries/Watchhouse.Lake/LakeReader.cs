using System.Globalization;
using System.Text;
using Watchhouse.Lake.Files;
using Watchhouse.Lake.Reading;
using Watchhouse.Lake.Writing;

namespace Watchhouse.Lake;

/// <summary>
/// Reads a lake, in the writer's process or another. Each query runs in an engine of its own that can reach only the
/// directories of the owners it names, and over the files that the manifest lists. Thread-safe.
/// </summary>
public sealed partial class LakeReader : IDisposable
{
    private const int MostIds = 10_000;
    private const int MostEntries = 10_000;

    private readonly LakeOptions _options;
    private readonly ILakeManifest _manifest;
    private readonly LakeLayout _layout;
    private readonly SemaphoreSlim _places;

    /// <summary>Makes a reader. Nothing is opened yet.</summary>
    public LakeReader(LakeOptions options, ILakeManifest manifest, ILakeSchema schema)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _options = options;
        _manifest = manifest;
        Schema = schema;
        _layout = new LakeLayout(options.Directory);
        _places = new SemaphoreSlim(options.MaxQueries);
    }

    internal ILakeSchema Schema { get; }

    /// <summary>Opens a place for queries; waits while as many run as may.</summary>
    /// <exception cref="ArgumentException">A name cannot be an owner.</exception>
    public async Task<LakeSession> OpenAsync(IReadOnlyList<string> owners, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(owners);
        foreach (var owner in owners)
            LakeNames.CheckOwner(owner);
        await _places.WaitAsync(cancellation);
        try
        {
            var sandbox = await Task.Run(() => new Sandbox(_options, _layout, owners), cancellation);
            return new LakeSession(this, _layout, sandbox, owners);
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    /// <summary>The events of an owner with these ids, whole. Ids that are not there are left out.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="ids">At most 10,000 ids.</param>
    /// <param name="table">The table, if it is known: fewer files are looked into.</param>
    /// <param name="from">Instant before which no event is wanted, if known.</param>
    /// <param name="to">Instant from which on no event is wanted, if known.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyList<LakeEvent>> FindAsync(
        string owner, IReadOnlyList<Guid> ids, string? table = null, DateTimeOffset? from = null, DateTimeOffset? to = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, MostIds);
        return await TwiceAsync([owner], async session =>
        {
            var files = await ListAsync([owner], table, from, to, cancellation);
            return await Task.Run(() => Find(session, files, ids, cancellation), cancellation);
        }, cancellation);
    }

    /// <summary>A page of events, newest first, without their wide columns and raw bytes.</summary>
    public Task<LakePage> PageAsync(LakePageQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Most, MostEntries);
        LakeNames.CheckTable(query.Table);
        return TwiceAsync(query.Owners, session => PageAsync(session, query, cancellation), cancellation);
    }

    /// <inheritdoc />
    public void Dispose() => _places.Dispose();

    internal void Leave() => _places.Release();

    internal Task<IReadOnlyList<LakeFile>> ListAsync(
        IReadOnlyList<string> owners, string? table, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellation) =>
        _manifest.ListAsync(new LakeFileQuery { Owners = owners, Table = table, From = from, To = to }, cancellation);

    /// <summary>
    /// A file may be deleted between the listing and the reading, if the query waited for longer than the grace: then the
    /// manifest knows better by now.
    /// </summary>
    private async Task<T> TwiceAsync<T>(
        IReadOnlyList<string> owners, Func<LakeSession, Task<T>> work, CancellationToken cancellation)
    {
        using var session = await OpenAsync(owners, cancellation);
        try
        {
            return await work(session);
        }
        catch (Exception e) when (e is LakeQueryException or LakeCorruptException)
        {
            return await work(session);
        }
    }

    private List<LakeEvent> Find(
        LakeSession session, IReadOnlyList<LakeFile> files, IReadOnlyList<Guid> ids, CancellationToken cancellation)
    {
        var keys = ids.Select(IdIndex.Key).Distinct().Order().ToArray();
        var events = new List<LakeEvent>();
        foreach (var file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            var rows = new List<int>();
            using (var index = IdIndex.Open(_layout.IndexPath(file)))
            {
                foreach (var key in keys)
                {
                    if (index.Find(key) is var row && row >= 0) rows.Add(row);
                }
            }

            if (rows.Count == 0)
                continue;
            // By row number, so that only the groups of those rows are unpacked.
            var sql = $"SELECT * FROM read_parquet({Sql.Text(_layout.PackedPath(file))}, file_row_number=true, "
                + $"hive_partitioning=false) WHERE {Envelope.FileRow} IN ({string.Join(',', rows)})";
            events.AddRange(session.Run(sql, [], reader => EventRows.ReadWhole(reader, file, Schema.Find(file.Table)), cancellation));
        }

        return events;
    }

    private async Task<LakePage> PageAsync(LakeSession session, LakePageQuery query, CancellationToken cancellation)
    {
        var files = await ListAsync(query.Owners, query.Table, query.From, query.To, cancellation);
        var entries = new List<LakeEntry>();
        // Day after day, newest first: a file holds one day, so the first full page is the right one.
        foreach (var day in files.GroupBy(file => file.Day).OrderByDescending(day => day.Key))
        {
            if (query.After is { } after && day.Min(file => file.MinTime) > after.Time)
                continue;
            entries.AddRange(await PageOfDayAsync(session, query, [.. day], query.Most + 1 - entries.Count, cancellation));
            if (entries.Count > query.Most)
                break;
        }

        if (entries.Count <= query.Most)
            return new LakePage(entries, null);
        entries.RemoveRange(query.Most, entries.Count - query.Most);
        return new LakePage(entries, new LakeCursor(entries[^1].Time, entries[^1].EventId));
    }

    private Task<List<LakeEntry>> PageOfDayAsync(
        LakeSession session, LakePageQuery query, List<LakeFile> files, int most, CancellationToken cancellation)
    {
        var byPath = files.ToDictionary(_layout.PackedPath);
        var sql = new StringBuilder($"SELECT {Envelope.NarrowList}, {Envelope.File} FROM read_parquet(")
            .Append(Sql.List(byPath.Keys))
            .Append(CultureInfo.InvariantCulture, $", filename={Sql.Text(Envelope.File)}, hive_partitioning=false)")
            .Append(" WHERE _Time >= ? AND _Time < ?");
        var values = new List<object?> { query.From.UtcDateTime, query.To.UtcDateTime };
        foreach (var filter in query.Filters)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND {EventRows.ColumnOf(filter.Key)} = ?");
            values.Add(filter.Value);
        }

        if (query.After is { } after)
        {
            // The first comparison looks superfluous; it is the one that the files can skip by.
            sql.Append(" AND _Time <= ? AND (_Time < ? OR _EventId < ?)");
            values.AddRange([after.Time.UtcDateTime, after.Time.UtcDateTime, after.EventId]);
        }

        sql.Append(CultureInfo.InvariantCulture, $" ORDER BY _Time DESC, _EventId DESC LIMIT {most}");
        return Task.Run(
            () => session.Run(sql.ToString(), values, reader => EventRows.ReadNarrow(reader, byPath), cancellation), cancellation);
    }
}
