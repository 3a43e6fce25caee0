using System.CommandLine;
using Watchhouse.Hosting;
using Watchhouse.Platform.Data;

namespace Watchhouse.Commands;

/// <summary><c>watchhouse serve</c>: the whole centre in one process.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var data = new Option<DirectoryInfo>("--data")
        {
            Description = "Directory of everything that is kept. Created when absent.",
            DefaultValueFactory = _ => new DirectoryInfo("data"),
        };
        var urls = new Option<string>("--urls")
        {
            Description = "Addresses to listen on, separated by semicolons.",
            DefaultValueFactory = _ => "http://127.0.0.1:5080",
        };
        var demo = new Option<bool>("--demo")
        {
            Description = "A demonstration federation: made-up people and events, labelled, on this machine only.",
        };
        var quiet = new Option<bool>("--quiet-demo")
        {
            Description = "A demonstration into which no made-up events arrive; stands for --demo as well.",
        };
        var command = new Command("serve", "Starts the centre.") { data, urls, demo, quiet };
        command.SetAction((parsed, cancellationToken) => RunAsync(new ServeOptions
        {
            Data = parsed.GetRequiredValue(data).FullName,
            Urls = parsed.GetRequiredValue(urls),
            Demonstration = parsed.GetValue(demo) || parsed.GetValue(quiet),
            IsQuiet = parsed.GetValue(quiet),
        }, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ServeOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await using var app = await HouseApp.CreateAsync(options, cancellationToken);
            await app.StartAsync(cancellationToken);
            await StartBanner.WriteAsync(app, options, Console.Out, cancellationToken);
            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        }
        catch (StartRefusedException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (StorageUnusableException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync(
                $"Another program listens on {options.Urls} already. Stop it, or choose another address with --urls.");
            return 1;
        }
    }
}
