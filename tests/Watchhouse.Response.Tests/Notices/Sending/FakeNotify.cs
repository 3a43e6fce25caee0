using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Watchhouse.Response.Tests.Notices.Sending;

/// <summary>What goes wrong with one request to Notify.</summary>
internal enum NotifyFault
{
    None,
    Throttle,
    Broken,
    WrongKey,
    BadNumber,
    NotOnTheList,

    /// <summary>It is taken, and the answer does not come in time.</summary>
    Slow,

    /// <summary>It is taken, and the connection ends without an answer.</summary>
    LostAfter,

    /// <summary>The connection ends before it was taken.</summary>
    LostBefore,

    /// <summary>It is taken, and the answer makes no sense.</summary>
    Nonsense,
}

/// <summary>A notification that Notify took.</summary>
internal sealed record Taken(string Id, string Reference, string Type, string To, JsonObject Fields, DateTimeOffset At)
{
    public string Status { get; set; } = "created";
}

/// <summary>GOV.UK Notify's API as it is documented, on loopback, failing as told. It does not know a repeat from a first: a test sees both.</summary>
internal sealed class FakeNotify : IAsyncDisposable
{
    public const string Key = "test_key-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";

    private readonly WebApplication _app;
    private int _count;

    private FakeNotify(WebApplication app) => _app = app;

    public string Address { get; private set; } = "";

    public ConcurrentQueue<Taken> Taken { get; } = new();

    public int Requests => _count;

    /// <summary>What goes wrong with the next request that sends.</summary>
    public Func<NotifyFault> Next { get; set; } = () => NotifyFault.None;

    /// <summary>Whether questions are answered.</summary>
    public Func<bool> Answers { get; set; } = () => true;

    public static async Task<FakeNotify> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var fake = new FakeNotify(app);
        app.MapPost("/v2/notifications/{type}", fake.SendAsync);
        app.MapGet("/v2/notifications", fake.ListAsync);
        await app.StartAsync();
        fake.Address = app.Urls.First();
        return fake;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task SendAsync(HttpContext context, string type)
    {
        var number = Interlocked.Increment(ref _count);
        var body = (JsonObject)(await JsonNode.ParseAsync(context.Request.Body))!;
        Assert.StartsWith("Bearer ey", context.Request.Headers.Authorization.ToString(), StringComparison.Ordinal);
        var fault = Next();
        switch (fault)
        {
            case NotifyFault.Throttle:
                context.Response.Headers.RetryAfter = "240";
                await ErrorAsync(context, 429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds");
                return;
            case NotifyFault.Broken:
                await ErrorAsync(context, 500, "Exception", "Internal server error");
                return;
            case NotifyFault.WrongKey:
                await ErrorAsync(context, 403, "AuthError", "Invalid token: API key not found");
                return;
            case NotifyFault.BadNumber:
                await ErrorAsync(context, 400, "ValidationError", $"phone_number {body["phone_number"]} Not enough digits");
                return;
            case NotifyFault.NotOnTheList:
                await ErrorAsync(context, 400, "BadRequestError", $"Can't send to {body["email_address"]} using a team-only API key");
                return;
            case NotifyFault.LostBefore:
                context.Abort();
                return;
        }

        var taken = new Taken(Guid.NewGuid().ToString(), body["reference"]!.ToString(), type, (body["email_address"] ?? body["phone_number"])!.ToString(),
            (JsonObject)body["personalisation"]!, DateTimeOffset.UnixEpoch.AddSeconds(number));
        Taken.Enqueue(taken);
        switch (fault)
        {
            case NotifyFault.LostAfter:
                context.Abort();
                return;
            case NotifyFault.Slow:
                await Task.Delay(TimeSpan.FromSeconds(20), context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            case NotifyFault.Nonsense:
                context.Response.StatusCode = 201;
                await context.Response.WriteAsync("<html>proxy</html>");
                return;
        }

        context.Response.StatusCode = 201;
        await context.Response.WriteAsJsonAsync(new
        {
            id = taken.Id, reference = taken.Reference, uri = $"{Address}/v2/notifications/{taken.Id}", content = new { body = "…", from_number = "GOVUK", subject = "…", from_email = "x@example.org" },
            template = new { id = body["template_id"]!.ToString(), version = 1, uri = "" },
        });
    }

    private async Task ListAsync(HttpContext context)
    {
        Interlocked.Increment(ref _count);
        if (!Answers())
        {
            await ErrorAsync(context, 503, "Exception", "Service unavailable");
            return;
        }

        var reference = context.Request.Query["reference"].ToString();
        await context.Response.WriteAsJsonAsync(new
        {
            links = new { current = "" },
            notifications = Taken.Where(each => each.Reference == reference).OrderByDescending(each => each.At).Select(each => new
            {
                id = each.Id, reference = each.Reference, status = each.Status, type = each.Type, created_at = each.At.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture),
            }),
        });
    }

    private static async Task ErrorAsync(HttpContext context, int status, string error, string message)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new { status_code = status, errors = new[] { new { error, message } } });
    }
}
