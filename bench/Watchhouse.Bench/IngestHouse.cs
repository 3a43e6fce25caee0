using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Federation.Clients;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Hosting;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Bench;

/// <summary>Makes a data directory with a person and a collector for each of some forces.</summary>
internal static class IngestHouse
{
    public static async Task<IReadOnlyList<string>> PrepareAsync(string data, int forces)
    {
        await using var app = await HouseApp.CreateAsync(new ServeOptions { Data = data, Urls = "http://127.0.0.1:0" }, CancellationToken.None);
        var job = ActingPrincipal.ForJob("bench");
        await app.Services.GetRequiredService<PeopleOperations>().JoinAsync(job, new JoinOptions
        {
            Force = ForceId.Centre, Name = "Benchmark", Email = "bench@test.example", Roles = [Role.CentreAdministrator],
        }, CancellationToken.None);
        var all = (await app.Services.GetRequiredService<IOrganisations>().ListAsync(CancellationToken.None)).Where(each => each.Kind == "Territorial").Take(forces);
        var keys = new List<string>();
        foreach (var force in all)
        {
            var made = await app.Services.GetRequiredService<ClientOperations>().CreateAsync(
                job, force.Id, new CreateClient { Name = "Benchmark", Role = Role.Collector }, CancellationToken.None);
            keys.Add(made.Value.Secret!.Key);
        }

        return keys;
    }
}
