using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Watchhouse.Platform.Data;

namespace Watchhouse.Storage.Sqlite;

/// <summary>The embedded database: one file under the data directory.</summary>
/// <param name="path">The database file; its directory exists.</param>
public sealed class SqliteStorage(string path) : IHouseStorage
{
    private readonly string _connection = new SqliteConnectionStringBuilder
    {
        DataSource = path,
        ForeignKeys = true,
        // A writer waits for the other rather than failing.
        DefaultTimeout = 30,
    }.ToString();

    public string Name => "SQLite";

    public void Configure(DbContextOptionsBuilder options) => options
        .UseSqlite(_connection, sqlite => sqlite.MigrationsAssembly(typeof(SqliteStorage).Assembly.GetName().Name))
        .AddInterceptors(DurableConnections.Instance);

    public async Task PrepareAsync(HouseDb house, CredentialDb credentials, CancellationToken cancellationToken)
    {
        try
        {
            if (File.Exists(path)) await CheckAsync(house, cancellationToken);
            await RefuseNewerAsync(house, credentials, cancellationToken);
            await house.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL;", cancellationToken);
            await house.Database.MigrateAsync(cancellationToken);
            await credentials.Database.MigrateAsync(cancellationToken);
        }
        catch (SqliteException e)
        {
            throw new StorageUnusableException(Advice(e.SqliteErrorCode switch
            {
                11 => "is damaged",
                26 => "is not a database",
                13 => "cannot grow: the disk is full",
                8 or 14 => "cannot be opened for writing",
                5 or 6 => "is locked by another program",
                _ => $"cannot be used (SQLite error {e.SqliteErrorCode})",
            }), e);
        }
    }

    private async Task CheckAsync(HouseDb house, CancellationToken cancellationToken)
    {
        var connection = house.Database.GetDbConnection();
        await house.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = connection.CreateCommand();
            // The quick check reads every page; a full integrity check would also compare indexes and takes long.
            command.CommandText = "PRAGMA quick_check(1);";
            if (await command.ExecuteScalarAsync(cancellationToken) is not "ok")
                throw new StorageUnusableException(Advice("is damaged"));
        }
        finally
        {
            await house.Database.CloseConnectionAsync();
        }
    }

    private async Task RefuseNewerAsync(HouseDb house, CredentialDb credentials, CancellationToken cancellationToken)
    {
        // Both contexts write their migrations into one history.
        var known = house.Database.GetMigrations().Concat(credentials.Database.GetMigrations()).ToHashSet(StringComparer.Ordinal);
        var applied = await house.Database.GetAppliedMigrationsAsync(cancellationToken);
        if (applied.Any(m => !known.Contains(m)))
            throw new StorageUnusableException(
                $"The database '{path}' was written by a newer Watchhouse. Start that version, or restore a copy from before the upgrade.");
    }

    private string Advice(string what) =>
        $"The database '{path}' {what}. Nothing was changed. Stop every Watchhouse that uses this directory, keep a copy of it, "
        + "then restore the database from your last backup; the audit ledger beside it is checked with 'watchhouse audit verify'.";
}

/// <summary>Each connection waits for the disk at commit: what is acknowledged survives a power cut.</summary>
internal sealed class DurableConnections : DbConnectionInterceptor
{
    public static readonly DurableConnections Instance = new();

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous=FULL;";
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous=FULL;";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
