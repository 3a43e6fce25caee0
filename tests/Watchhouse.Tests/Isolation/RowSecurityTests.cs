using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Testing;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Tests.Isolation;

/// <summary>The server's own lock: what PostgreSQL shows when the program's filter is not there.</summary>
public sealed class RowSecurityTests
{
    private static readonly ForceId Kent = ForceId.Of("KNT");
    private static readonly ForceId Essex = ForceId.Of("ESX");

    [Fact]
    public async Task RawSql_OfASessionOfOneForce_SeesAndChangesNoOther()
    {
        _ = Servers.Postgres;
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var database = await PostgresDatabase.CreateAsync(cancellationToken);
        await using var house = await TestHouse.StartAsync(database.ConnectionString, cancellationToken);
        await house.PersonAsync(Kent, Role.SecurityOfficer);
        await house.PersonAsync(Essex, Role.SecurityOfficer);
        var open = house.Services.GetRequiredService<HouseDbFactory>();

        await using var kent = open.Open(Sight.Of(DelegationScope.Administration, [Kent]));
        await using var otherPurpose = open.Open(Sight.Of(DelegationScope.Monitoring, [Kent, Essex]));
        await using var nobody = open.Open(Sight.Nothing);
        await using var all = open.Open(Sight.All);

        Assert.Equal(["KNT"], await ForcesAsync(kent));
        Assert.Empty(await ForcesAsync(otherPurpose));
        Assert.Empty(await ForcesAsync(nobody));
        Assert.Equal(["ESX", "KNT"], await ForcesAsync(all));
        Assert.Equal(0, await kent.Database.ExecuteSqlRawAsync("UPDATE \"People\" SET \"Name\" = 'x' WHERE \"ForceId\" = 'ESX'", cancellationToken));
        var insert = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => kent.Database.ExecuteSqlRawAsync(
            "UPDATE \"People\" SET \"ForceId\" = 'ESX' WHERE \"ForceId\" = 'KNT'", cancellationToken));
        Assert.Equal("42501", insert.SqlState);
    }

    [Fact]
    public async Task Tables_OfEveryOwnedEntity_HaveForcedRowSecurity()
    {
        _ = Servers.Postgres;
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var database = await PostgresDatabase.CreateAsync(cancellationToken);
        await using var house = await TestHouse.StartAsync(database.ConnectionString, cancellationToken);
        await using var db = house.Services.GetRequiredService<HouseDbFactory>().Open(Sight.All);
        var owned = db.Model.GetEntityTypes().Where(e => OwnershipModel.ScopeOf(e) is not null).Select(e => e.GetTableName()!).ToList();

        var forced = await db.Database
            .SqlQueryRaw<string>("SELECT relname AS \"Value\" FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
            .ToListAsync(cancellationToken);

        Assert.True(owned.Count >= 8);
        Assert.All(owned, table => Assert.Contains(table, forced));
    }

    private static async Task<List<string>> ForcesAsync(HouseDb db) => await db.Database
        .SqlQueryRaw<string>("SELECT DISTINCT \"ForceId\" AS \"Value\" FROM \"People\" ORDER BY 1")
        .ToListAsync(TestContext.Current.CancellationToken);
}
