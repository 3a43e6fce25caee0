using System.Net;

namespace Watchhouse.Platform.MicrosoftApis;

/// <summary>
/// The way out to Microsoft's APIs. No redirect is followed, because a token would go with it, and no cookie is kept, because all
/// forces share the connections.
/// </summary>
public sealed class ApiHttp : IDisposable
{
    public ApiHttp()
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

    public ApiHttp(HttpMessageHandler handler) => Client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Each request brings its own time limit.</summary>
    public HttpClient Client { get; }

    public void Dispose() => Client.Dispose();
}
