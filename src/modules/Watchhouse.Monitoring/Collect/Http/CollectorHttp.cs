using System.Net;

namespace Watchhouse.Monitoring.Collect.Http;

/// <summary>
/// The way out to Microsoft's APIs. No redirect is followed, because a token would go with it, and no cookie is kept, because all
/// forces share the connections.
/// </summary>
internal sealed class CollectorHttp : IDisposable
{
    public CollectorHttp()
        : this(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxConnectionsPerServer = 32,
        })
    {
    }

    public CollectorHttp(HttpMessageHandler handler) => Client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Each request brings its own time limit.</summary>
    public HttpClient Client { get; }

    public void Dispose() => Client.Dispose();
}
