using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Modules;

namespace Watchhouse.Platform.Data;

/// <summary>
/// What lets people and machines in: accounts, passkeys, client registrations, tokens, key rings. Kept apart from the
/// records that forces own, because it is read before anybody is known and so cannot be filtered by who asks; no
/// record of a force is reachable through it.
/// </summary>
public sealed class CredentialDb(DbContextOptions<CredentialDb> options, ModuleSet modules) : DbContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        Conventions.StoreMoments(configurationBuilder, Database.ProviderName);
        Conventions.StoreStrongIds(configurationBuilder, modules.Assemblies);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        foreach (var module in modules.All) module.ConfigureCredentialModel(modelBuilder);
        foreach (var entity in modelBuilder.Model.GetEntityTypes().Where(e => !e.IsOwned()))
            entity.SetSchema(null);
    }
}
