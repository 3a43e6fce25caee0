using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Watchhouse.Platform.Authorisation;

namespace Watchhouse.Hosting;

/// <summary>Health, metrics and traces.</summary>
internal static class Observation
{
    public static void Add(IServiceCollection services)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("watchhouse", serviceVersion: Version))
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter("Watchhouse.*")
                .AddPrometheusExporter())
            .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddSource("Watchhouse.*"));
        // OTLP only where an operator named a receiver: a centre does not send anything anywhere by itself.
        if (Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 })
            telemetry.WithTracing(t => t.AddOtlpExporter()).WithMetrics(m => m.AddOtlpExporter());
    }

    public static void Map(WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false })
            .IsPublic("A load balancer asks it, and it says one word.");
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = Say })
            .IsPublic("A load balancer asks it, and it says one word.");
        app.MapPrometheusScrapingEndpoint("/metrics")
            .IsPublic("Counters without names or forces; the operator's network decides who reaches it.");
    }

    public static string Version { get; } =
        System.Reflection.CustomAttributeExtensions.GetCustomAttribute<System.Reflection.AssemblyInformationalVersionAttribute>(
            typeof(Observation).Assembly)?.InformationalVersion ?? "0";

    private static Task Say(HttpContext context, HealthReport report) =>
        context.Response.WriteAsync(report.Status.ToString(), context.RequestAborted);
}
