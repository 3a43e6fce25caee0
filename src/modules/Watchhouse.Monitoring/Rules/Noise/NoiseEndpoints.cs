using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Monitoring.Rules.Noise;

/// <summary>The report of noisy rules over HTTP.</summary>
internal static class NoiseEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/api/v1/rules/noise", async (ActingPrincipal actor, HttpRequest request, NoiseReport report, ForceId? force,
                CancellationToken cancellationToken) => Results.Ok(await report.ReadAsync(actor, force, request.Reason(), cancellationToken)))
            .Requires(Permissions.RulesRead).WithTags("Rules").WithName("NoisyRules")
            .WithSummary("Rules that say most in 7 and 30 days by force, about whom, and what could be done; those in testing too.")
            .Produces<IEnumerable<NoiseRow>>();
}
