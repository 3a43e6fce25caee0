using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Incidents.Files;

namespace Watchhouse.Response.Incidents;

internal static class IncidentsSetup
{
    public static void AddIncidents(this IServiceCollection services)
    {
        services.AddSingleton<IncidentOperations>();
        services.AddSingleton<IncidentQueries>();
        services.AddSingleton<IncidentFiles>();
        services.AddSingleton<IncidentLinks>();
        services.AddHostedService<IncidentFilesWorker>();
        services.AddSingleton<IAlertAction, IncidentFromAlert>();
    }
}

/// <summary>The way from an alert to an incident.</summary>
internal sealed class IncidentFromAlert : IAlertAction
{
    public AlertStep? For(ActingPrincipal principal, Guid alert, ForceId force) => principal.May(Permissions.IncidentsWork, force)
        ? new("Make an incident", $"/incidents/new?alert={alert}", "ShieldTask", "or add it to an open one")
        : null;
}
