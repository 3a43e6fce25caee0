using Microsoft.EntityFrameworkCore;
using Npgsql;
using Watchhouse.Platform.Data;

namespace Watchhouse.Storage.Postgres;

/// <summary>
/// PostgreSQL, with row-level security forced on every owned table: a second lock behind the query filter, in another
/// program, so that a mistake in one is not yet a leak.
/// </summary>
public sealed class PostgresStorage : IHouseStorage
{
    private readonly string _connection;

    /// <param name="connection">An Npgsql connection string for a role that is neither superuser nor BYPASSRLS.</param>
    public PostgresStorage(string connection)
    {
        var builder = new NpgsqlConnectionStringBuilder(connection);
        // Without the reset the next user of a pooled connection would inherit the sight of the last one.
        if (builder.NoResetOnClose)
            throw new StorageUnusableException(
                "The PostgreSQL connection string sets 'No Reset On Close', which would let one user's row-level security "
                + "apply to the next. Remove it.");
        builder.ApplicationName ??= "watchhouse";
        _connection = builder.ToString();
    }

    public string Name => "PostgreSQL";

    public void Configure(DbContextOptionsBuilder options) => options
        .UseNpgsql(_connection, npgsql => npgsql.MigrationsAssembly(typeof(PostgresStorage).Assembly.GetName().Name))
        .AddInterceptors(RowSecurityInterceptor.Instance);

    public async Task PrepareAsync(HouseDb house, CredentialDb credentials, CancellationToken cancellationToken)
    {
        try
        {
            await RefuseMightyRoleAsync(house, cancellationToken);
            // Both contexts write their migrations into one history.
            var known = house.Database.GetMigrations().Concat(credentials.Database.GetMigrations()).ToHashSet(StringComparer.Ordinal);
            var applied = await house.Database.GetAppliedMigrationsAsync(cancellationToken);
            if (applied.Any(m => !known.Contains(m)))
                throw new StorageUnusableException(
                    "The PostgreSQL database was written by a newer Watchhouse. Start that version, or restore a copy from before the upgrade.");
            await house.Database.MigrateAsync(cancellationToken);
            await credentials.Database.MigrateAsync(cancellationToken);
            await RowSecurity.ApplyAsync(house, cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or System.Net.Sockets.SocketException)
        {
            throw new StorageUnusableException(
                "The PostgreSQL database cannot be used: " + (e as PostgresException)?.MessageText
                + " Check that the server runs, that the address, database and role are right, and that the role may create tables.", e);
        }
    }

    private static async Task RefuseMightyRoleAsync(HouseDb house, CancellationToken cancellationToken)
    {
        var mighty = await house.Database
            .SqlQueryRaw<bool>("SELECT rolsuper OR rolbypassrls AS \"Value\" FROM pg_roles WHERE rolname = current_user")
            .SingleAsync(cancellationToken);
        if (mighty)
            throw new StorageUnusableException(
                "The PostgreSQL role of the connection string is a superuser or may bypass row-level security, so the "
                + "separation of forces would not hold. Create a role without SUPERUSER and BYPASSRLS and use that.");
    }
}
