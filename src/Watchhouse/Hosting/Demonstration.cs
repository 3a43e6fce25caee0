using System.Net;

namespace Watchhouse.Hosting;

/// <summary>What holds only for a demonstration.</summary>
internal static class Demonstration
{
    /// <summary>A demonstration lets anybody in who reaches it, so only this machine may.</summary>
    public static void RefuseOutsideLoopback(ServeOptions options)
    {
        if (!options.Demonstration) return;
        foreach (var url in options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var host = BindingAddress.Parse(url).Host;
            if (host != "localhost" && !(IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip)))
                throw new StartRefusedException(
                    $"A demonstration signs in whoever opens it, so it listens on this machine only, and '{url}' is reachable "
                    + "from elsewhere. Use --urls http://127.0.0.1:5080, or start without --demo.");
        }
    }
}
