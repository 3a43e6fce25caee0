using Microsoft.Data.Sqlite;

namespace Watchhouse.Lake;

/// <summary>
/// The manifest in a SQLite file: write-ahead log, synchronous=FULL (a commit that returned survives a power cut), one
/// connection. Several processes may have the same file open.
/// </summary>
public sealed partial class SqliteLakeManifest : ILakeManifest, IAsyncDisposable
{
    private const long Format = 1;

    // Held as one text, because every statement that retires a file has to say the same.
    private const string HeldByRange =
        "EXISTS (SELECT 1 FROM holds h WHERE h.released_at IS NULL AND h.file_id IS NULL AND h.owner = files.owner "
        + "AND (h.tbl IS NULL OR h.tbl = files.tbl) AND h.from_time <= files.max_time AND h.to_time > files.min_time)";

    private const string HeldItself =
        "EXISTS (SELECT 1 FROM holds h WHERE h.released_at IS NULL AND h.file_id = files.id AND h.owner = files.owner)";

    private const string Held = "(" + HeldByRange + " OR " + HeldItself + ")";

    private const string Tables = """
        CREATE TABLE IF NOT EXISTS files (
            id BLOB PRIMARY KEY, owner TEXT NOT NULL, tbl TEXT NOT NULL, day INTEGER NOT NULL,
            rows INTEGER NOT NULL, bytes INTEGER NOT NULL, content_bytes INTEGER NOT NULL,
            min_time INTEGER NOT NULL, max_time INTEGER NOT NULL, from_position INTEGER NOT NULL,
            to_position INTEGER NOT NULL, sha256 TEXT NOT NULL, state INTEGER NOT NULL, role TEXT NOT NULL,
            changed_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS files_by_day ON files (owner, tbl, day, state);
        CREATE INDEX IF NOT EXISTS files_by_state ON files (state, changed_at) WHERE state <> 1;
        CREATE TABLE IF NOT EXISTS holds (
            id BLOB PRIMARY KEY, owner TEXT NOT NULL, tbl TEXT, from_time INTEGER NOT NULL, to_time INTEGER NOT NULL,
            file_id BLOB, reason TEXT NOT NULL, placed_at INTEGER NOT NULL, released_at INTEGER,
            release_reason TEXT) STRICT;
        CREATE TABLE IF NOT EXISTS progress (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL) STRICT;
        INSERT OR IGNORE INTO progress VALUES (1, 0);
        """;

    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _gate = new(1);

    private SqliteLakeManifest(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the manifest, or makes it.</summary>
    /// <exception cref="LakeCorruptException">The file was made by a later version.</exception>
    public static async Task<SqliteLakeManifest> OpenAsync(string path, CancellationToken cancellation = default)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(directory);
        var isNew = !File.Exists(path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path, Pooling = false, DefaultTimeout = 30,
        }.ToString());
        try
        {
            await connection.OpenAsync(cancellation);
            Execute(connection, "PRAGMA busy_timeout=30000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
            using (var transaction = connection.BeginTransaction())
            {
                var format = (long)Scalar(connection, "PRAGMA user_version")!;
                if (format > Format)
                    throw new LakeCorruptException(
                        $"The manifest {path} has format {format} and this program knows {Format}: run a later version.");
                if (format < Format)
                    Execute(connection, Tables + $" PRAGMA user_version={Format}");
                transaction.Commit();
            }

            if (isNew)
                Files.DirectoryFlush.Flush(directory);
            return new SqliteLakeManifest(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public Task<long> ReadPositionAsync(CancellationToken cancellation = default) =>
        RunAsync(() => (long)Scalar(_connection, "SELECT position FROM progress")!, cancellation);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        await _connection.DisposeAsync();
        _gate.Dispose();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, Stored(value));
        return command;
    }

    private int Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    private static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        Guid id => id.ToByteArray(bigEndian: true),
        DateTimeOffset time => time.UtcTicks,
        DateOnly day => day.DayNumber,
        _ => value,
    };

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            return work();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Runs work in a transaction that holds the write lock from its start, so that what it reads stays true.</summary>
    private Task<T> ChangeAsync<T>(Func<T> work, CancellationToken cancellation) => RunAsync(
        () =>
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            var result = work();
            transaction.Commit();
            return result;
        },
        cancellation);
}
