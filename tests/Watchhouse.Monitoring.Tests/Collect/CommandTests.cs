using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Collect;
using Watchhouse.Monitoring.Tests.Archive;
using Watchhouse.Monitoring.Tests.Collect.Fake;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Collect;

/// <summary><c>watchhouse collect</c>, as a process of its own.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task Collect_WhileNoCentreServes_FetchesIntoTheArchive()
    {
        using var data = new TempDirectory();
        await using var fake = await FakeMicrosoft.StartAsync();
        var tenant = fake.Tenant();
        var at = TimeProvider.System.GetUtcNow().AddHours(-1);
        tenant.Events.Add(new FakeEvent("all", at, at, $$"""{"id":"one","activityDateTime":"{{at:O}}","activityDisplayName":"Add user"}"""));
        await using (var house = await IngestHouse.StartAsync(
            services => services.PostConfigure<CollectOptions>(options => options.Scheduled = false), data: data.FullName))
        {
            await SetUpAsync(house, tenant, "Audits");
            // A centre that serves has the journal, and says so.
            var refused = await RunAsync(fake, data.FullName);
            Assert.True(refused.Code == 2 && refused.Output.Contains("another Watchhouse", StringComparison.OrdinalIgnoreCase), refused.Output);
        }

        var first = await RunAsync(fake, data.FullName);
        Assert.True(first.Code == 0 && first.Output.Contains("KNT  DirectoryAudits  Audits: collected", StringComparison.Ordinal), $"It ended with {first.Code}. {first.Output}");
        Assert.Equal("audits", Assert.Single(await ArchivedRow.ReadAsync(data.FullName)).Source);
        // Within the half minute that a stretch of time has at the least, the first has nothing to ask for; one that is new always has.
        await using (var house = await IngestHouse.StartAsync(
            services => services.PostConfigure<CollectOptions>(options => options.Scheduled = false), data: data.FullName))
            await SetUpAsync(house, tenant, "Later");
        tenant.SignInError = "AADSTS7000222: expired";
        tenant.Tokens.Clear();
        var second = await RunAsync(fake, data.FullName, "--all");
        Assert.True(second.Code == 1 && second.Output.Contains("the client secret has expired", StringComparison.Ordinal), $"It ended with {second.Code}. {second.Output}");
        Assert.Equal(2, (await RunAsync(fake, data.File("nothing"))).Code);
    }

    private static async Task SetUpAsync(IngestHouse house, FakeTenant tenant, string name)
    {
        var made = await house.House.Services.GetRequiredService<CollectorOperations>().CreateAsync(CollectHouse.Officer(IngestHouse.Kent), new CollectorInput
        {
            Kind = CollectorKind.DirectoryAudits,
            Name = name,
            Source = "audits",
            TenantId = tenant.Id,
            ClientId = tenant.ClientId,
            CredentialKind = CredentialKind.Secret,
            Credential = tenant.Secret,
            CredentialExpiresAt = TimeProvider.System.GetUtcNow().AddDays(9),
        }, null, IngestHouse.Now);
        Assert.True(made.Succeeded, made.Failure?.Message);
    }

    private static async Task<(int Code, string Output)> RunAsync(FakeMicrosoft fake, string data, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", WatchhouseProgram.Assembly, "collect", "--data", data, .. more])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var host in new[] { "SignIn", "Office365", "Graph", "Azure" }) start.Environment[$"Collect__{host}"] = fake.Address;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(IngestHouse.Now);
        return (process.ExitCode, await output + await error);
    }
}
