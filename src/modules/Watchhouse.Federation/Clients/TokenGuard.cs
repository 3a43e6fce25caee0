using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Watchhouse.Platform.Web;

namespace Watchhouse.Federation.Clients;

/// <summary>
/// Bounds token requests by address before their secret is judged. The general limiter stands behind authentication, and
/// there the token endpoint has answered a wrong secret already.
/// </summary>
internal sealed class TokenGuard(RequestDelegate next) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(static address =>
        RateLimitPartition.GetSlidingWindowLimiter(address, static _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = 60,
            Window = TimeSpan.FromMinutes(1),
            SegmentsPerWindow = 6,
            QueueLimit = 0,
        }));

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.Equals(TokenEndpoint.Path, StringComparison.OrdinalIgnoreCase))
        {
            using var lease = _limiter.AttemptAcquire(context.Connection.RemoteIpAddress?.ToString() ?? "unknown");
            if (!lease.IsAcquired)
            {
                context.Response.Headers.RetryAfter = "60";
                await Problems.WriteAsync(context, StatusCodes.Status429TooManyRequests, "Too many requests",
                    "More token requests came from here than are answered in a minute. Wait a minute; a token is good for half an hour.");
                return;
            }
        }

        await next(context);
    }

    public void Dispose() => _limiter.Dispose();
}
