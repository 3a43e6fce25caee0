using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Modules;
using Watchhouse.Response.Bulletins;
using Watchhouse.Response.Clocks;
using Watchhouse.Response.Correlation;
using Watchhouse.Response.Estate;
using Watchhouse.Response.Incidents;
using Watchhouse.Response.Notices;
using Watchhouse.Response.Playbooks;
using Watchhouse.Response.Shifts;
using Watchhouse.Response.Wall;

namespace Watchhouse.Response;

/// <summary>The answer to threats: triage, incidents, clocks, playbooks with the force's approval, shifts, messages and bulletins.</summary>
public sealed class ResponseModule : IModule
{
    public string Name => "Response";

    public IEnumerable<NavigationEntry> Navigation =>
    [
        new("Incidents", "/incidents", "Flag", Permissions.IncidentsRead, 190),
        new("Candidates", "/candidates", "BuildingMultiple", Permissions.CandidatesRead, 195),
        new("Approvals", "/approvals", "CheckmarkCircle", Permissions.RunsRead, 200),
        new("Playbook runs", "/runs", "Flowchart", Permissions.RunsRead, 210),
        new("Playbooks", "/playbooks", "BookOpen", Permissions.PlaybooksRead, 220),
        new("Authorities", "/authorities", "Key", Permissions.AuthoritiesRead, 230),
        new("Estate", "/estate", "ShieldTask", Permissions.EstateRead, 240),
        new("Bulletins", "/bulletins", "Megaphone", Permissions.BulletinsRead, 197),
        new("My force", "/force", "Shield", Permissions.IncidentsRead, 10) { Unless = Permissions.WallRead },
        new("Wall", "/wall", "Tv", Permissions.WallRead, 20),
        new("Shifts", "/shifts", "CalendarClock", Permissions.ShiftsRead, 245),
        new("Outbox", "/outbox", "Mail", Permissions.NoticesRead, 250),
        new("Notifications", "/notifications", "Alert", Permissions.NoticesReceive, 260),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddNotices(configuration);
        services.AddClocks();
        services.AddShifts();
        services.AddPlaybooks();
        services.AddIncidents();
        services.AddCorrelation();
        services.AddBulletins();
        services.AddWall();
        services.AddEstate(configuration);
    }

    public void ConfigureModel(ModelBuilder model) => ResponseModel.Configure(model);

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapEstate();
        endpoints.MapPlaybooks();
        endpoints.MapNotices();
        endpoints.MapIncidents();
        endpoints.MapCandidates();
        endpoints.MapBulletins();
        endpoints.MapWall();
        endpoints.MapClocks();
        endpoints.MapShifts();
    }

    public Task OpenAsync(IServiceProvider services, string nationalData, CancellationToken cancellationToken)
    {
        services.GetRequiredService<PlaybookBook>().Open(nationalData);
        services.GetRequiredService<ClockPolicyBook>().Open(nationalData);
        services.GetRequiredService<CorrelationBook>().Open(nationalData);
        return Task.CompletedTask;
    }
}
