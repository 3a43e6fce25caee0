using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Watchhouse.Federation.Contracts;

namespace Watchhouse.Hosting;

/// <summary>What a person reads after the start: where to go next.</summary>
internal static class StartBanner
{
    public static async Task WriteAsync(
        WebApplication app, ServeOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
            ?? options.Urls;
        await output.WriteLineAsync($"Watchhouse {Observation.Version}");
        await output.WriteLineAsync($"  Address  {address}".AsMemory(), cancellationToken);
        await output.WriteLineAsync($"  Data     {options.Data}".AsMemory(), cancellationToken);
        if (options.Demonstration)
            await output.WriteLineAsync("  Demonstration data. Nothing here is real, and whoever opens the address is signed in.".AsMemory(), cancellationToken);
        else if (await app.Services.GetRequiredService<ISetup>().MakeLinkAsync(address, cancellationToken) is { } link)
        {
            await output.WriteLineAsync($"  Set-up   {link}".AsMemory(), cancellationToken);
            await output.WriteLineAsync("           Open it within 24 hours to make the first administrator. It works once; a new start prints a new one.".AsMemory(), cancellationToken);
        }

        await output.FlushAsync(cancellationToken);
    }
}
