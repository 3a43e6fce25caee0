using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Storage.Postgres;

/// <summary>
/// One policy per owned table, made from the model after each migration, so that a new entity cannot be forgotten. FORCE
/// binds the owner of the tables as well, which is the role that the program itself uses.
/// </summary>
internal static class RowSecurity
{
    public static string SettingOf(DelegationScope scope) => $"watchhouse.see_{scope.Word()}";

    public static async Task ApplyAsync(HouseDb house, CancellationToken cancellationToken)
    {
        await using var transaction = await house.Database.BeginTransactionAsync(cancellationToken);
        // Two nodes that start together take turns.
        await house.Database.ExecuteSqlRawAsync("SELECT pg_advisory_xact_lock(7736112)", cancellationToken);
        foreach (var entity in house.Model.GetEntityTypes())
            if (OwnershipModel.ScopeOf(entity) is { } scope)
                await house.Database.ExecuteSqlRawAsync(Policy(entity, scope), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static string Policy(IReadOnlyEntityType entity, DelegationScope scope)
    {
        var table = entity.GetTableName()!;
        var column = entity.FindProperty(nameof(IOwnedByForce.ForceId))!.GetColumnName();
        var seen = $"current_setting('{SettingOf(scope)}', true)";
        // After a reset the setting is '' and not null: string_to_array('') is an empty array, so nothing is seen.
        // In a SELECT of its own it is reckoned once for a statement, and not for each row.
        var sees = $"((SELECT {seen}) = '*' OR \"{column}\" = ANY ((SELECT string_to_array({seen}, ','))::text[]))";
        return $"""
            ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY;
            ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY;
            DROP POLICY IF EXISTS sight ON "{table}";
            CREATE POLICY sight ON "{table}" USING {sees} WITH CHECK {sees};
            """;
    }
}
