using Microsoft.EntityFrameworkCore;
using Watchhouse.Hosting;

namespace Watchhouse.Tests.Hosting;

/// <summary>A change of the model without its migration would fail at a user's start, not at ours.</summary>
public sealed class MigrationTests
{
    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public void Model_OfTheHouse_HasItsMigrations(string engine)
    {
        using var house = new HouseDbDesign().CreateDbContext([engine]);
        using var credentials = new CredentialDbDesign().CreateDbContext([engine]);

        Assert.False(house.Database.HasPendingModelChanges(), $"Run eng/migration.sh NAME house; {engine} is behind the model.");
        Assert.False(credentials.Database.HasPendingModelChanges(), $"Run eng/migration.sh NAME credentials; {engine} is behind the model.");
    }
}
