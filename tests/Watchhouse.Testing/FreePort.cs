using System.Net;
using System.Net.Sockets;

namespace Watchhouse.Testing;

/// <summary>Finds a TCP port on loopback that nothing listens on.</summary>
public static class FreePort
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Given = [];

    /// <summary>A free port that this test program has not been given before.</summary>
    public static int Next()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;

            // The kernel may offer the same port again before the first taker has bound it.
            lock (Gate)
            {
                if (Given.Add(port))
                    return port;
            }
        }
    }
}
