using System.Net.Http.Json;
using System.Text.Json;
using Watchhouse.Testing;

namespace Watchhouse.Tests.Faults;

/// <summary>
/// The program is killed while people write in an incident and a force approves actions: what was acknowledged stands, once, and what was approved
/// is done, however often the program died on the way.
/// </summary>
public sealed class ResponseKillTests
{
    private const string Manager = "nmc-duty-manager.1@nmc.demonstration.invalid";
    private const string Officer = "information-security-officer.1@knt.demonstration.invalid";

    [Fact]
    public async Task KillHard_DuringNotesAndApprovals_ForgetsNothingAndActsOnce()
    {
        var stop = TestContext.Current.CancellationToken;
        using var directory = new TempDirectory();
        var (written, approved) = (new List<string>(), new List<Guid>());
        var incident = Guid.Empty;
        for (var round = 0; round < 3; round++)
        {
            await using var house = await StartAsync(directory, stop);
            using var manager = await KillTests.AsAsync(house, Manager, stop);
            using var officer = await KillTests.AsAsync(house, Officer, stop);
            if (incident == Guid.Empty) incident = await OpenAsync(manager, stop);
            var kill = Task.Run(async () =>
            {
                await Task.Delay(2_500 + (round * 700), stop);
                house.KillHard();
            }, stop);
            await Task.WhenAll(WriteAsync(officer, incident, round, written, stop), ApproveAsync(manager, officer, incident, round, approved, stop), kill);
        }

        Assert.True(written.Count > 20 && approved.Count > 2, $"Too little was done to show anything: {written.Count} notes, {approved.Count} approvals.");
        await using var survivor = await StartAsync(directory, stop);
        using var reader = await KillTests.AsAsync(survivor, Officer, stop);
        var entries = (await reader.GetFromJsonAsync<JsonElement>($"/api/v1/incidents/{incident}", stop)).GetProperty("entries").EnumerateArray().Select(each => each.GetProperty("words").GetString()!).ToList();
        Assert.All(written, words => Assert.Single(entries, each => each == words));
        foreach (var id in approved)
        {
            var action = await ProvenAsync(reader, id, stop);
            Assert.True(action.GetProperty("state").GetString() == "Proven", action.GetRawText());
            Assert.Single(action.GetProperty("decisions").EnumerateArray());
        }
    }

    private static Task<WatchhouseProcess> StartAsync(TempDirectory directory, CancellationToken stop) =>
        WatchhouseProcess.StartAsync(new WatchhouseOptions { DataDirectory = directory.FullName, Arguments = ["--quiet-demo"] }, stop);

    // Kent's delegation arrives some seconds after the first page.
    private static async Task<Guid> OpenAsync(HttpClient manager, CancellationToken stop)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var answer = await manager.PostAsJsonAsync("/api/v1/forces/KNT/incidents", new { title = "A device was left on a train" }, stop);
            if (answer.IsSuccessStatusCode) return (await answer.Content.ReadFromJsonAsync<JsonElement>(stop)).GetProperty("id").GetGuid();
            if (attempt == 60) Assert.Fail(await answer.Content.ReadAsStringAsync(stop));
            await Task.Delay(1_000, stop);
        }
    }

    private static async Task WriteAsync(HttpClient officer, Guid incident, int round, List<string> written, CancellationToken stop)
    {
        for (var number = 0; number < 300; number++)
        {
            var words = $"Note {number} of round {round}.";
            if (await PostAsync(officer, $"/api/v1/incidents/{incident}/notes", new { words }, stop) is not { } answer) return;
            if (answer.IsSuccessStatusCode) written.Add(words);
        }
    }

    private static async Task ApproveAsync(HttpClient manager, HttpClient officer, Guid incident, int round, List<Guid> approved, CancellationToken stop)
    {
        try
        {
            var playbook = (await manager.GetFromJsonAsync<JsonElement>("/api/v1/playbooks", stop)).EnumerateArray().First(each => each.GetProperty("name").GetString() == "Lost or stolen device").GetProperty("id").GetGuid();
            for (var number = 0; ; number++)
            {
                var started = await IdAsync(manager, "/api/v1/forces/KNT/runs", new { playbook, severity = "High", incident, variables = new Dictionary<string, string> { ["account"] = $"pc{round}{number:000}@kent.example" } }, stop);
                for (var step = 0; step < 2; step++)
                    (await manager.PostAsJsonAsync($"/api/v1/runs/{started}/steps/{await WaitingAsync(manager, started, stop)}/complete", new { note = "Done and written down." }, stop)).EnsureSuccessStatusCode();
                var action = await IdAsync(manager, $"/api/v1/runs/{started}/steps/{await WaitingAsync(manager, started, stop)}/ask", new { reason = "Somebody else has it." }, stop);
                using var answer = await officer.PostAsJsonAsync($"/api/v1/actions/{action}/approve", new { reason = "End them." }, stop);
                if (answer.IsSuccessStatusCode) approved.Add(action);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The program was killed.
        }
    }

    private static async Task<string> WaitingAsync(HttpClient client, Guid run, CancellationToken stop) =>
        (await client.GetFromJsonAsync<JsonElement>($"/api/v1/runs/{run}", stop)).GetProperty("waiting")[0].GetProperty("step").GetString()!;

    private static async Task<Guid> IdAsync(HttpClient client, string address, object body, CancellationToken stop)
    {
        using var answer = await client.PostAsJsonAsync(address, body, stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(stop));
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(stop)).GetProperty("id").GetGuid();
    }

    private static async Task<HttpResponseMessage?> PostAsync(HttpClient client, string address, object body, CancellationToken stop)
    {
        try
        {
            return await client.PostAsJsonAsync(address, body, stop);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null;
        }
    }

    private static async Task<JsonElement> ProvenAsync(HttpClient reader, Guid id, CancellationToken stop)
    {
        for (var attempt = 0; ; attempt++)
        {
            var action = await reader.GetFromJsonAsync<JsonElement>($"/api/v1/actions/{id}", stop);
            if (attempt == 60 || action.GetProperty("state").GetString() == "Proven") return action;
            await Task.Delay(1_000, stop);
        }
    }
}
