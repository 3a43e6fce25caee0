using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Storage.Postgres;

/// <summary>Tells the server, at the opening of each connection, what this context sees.</summary>
internal sealed class RowSecurityInterceptor : DbConnectionInterceptor
{
    public static readonly RowSecurityInterceptor Instance = new();

    private static readonly string Sql = "SELECT "
        + string.Join(", ", DelegationScopes.All.Select((s, i) => $"set_config('{RowSecurity.SettingOf(s)}', @p{i}, false)"));

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (eventData.Context is not HouseDb house) return;
        using var command = Command(connection, house.Sight);
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is not HouseDb house) return;
        await using var command = Command(connection, house.Sight);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static DbCommand Command(DbConnection connection, Sight sight)
    {
        var command = connection.CreateCommand();
        command.CommandText = Sql;
        for (var i = 0; i < DelegationScopes.All.Count; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"p{i}";
            parameter.Value = sight.Setting(DelegationScopes.All[i]);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
