using System.Data.Common;
using DuckDB.NET.Data;
using Watchhouse.Lake.Files;
using Watchhouse.Lake.Reading;
using Watchhouse.Lake.Writing;

namespace Watchhouse.Lake;

/// <summary>
/// A place for queries over the events of some owners: an engine of its own that can reach nothing else. Not thread-safe.
/// Takes one of the reader's places until it is disposed.
/// </summary>
public sealed class LakeSession : IDisposable
{
    private readonly LakeReader _reader;
    private readonly LakeLayout _layout;
    private readonly Sandbox _sandbox;
    private bool _isDisposed;

    internal LakeSession(LakeReader reader, LakeLayout layout, Sandbox sandbox, IReadOnlyList<string> owners)
    {
        _reader = reader;
        _layout = layout;
        _sandbox = sandbox;
        Owners = owners;
    }

    /// <summary>The owners whose events can be seen.</summary>
    public IReadOnlyList<string> Owners { get; }

    /// <summary>
    /// SQL to stand after FROM: the live files of a table that may have events in a range, with all columns of the table
    /// and the lake's own (see the remarks). The range itself is still to be asked of <c>_Time</c>.
    /// </summary>
    /// <remarks>
    /// <c>_Time, _Source, _EventId, _ReceivedAt, _Computer, _Account, _SourceIp, _TargetIp, _Activity, _Unknown</c> (JSON
    /// text), <c>_Raw</c> (bytes), <c>_Format</c>, <c>_Line</c> and <c>_File</c> (path). A query with LIMIT should choose rows by narrow columns first and
    /// fetch wide ones in a second step.
    /// </remarks>
    public async Task<string> FromAsync(
        string table, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation = default)
    {
        LakeNames.CheckTable(table);
        var files = await _reader.ListAsync(Owners, table, from, to, cancellation);
        var columns = Envelope.Names.Zip(Envelope.Types)
            .Concat((_reader.Schema.Find(table)?.Columns ?? []).Select(column => (column.Name, Envelope.SqlType(column.Type))))
            .Append((Envelope.File, "VARCHAR"));
        // Files hold only the columns that their events have; those that none has come from the empty row set.
        var empty = "SELECT " + string.Join(", ", columns.Select(column => $"NULL::{column.Item2} AS \"{column.Item1}\""))
            + " WHERE false";
        return files.Count == 0
            ? $"({empty})"
            : $"({empty} UNION ALL BY NAME SELECT * FROM read_parquet({Sql.List(files.Select(_layout.PackedPath))}, "
              + $"union_by_name=true, filename={Sql.Text(Envelope.File)}, hive_partitioning=false))";
    }

    /// <summary>Runs one SELECT and reads its rows.</summary>
    /// <param name="sql">One statement; parameters are ?.</param>
    /// <param name="values">Values of the parameters.</param>
    /// <param name="read">Reads the result; it comes in parts, so what is not kept takes no memory.</param>
    /// <param name="cancellation">Stops the query within a fraction of a second.</param>
    /// <exception cref="LakeQueryException">It is not one SELECT, is not permitted, fails, or needs too much memory.</exception>
    public Task<T> QueryAsync<T>(
        string sql, IReadOnlyList<object?> values, Func<DbDataReader, T> read, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return Task.Run(() => _sandbox.QueryForeign(sql, values, read, cancellation), cancellation);
    }

    /// <summary>Runs a SELECT whose text is the lake's own.</summary>
    internal T Run<T>(string sql, IReadOnlyList<object?> values, Func<DuckDBDataReader, T> read, CancellationToken cancellation) =>
        _sandbox.Query(sql, values, read, cancellation);

    /// <inheritdoc />
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _sandbox.Dispose();
        _reader.Leave();
    }
}
