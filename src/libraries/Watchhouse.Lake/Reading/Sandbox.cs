using System.Globalization;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Watchhouse.Lake.Files;
using Watchhouse.Lake.Writing;

namespace Watchhouse.Lake.Reading;

/// <summary>
/// An engine in memory that can reach the directories of some owners and nothing else, whatever its SQL says: the file
/// system, extensions and settings are closed before the first query. Inside those directories the engine would still
/// write (COPY TO, ATTACH, EXPORT), so only a single SELECT is ever run.
/// </summary>
internal sealed class Sandbox : IDisposable
{
    private const int SelectStatement = 1;

    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public Sandbox(LakeOptions options, LakeLayout layout, IEnumerable<string> owners)
    {
        try
        {
            _connection.Open();
            // With the separator at the end, or "force-1" would open "force-12" to whoever trusts prefixes.
            var directories = Sql.List(owners.Select(owner => layout.OwnerDirectory(owner) + Path.DirectorySeparatorChar));
            var (threads, memory) = (options.QueryThreads, options.QueryMemoryMiB);
            using var command = _connection.CreateCommand();
            command.CommandText = string.Create(CultureInfo.InvariantCulture,
                $"SET threads={threads}; SET memory_limit='{memory}MiB'; SET TimeZone='UTC'; "
                + $"SET autoinstall_known_extensions=false; SET autoload_known_extensions=false; SET temp_directory=''; "
                + $"SET allowed_directories={directories}; SET enable_external_access=false; "
                + $"SET lock_configuration=true");
            command.ExecuteNonQuery();
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs one SELECT that others wrote.</summary>
    /// <exception cref="LakeQueryException">It is not one, or is refused, or fails.</exception>
    public T QueryForeign<T>(string sql, IReadOnlyList<object?> values, Func<DuckDBDataReader, T> read, CancellationToken cancellation)
    {
        CheckSelect(sql);
        return Query(sql, values, read, cancellation);
    }

    /// <summary>Runs a SELECT whose text is the lake's own.</summary>
    /// <exception cref="LakeQueryException">It fails.</exception>
    public T Query<T>(string sql, IReadOnlyList<object?> values, Func<DuckDBDataReader, T> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            command.UseStreamingMode = true;
            foreach (var value in values)
                command.Parameters.Add(new DuckDBParameter(value ?? DBNull.Value));
            using var registration = cancellation.Register(() => command.Cancel());
            using var reader = command.ExecuteReader();
            return read(reader);
        }
        catch (DuckDBException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new LakeQueryException($"The query failed: {e.Message}", e);
        }
    }

    public void Dispose() => _connection.Dispose();

    private void CheckSelect(string sql)
    {
        if (sql.Contains('\0'))
            throw new LakeQueryException("The query has a NUL character; give such a value as a parameter.");
        var count = NativeMethods.ExtractStatements.DuckDBExtractStatements(
            _connection.NativeConnection, sql, out var statements);
        using (statements)
        {
            if (count != 1)
                throw new LakeQueryException(count > 1
                    ? $"The query has {count} statements; only one SELECT is run."
                    : $"The query cannot be read: {NativeMethods.ExtractStatements.DuckDBExtractStatementsError(statements)}");
            var state = NativeMethods.ExtractStatements.DuckDBPrepareExtractedStatement(
                _connection.NativeConnection, statements, 0, out var prepared);
            using (prepared)
            {
                if (state != DuckDBState.Success)
                    throw new LakeQueryException(
                        $"The query failed: {NativeMethods.PreparedStatements.DuckDBPrepareError(prepared)}");
                if (StatementType(prepared.DangerousGetHandle()) != SelectStatement)
                    throw new LakeQueryException("Only a SELECT is run over the lake: nothing may be changed or written.");
            }
        }
    }

    // The bindings lack this one function of the engine's C interface.
    [DllImport("duckdb", EntryPoint = "duckdb_prepared_statement_type")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern int StatementType(IntPtr statement);
}
