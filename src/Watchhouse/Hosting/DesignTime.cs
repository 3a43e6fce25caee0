using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Storage.Postgres;
using Watchhouse.Storage.Sqlite;

namespace Watchhouse.Hosting;

/// <summary>
/// Lets the EF tools make migrations: they need the whole model, which only the composed house knows. The script
/// <c>eng/migration.sh</c> calls them for both databases.
/// </summary>
internal static class DesignTime
{
    public static IHouseStorage Storage(string[] args) => args.Contains("postgres")
        ? new PostgresStorage("Host=localhost;Database=design")
        : new SqliteStorage("design.db");
}

internal sealed class HouseDbDesign : IDesignTimeDbContextFactory<HouseDb>
{
    public HouseDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<HouseDb>();
        DesignTime.Storage(args).Configure(options);
        return new HouseDb(options.Options, HouseModules.All(), Sight.Nothing);
    }
}

internal sealed class CredentialDbDesign : IDesignTimeDbContextFactory<CredentialDb>
{
    public CredentialDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<CredentialDb>();
        DesignTime.Storage(args).Configure(options);
        return new CredentialDb(options.Options, HouseModules.All());
    }
}
