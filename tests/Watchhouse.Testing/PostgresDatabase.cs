using Npgsql;

namespace Watchhouse.Testing;

/// <summary>An empty database of its own, dropped at the end. Made for one test class or one test.</summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly string _server;

    private PostgresDatabase(string server, string name)
    {
        _server = server;
        Name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
    }

    /// <summary>The database's name on the server.</summary>
    public string Name { get; }

    /// <summary>Connects to this database as its owner, who has no superuser rights.</summary>
    public string ConnectionString { get; }

    /// <summary>Creates a database, or skips the test where there is no PostgreSQL.</summary>
    public static async Task<PostgresDatabase> CreateAsync(CancellationToken cancellationToken = default)
    {
        // The version 7 id sorts by time, so databases that a killed run left behind are easy to tell.
        var database = new PostgresDatabase(Servers.Postgres, $"test_{Guid.CreateVersion7():N}");
        await database.OnServerAsync($"""CREATE DATABASE "{database.Name}" TEMPLATE template0""", cancellationToken);
        return database;
    }

    /// <summary>Runs one statement in this database.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await using (var connection = new NpgsqlConnection(ConnectionString))
            NpgsqlConnection.ClearPool(connection);

        await OnServerAsync($"""DROP DATABASE IF EXISTS "{Name}" WITH (FORCE)""", CancellationToken.None);
    }

    private async Task OnServerAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
