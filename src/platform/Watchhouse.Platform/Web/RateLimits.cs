using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace Watchhouse.Platform.Web;

/// <summary>
/// Bounds on requests: generous for people and their browsers, tight where a secret is guessed. Ingest has bounds of its
/// own by volume.
/// </summary>
public static class RateLimits
{
    /// <summary>For addresses that take a secret: sign-in, tokens, set-up.</summary>
    public const string Secrets = "secrets";

    public static IServiceCollection AddRateLimits(this IServiceCollection services) => services.AddRateLimiter(options =>
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = static async (rejected, cancellationToken) =>
        {
            if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait))
                rejected.HttpContext.Response.Headers.RetryAfter =
                    ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            await Problems.WriteAsync(rejected.HttpContext, StatusCodes.Status429TooManyRequests, "Too many requests",
                "More requests came from here than are answered in a minute. Wait as long as Retry-After says, then go on.");
        };
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(static context =>
            RateLimitPartition.GetTokenBucketLimiter(Caller(context), static _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = 600,
                TokensPerPeriod = 100,
                ReplenishmentPeriod = TimeSpan.FromSeconds(5),
                QueueLimit = 0,
            }));
        options.AddPolicy(Secrets, static context =>
            RateLimitPartition.GetSlidingWindowLimiter(Address(context), static _ => new SlidingWindowRateLimiterOptions
            {
                PermitLimit = 60,
                Window = TimeSpan.FromMinutes(1),
                SegmentsPerWindow = 6,
                QueueLimit = 0,
            }));
    });

    private static string Caller(HttpContext context) =>
        context.User.FindFirst(Acting.HouseClaims.Person)?.Value
        ?? context.User.FindFirst(Acting.HouseClaims.Client)?.Value
        ?? Address(context);

    private static string Address(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
}
