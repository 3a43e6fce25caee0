using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Watchhouse.Response.Tests.Notices.Sending;

/// <summary>A post that a receiver got.</summary>
internal sealed record Posted(string Path, string Id, string? Signature, byte[] Body);

/// <summary>A receiver of webhooks and workflows, on loopback; it answers as told after it has read.</summary>
internal sealed class FakeReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeReceiver(WebApplication app) => _app = app;

    public string Address { get; private set; } = "";

    public ConcurrentQueue<Posted> Got { get; } = new();

    /// <summary>The status of the next answer; 0 breaks the connection off.</summary>
    public Func<int> Next { get; set; } = () => 204;

    public static async Task<FakeReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var fake = new FakeReceiver(app);
        app.Run(fake.AnswerAsync);
        await app.StartAsync();
        fake.Address = app.Urls.First();
        return fake;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Got.Enqueue(new Posted(context.Request.Path, context.Request.Headers["X-Watchhouse-Delivery"].ToString(), context.Request.Headers["X-Watchhouse-Signature"], body.ToArray()));
        var status = Next();
        if (status == 0)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = status;
        if (status == 429) context.Response.Headers.RetryAfter = "600";
        if (status == 302) context.Response.Headers.Location = "http://169.254.169.254/";
    }
}
