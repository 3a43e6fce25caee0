using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace Watchhouse.Platform.Web;

/// <summary>
/// Bounds on requests: generous for people and their browsers, tight where a secret is guessed. Ingest has bounds of its
/// own by volume. Endpoints choose by the metadata of ASP.NET Core; the framework's own middleware is not used because it never gives its
/// timer back, and with it every house that was started in a process.
/// </summary>
public sealed class RateLimits : IDisposable
{
    /// <summary>For addresses that take a secret: sign-in, tokens, set-up.</summary>
    public const string Secrets = "secrets";

    private readonly PartitionedRateLimiter<HttpContext> _all = PartitionedRateLimiter.Create<HttpContext, string>(static context =>
        RateLimitPartition.GetTokenBucketLimiter(Caller(context), static _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 600,
            TokensPerPeriod = 100,
            ReplenishmentPeriod = TimeSpan.FromSeconds(5),
            QueueLimit = 0,
        }));

    private readonly PartitionedRateLimiter<HttpContext> _secrets = PartitionedRateLimiter.Create<HttpContext, string>(static context =>
        RateLimitPartition.GetSlidingWindowLimiter(Address(context), static _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = 60,
            Window = TimeSpan.FromMinutes(1),
            SegmentsPerWindow = 6,
            QueueLimit = 0,
        }));

    /// <summary>Lets a request through, or answers it with 429 and when to come again.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<DisableRateLimitingAttribute>() is null)
        {
            using var any = _all.AttemptAcquire(context);
            using var secret = any.IsAcquired && metadata?.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName == Secrets ? _secrets.AttemptAcquire(context) : null;
            if (!any.IsAcquired || secret is { IsAcquired: false })
            {
                await RefuseAsync(context, secret ?? any);
                return;
            }
        }

        await next(context);
    }

    public void Dispose()
    {
        _all.Dispose();
        _secrets.Dispose();
    }

    private static Task RefuseAsync(HttpContext context, RateLimitLease lease)
    {
        // A sliding window does not say when it has room again: a part of it later there is some.
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var told) && told > TimeSpan.Zero ? told : TimeSpan.FromSeconds(10);
        context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problems.WriteAsync(context, StatusCodes.Status429TooManyRequests, "Too many requests",
            "More requests came from here than are answered in a minute. Wait as long as Retry-After says, then go on.");
    }

    private static string Caller(HttpContext context) =>
        context.User.FindFirst(Acting.HouseClaims.Person)?.Value
        ?? context.User.FindFirst(Acting.HouseClaims.Client)?.Value
        ?? Address(context);

    private static string Address(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
}

/// <summary>Puts the bounds into the program.</summary>
public static class RateLimitsSetup
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services) => services.AddSingleton<RateLimits>();

    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app) => app.Use(app.ApplicationServices.GetRequiredService<RateLimits>().InvokeAsync);
}
