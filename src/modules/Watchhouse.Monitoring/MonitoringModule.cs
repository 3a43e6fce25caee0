using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Alerts.Measures;
using Watchhouse.Monitoring.Alerts.Triage;
using Watchhouse.Monitoring.Archive;
using Watchhouse.Monitoring.Collect;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Monitoring.Demonstration;
using Watchhouse.Monitoring.Coverage;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Ingest;
using Watchhouse.Monitoring.Ingest.Elastic;
using Watchhouse.Monitoring.Ingest.Events;
using Watchhouse.Monitoring.Ingest.Import;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.Ingest.Otlp;
using Watchhouse.Monitoring.Ingest.Reading;
using Watchhouse.Monitoring.Ingest.Splunk;
using Watchhouse.Monitoring.Ingest.Syslog;
using Watchhouse.Monitoring.Rules;
using Watchhouse.Monitoring.SetAside;
using Watchhouse.Monitoring.Silence;
using Watchhouse.Monitoring.Sources;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Modules;

namespace Watchhouse.Monitoring;

/// <summary>Protective monitoring: events come in, are kept, and are watched.</summary>
public sealed class MonitoringModule : IModule
{
    public string Name => "Monitoring";

    public IEnumerable<NavigationEntry> Navigation =>
    [
        new("Alerts", "/alerts", "Alert", Permissions.AlertsRead, 100),
        new("Sources", "/sources", "PlugConnected", Permissions.SourcesRead, 110),
        new("Syslog listeners", "/sources/listeners", "PlugConnected", Permissions.SourcesManage, 110) { Unless = Permissions.SourcesRead },
        new("Rules", "/rules", "TextBulletListSquare", Permissions.RulesRead, 120),
        new("Exceptions", "/exceptions", "ShieldDismiss", Permissions.RulesRead, 130),
        new("Measures", "/measures", "Timer", Permissions.AlertsRead, 105),
        new("Coverage", "/coverage", "Grid", Permissions.CoverageRead, 140),
    ];

    public IEnumerable<Type> PaletteProviders => [typeof(SourcePalette), typeof(AlertPalette), typeof(Rules.Pages.RulePalette)];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<JournalHost>();
        services.AddSingleton(static s => s.GetRequiredService<JournalHost>().Journal);
        services.AddSingleton(new IngestLimits());
        services.AddSingleton<IngestMemory>();
        services.AddSingleton<BodyReader>();
        services.AddSingleton<IEventIntake, EventIntake>();
        services.AddSingleton<IngestDoor>();
        services.AddSingleton<HecAcks>();
        services.AddSingleton<SourceBook>();
        services.AddHostedService<SourceBookWriter>();
        services.AddSingleton<SourceQueries>();
        services.AddSingleton<SourceWholeQuery>();
        services.AddRules();
        services.AddCoverage();
        services.AddHostedService<DetectionWorker>();
        services.AddSingleton<AlertQueries>();
        services.AddTriage();
        services.AddSingleton<MeasureQueries>();
        services.AddSingleton<IAlertReader, AlertReader>();
        services.AddSingleton<Platform.Outbox.IHandle<AlertsContained>, Alerts.Measures.ContainmentNotes>();
        services.AddSingleton<IAlertFeed, Alerts.Feed.AlertFeed>();
        services.AddBriefs();
        services.AddSingleton<SetAsideNotes>();
        services.AddSingleton(new BatchProbe());
        services.AddSingleton<ArchiveBook>();
        services.AddSingleton<ArchiveProgress>();
        services.AddSingleton<LakeHost>();
        // Services end in the opposite order: what the archive notes of its last files is written down after them.
        services.AddHostedService<ArchiveBookWriter>();
        services.AddHostedService<ArchiveWorker>();
        services.AddHostedService<ArchiveKeeper>();
        services.AddSingleton<ArchiveOperations>();
        services.AddSingleton<EvidenceReader>();
        services.AddSingleton<OtherForces>();
        services.AddSingleton<AlertSignal>();
        services.AddSingleton<CollectorWatch>();
        services.AddHostedService<SilenceWatch>();
        services.AddSingleton<AlertViews>();
        services.AddSyslog(configuration);
        services.AddHostedService<ImportWorker>();
        services.AddCollection(configuration);
        services.AddDemonstrationFeed();
    }

    public void ConfigureModel(ModelBuilder model) => MonitoringModel.Configure(model);

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapEvents();
        endpoints.MapHec();
        endpoints.MapElastic();
        endpoints.MapOtlp();
        endpoints.MapSources();
        endpoints.MapAlerts();
        endpoints.MapTriage();
        endpoints.MapMeasures();
        endpoints.MapRules();
        endpoints.MapCoverage();
        endpoints.MapArchive();
        endpoints.MapSyslog();
        endpoints.MapCollectors();
    }

    public async Task OpenAsync(IServiceProvider services, string nationalData, CancellationToken cancellationToken)
    {
        services.GetRequiredService<AttackBook>().Open(nationalData);
        await services.GetRequiredService<ShippedRules>().OpenAsync(nationalData, cancellationToken);
        await services.GetRequiredService<JournalHost>().OpenAsync(cancellationToken);
    }
}
