using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Data;

/// <summary>
/// Each entity says whose it is: owned by a force for one purpose, a national fact, or the program's own
/// housekeeping. The model does not build while one of them says nothing.
/// </summary>
public static class OwnershipModel
{
    private const string ScopeAnnotation = "Watchhouse:Scope";
    private const string NationalAnnotation = "Watchhouse:National";
    private const string SuccessionAnnotation = "Watchhouse:Succession";

    /// <summary>Rows belong to a force and are seen for this purpose only.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="scope">The purpose.</param>
    /// <param name="onSuccession">Whether rows pass to the successor when the force ends (law 8).</param>
    public static EntityTypeBuilder<T> OwnedByForce<T>(
        this EntityTypeBuilder<T> entity, DelegationScope scope, OnSuccession onSuccession = OnSuccession.Passes)
        where T : class, IOwnedByForce
    {
        entity.Metadata.SetAnnotation(ScopeAnnotation, scope.Word());
        entity.Metadata.SetAnnotation(SuccessionAnnotation, onSuccession.ToString());
        entity.Property(e => e.ForceId).HasMaxLength(8);
        entity.HasIndex(e => e.ForceId);
        return entity;
    }

    /// <summary>Rows belong to no force.</summary>
    /// <param name="why">Why it is safe that everybody who holds the permission sees all rows.</param>
    public static EntityTypeBuilder<T> NationalFact<T>(this EntityTypeBuilder<T> entity, string why)
        where T : class
    {
        entity.Metadata.SetAnnotation(NationalAnnotation, why);
        return entity;
    }

    /// <summary>The purpose of an owned entity type; null for national facts.</summary>
    public static DelegationScope? ScopeOf(IReadOnlyEntityType entity) =>
        entity.FindAnnotation(ScopeAnnotation)?.Value is string word
            ? DelegationScopes.All.First(s => s.Word() == word)
            : null;

    /// <summary>Whether rows of this owned type pass to the successor.</summary>
    public static bool Passes(IReadOnlyEntityType entity) =>
        entity.FindAnnotation(SuccessionAnnotation)?.Value is nameof(OnSuccession.Passes);

    internal static void Check(ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            if (entity.IsOwned()) continue;
            var owned = typeof(IOwnedByForce).IsAssignableFrom(entity.ClrType);
            if (owned && ScopeOf(entity) is null)
                throw new InvalidOperationException(
                    $"{entity.ClrType.Name} is owned by a force but does not say for which purpose it may be seen. "
                    + "Call OwnedByForce(scope) where its module configures the model.");
            if (!owned && entity.FindAnnotation(NationalAnnotation) is null)
                throw new InvalidOperationException(
                    $"{entity.ClrType.Name} does not say whose it is. Implement IOwnedByForce and call OwnedByForce(scope), "
                    + "or call NationalFact(why) where its module configures the model.");
        }
    }
}

/// <summary>What becomes of rows when their force ends.</summary>
public enum OnSuccession
{
    /// <summary>They get the successor as controller, and the custody record counts them.</summary>
    Passes,

    /// <summary>They are about the ended force itself and stay with its name.</summary>
    Stays,
}
