using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Hosting;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Data;

namespace Watchhouse.Commands;

/// <summary>
/// <c>watchhouse collect</c>: runs what is due once, without a centre that serves. It opens the house as <c>serve</c> does, since the
/// journal has one writer, on a free port of this machine alone.
/// </summary>
internal static class CollectCommand
{
    public static Command Create()
    {
        var data = new Option<DirectoryInfo>("--data")
        {
            Description = "Directory of the centre.",
            DefaultValueFactory = _ => new DirectoryInfo("data"),
        };
        var all = new Option<bool>("--all") { Description = "Every collector that is switched on, not only those that are due." };
        var command = new Command("collect", "Runs the collectors that are due once, while no centre serves from this directory.") { data, all };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(data), parsed.GetValue(all), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(DirectoryInfo data, bool all, CancellationToken cancellationToken)
    {
        if (!data.Exists)
        {
            await Console.Error.WriteLineAsync($"There is no directory '{data.FullName}'. Name the directory of a centre with --data.");
            return 2;
        }

        try
        {
            await using var app = await HouseApp.CreateAsync(
                new ServeOptions { Data = data.FullName, Urls = "http://127.0.0.1:0" }, cancellationToken, CollectionByHand.Configure);
            await app.StartAsync(cancellationToken);
            var problems = 0;
            foreach (var run in await app.Services.GetRequiredService<ICollectorRuns>().RunDueAsync(all, cancellationToken))
            {
                if (run.Problem is not null) problems++;
                Console.WriteLine($"{run.Force}  {run.Kind}  {run.Name}: {run.Problem ?? "collected"}");
            }

            await app.StopAsync(CancellationToken.None);
            return problems > 0 ? 1 : 0;
        }
        catch (Exception e) when (e is StartRefusedException or StorageUnusableException)
        {
            await Console.Error.WriteLineAsync($"{e.Message} A centre that serves from this directory collects by itself; 'collect' is for when none does.");
            return 2;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 130;
        }
    }
}
