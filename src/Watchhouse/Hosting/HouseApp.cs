using System.Text.Json.Serialization;
using Microsoft.AspNetCore.DataProtection;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Modules;
using Watchhouse.Platform.Ui;
using Watchhouse.Platform.Web;
using Watchhouse.Shell;
using Watchhouse.Storage.Postgres;
using Watchhouse.Storage.Sqlite;

namespace Watchhouse.Hosting;

/// <summary>Composes the house into a web application. It holds no rules of its own.</summary>
internal static class HouseApp
{
    /// <summary>Builds the application and opens its storage; nothing listens yet.</summary>
    /// <param name="options">What was asked.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <param name="adjust">Lets a test replace services, such as the clock.</param>
    public static async Task<WebApplication> CreateAsync(
        ServeOptions options, CancellationToken cancellationToken, Action<IServiceCollection>? adjust = null)
    {
        Demonstration.RefuseOutsideLoopback(options);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            // The lists of static assets bear this name, also when a test's own program starts the house.
            ApplicationName = typeof(HouseApp).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        ServerCertificate.RefuseMissing(options, builder.Configuration, builder.Environment.ContentRootPath);
        var directory = DataDirectory.Open(options);
        var modules = HouseModules.All();
        builder.WebHost.UseUrls(options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        // Assets of packages and of the platform are found when run from a build as well as when published.
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 4 * 1024 * 1024;
        });
        Logging.Configure(builder.Logging);

        IHouseStorage storage = options.Postgres is { Length: > 0 } connection
            ? new PostgresStorage(connection)
            : new SqliteStorage(directory.Database);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(directory);
        builder.Services.AddSingleton(new KeyDirectory(directory.Keys));
        builder.Services.AddSingleton(new HouseDirectory(directory.Root));
        builder.Services.AddPlatform(storage, modules, new AuditLedgerOptions
        {
            Directory = directory.Ledger,
            KeyPath = Path.Combine(directory.Keys, "ledger.key"),
            Origin = "watchhouse/audit",
        });
        builder.Services.AddDataProtection()
            .SetApplicationName("watchhouse")
            .PersistKeysToFileSystem(new DirectoryInfo(directory.Keys));
        builder.Services.AddRateLimits();
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddAntiforgery(antiforgery => antiforgery.Cookie.Name = "watchhouse-antiforgery");
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
            // A missing or null field is the caller's mistake and is answered as one.
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
            json.SerializerOptions.MaxDepth = 32;
        });
        builder.Services.AddSingleton(new DemonstrationMode(options.Demonstration, options.Demonstration && !options.IsQuiet));
        foreach (var module in modules.All) module.AddServices(builder.Services, builder.Configuration);
        builder.Services.AddHouseUi(modules.All);
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            // A lost phone connection comes back to the same page within three minutes; more would hold memory.
            circuits.DisconnectedCircuitMaxRetained = 50;
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3);
        });
        builder.Services.AddApiDescription();
        Observation.Add(builder.Services);
        adjust?.Invoke(builder.Services);

        var app = builder.Build();
        await app.Services.GetRequiredService<HouseStart>().OpenAsync(Path.Combine(AppContext.BaseDirectory, "national"), cancellationToken);

        app.UseSecurityHeaders();
        app.UseProblems();
        app.UseStatusCodePagesWithReExecute(HouseAddresses.NotFound);
        app.UseRouting();
        app.UseSignInGuards();
        app.UseAuthentication();
        app.UseRateLimits();
        foreach (var module in modules.All) module.Use(app);
        app.UseAccessChecks();
        app.UseAntiforgery();
        Observation.Map(app);
        app.MapApiDescription();
        app.MapPlatform();
        // By name: when a test hosts the program, the entry assembly is the test.
        app.MapStaticAssets("watchhouse.staticwebassets.endpoints.json");
        app.MapRazorComponents<App>()
            .AddAdditionalAssemblies([.. modules.Assemblies.Where(a => a != typeof(App).Assembly)])
            .AddInteractiveServerRenderMode();
        foreach (var module in modules.All) module.MapEndpoints(app);
        RefuseUndeclared(app);
        return app;
    }

    private static void RefuseUndeclared(WebApplication app)
    {
        var silent = AccessCoverage.Undeclared(((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints));
        if (silent.Count > 0)
            throw new InvalidOperationException(
                "These endpoints do not declare who may reach them: " + string.Join("; ", silent)
                + ". Call Requires(permission), RequiresSignIn() or IsPublic(because) on each.");
    }
}
