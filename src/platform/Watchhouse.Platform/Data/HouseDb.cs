using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Modules;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Data;

/// <summary>
/// The house's records. A context is opened by the gate with a <see cref="Sight"/> and sees the owned rows of that
/// sight alone; every query is filtered here and, on PostgreSQL, once more by the server.
/// </summary>
public sealed class HouseDb(DbContextOptions<HouseDb> options, ModuleSet modules, Sight sight) : DbContext(options)
{
    private static readonly MethodInfo FilterMethod =
        typeof(HouseDb).GetMethod(nameof(Filter), BindingFlags.Instance | BindingFlags.NonPublic)!;

    public Sight Sight { get; } = sight;

    private bool SeesEverything => Sight.Everything;

    private List<ForceId> Seen(DelegationScope scope) => Sight.For(scope);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<ForceId>().HaveConversion<ForceIdConverter>().HaveMaxLength(8);
        Conventions.StoreMoments(configurationBuilder, Database.ProviderName);
        Conventions.StoreStrongIds(configurationBuilder, modules.Assemblies);
        Conventions.StoreEnumsAsWords(configurationBuilder, modules.Assemblies);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        PlatformModel.Configure(modelBuilder);
        foreach (var module in modules.All) module.ConfigureModel(modelBuilder);
        OwnershipModel.Check(modelBuilder);

        foreach (var entity in modelBuilder.Model.GetEntityTypes().ToList())
        {
            if (OwnershipModel.ScopeOf(entity) is { } scope)
                FilterMethod.MakeGenericMethod(entity.ClrType).Invoke(this, [modelBuilder, scope]);
            if (typeof(IVersioned).IsAssignableFrom(entity.ClrType))
                modelBuilder.Entity(entity.ClrType).Property(nameof(IVersioned.Version)).IsConcurrencyToken();
        }
    }

    private void Filter<T>(ModelBuilder model, DelegationScope scope)
        where T : class, IOwnedByForce =>
        model.Entity<T>().HasQueryFilter(row => SeesEverything || Seen(scope).Contains(row.ForceId));

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        Guard();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        Guard();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    private void Guard()
    {
        foreach (var entry in ChangeTracker.Entries())
        {
            if (entry.State is EntityState.Unchanged or EntityState.Detached) continue;
            if (entry.Entity is IOwnedByForce owned && OwnershipModel.ScopeOf(entry.Metadata) is { } scope)
            {
                var force = entry.Property(nameof(IOwnedByForce.ForceId));
                var before = (ForceId)force.OriginalValue!;
                if (!Sight.Includes(scope, owned.ForceId) || !Sight.Includes(scope, before))
                    throw new TenancyViolationException(
                        $"A {entry.Metadata.ClrType.Name} of another force was about to be written; the session does not see it.");
            }

            if (entry is { Entity: IVersioned versioned, State: EntityState.Added or EntityState.Modified })
                versioned.Version++;
        }
    }
}
