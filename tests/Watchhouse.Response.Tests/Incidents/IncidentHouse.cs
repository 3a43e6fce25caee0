using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Incidents;
using Watchhouse.Tests.Hosting;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Incidents;

/// <summary>A house with alerts of two forces, as the monitoring module would give them out.</summary>
internal sealed class IncidentHouse : IAsyncDisposable
{
    public static readonly ForceId Surrey = ForceId.Of("SRY");
    public static readonly AlertBrief KentAlert = Alert(1, Kent, "Consent given to an unknown app", "sergeant@kent.example");
    public static readonly AlertBrief EssexAlert = Alert(2, Essex, "Consent given to an unknown app", "clerk@essex.example");

    private readonly TestHouse _house;

    private IncidentHouse(TestHouse house) => _house = house;

    public T Get<T>()
        where T : notnull => _house.Services.GetRequiredService<T>();

    public IncidentOperations Incidents => _house.Services.GetRequiredService<IncidentOperations>();

    public IncidentQueries Queries => _house.Services.GetRequiredService<IncidentQueries>();

    public static async Task<IncidentHouse> StartAsync(string? postgres = null, string? data = null) =>
        new(await TestHouse.StartAsync(postgres, Now, data, adjust: services => services.AddSingleton<IAlertReader>(new FewAlerts([KentAlert, EssexAlert]))));

    public async Task<Guid> OpenAsync(ActingPrincipal by, ForceId? force = null, string title = "Consent phishing") =>
        Ok(await Incidents.OpenAsync(by, new OpenOptions { Force = force ?? Kent, Title = title }, Now));

    public async Task<IncidentModel> FindAsync(Guid id, ActingPrincipal? by = null) => Ok(await Queries.FindAsync(by ?? Analyst, id, null, Now));

    public async Task<IncidentStatus> StatusAsync(Guid id) => Enum.Parse<IncidentStatus>((await FindAsync(id)).Incident.Status);

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    private static AlertBrief Alert(int number, ForceId force, string title, string entity) =>
        new(new Guid(number, 0, 0, new byte[8]), force, title, "high", "user", entity, ["T1528"], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    // Within the sight of whoever asks, as the real one.
    private sealed class FewAlerts(IReadOnlyList<AlertBrief> all) : IAlertReader
    {
        public Task<IReadOnlyList<AlertBrief>> FindAsync(ActingPrincipal actor, IReadOnlyList<Guid> ids, string? reason, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<AlertBrief>>([.. all.Where(alert => ids.Contains(alert.Id) && (actor.Home == alert.Force || actor.IsCentre))]);
    }
}
