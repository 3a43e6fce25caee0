using System.Net.Http.Json;
using System.Text.Json;
using Watchhouse.Testing;

namespace Watchhouse.Tests.Faults;

/// <summary>Law 5: nothing acknowledged is lost, whenever the process dies.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task KillHard_DuringWrites_LosesNothingAcknowledged()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var directory = new TempDirectory();
        var acknowledged = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            await using var house = await WatchhouseProcess.StartAsync(directory, demo: true, cancellationToken);
            using var client = await AdministratorAsync(house, cancellationToken);
            var kill = Task.Run(async () =>
            {
                await Task.Delay(700 + (round * 400), cancellationToken);
                house.KillHard();
            }, cancellationToken);
            await WriteUntilDeadAsync(client, round, acknowledged, cancellationToken);
            await kill;
        }

        Assert.NotEmpty(acknowledged);
        await using var survivor = await WatchhouseProcess.StartAsync(directory, demo: true, cancellationToken);
        using var reader = await AdministratorAsync(survivor, cancellationToken);
        var stored = await PeopleAsync(reader, cancellationToken);
        Assert.All(acknowledged, email => Assert.Contains(email, stored));

        await survivor.StopAsync();
        var verified = await WatchhouseProgram.RunAsync(["audit", "verify", "--data", directory.FullName, "--format", "json"], cancellationToken);
        Assert.True(verified.ExitCode == 0, verified.Output + verified.Error);
        var exported = Path.Combine(directory.FullName, "export");
        await WatchhouseProgram.RunAsync(["audit", "export", "--data", directory.FullName, "--to", exported], cancellationToken);
        var entries = await File.ReadAllTextAsync(Path.Combine(exported, "entries.ndjson"), cancellationToken);
        // Each acknowledged change has its audit entry too, exactly once.
        Assert.All(acknowledged, email => Assert.Equal(1, Count(entries, $"\"to\":\"{email}\"")));
    }

    private static async Task WriteUntilDeadAsync(HttpClient client, int round, List<string> acknowledged, CancellationToken cancellationToken)
    {
        for (var i = 0; i < 10_000; i++)
        {
            var email = $"round{round}-{i}@kill.test.example";
            try
            {
                using var answer = await client.PostAsJsonAsync("/api/v1/forces/KNT/people",
                    new { name = $"Written {round} {i} (test)", email, roles = Array.Empty<string>() }, cancellationToken);
                if (answer.IsSuccessStatusCode) acknowledged.Add(email);
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    private static async Task<HashSet<string>> PeopleAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var all = new HashSet<string>(StringComparer.Ordinal);
        for (var skip = 0; ; skip += 200)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/forces/KNT/people?text=kill.test&skip={skip}&take=200", cancellationToken);
            var before = all.Count;
            foreach (var person in page.GetProperty("people").EnumerateArray()) all.Add(person.GetProperty("email").GetString()!);
            if (all.Count == before) return all;
        }
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static Task<HttpClient> AdministratorAsync(WatchhouseProcess house, CancellationToken cancellationToken) => AsAsync(house, "force-administrator.1@knt.demonstration.invalid", cancellationToken);

    /// <summary>Signs in as somebody made up, as a browser does in the demonstration.</summary>
    internal static async Task<HttpClient> AsAsync(WatchhouseProcess house, string persona, CancellationToken cancellationToken)
    {
        var client = new HttpClient(new HttpClientHandler { CookieContainer = new System.Net.CookieContainer() }) { BaseAddress = house.BaseAddress };
        var page = await client.GetStringAsync("/", cancellationToken);
        var token = System.Text.RegularExpressions.Regex.Match(page, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        Assert.NotEmpty(token);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = token,
            ["persona"] = persona,
        });
        using var answer = await client.PostAsync("/demonstration/persona", form, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return client;
    }
}
