using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Journal;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Monitoring.Tests.Rules;

/// <summary>A house with officers of two forces, an analyst of the Centre, and rules of its own.</summary>
internal sealed class RuleHouse : IAsyncDisposable
{
    private const string Path = "/ingest/v1/events/hosts";

    private RuleHouse(IngestHouse house, string essexKey, TestPerson kent, TestPerson essex, TestPerson centre) =>
        (House, EssexKey, Kent, Essex, Centre) = (house, essexKey, kent, essex, centre);

    public IngestHouse House { get; }

    public string EssexKey { get; }

    public TestPerson Kent { get; }

    public TestPerson Essex { get; }

    /// <summary>Duty manager of the Centre.</summary>
    public TestPerson Centre { get; }

    public IServiceProvider Services => House.House.Services;

    public static async Task<RuleHouse> StartAsync(string? postgres = null, string? data = null, Action<IServiceCollection>? adjust = null)
    {
        var house = await IngestHouse.StartAsync(adjust, data, postgres);
        return new(
            house,
            (await house.House.ClientAsync(IngestHouse.Essex, Role.Collector)).Key!,
            await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer),
            await house.House.PersonAsync(IngestHouse.Essex, Role.SecurityOfficer),
            await house.House.PersonAsync(ForceId.Centre, Role.DutyManager));
    }

    /// <summary>A rule that matches events of one id, of Windows' security log.</summary>
    public static string Rule(string id, int eventId, string title = "A test rule", string level = "high") => $$"""
        title: {{title}}
        id: {{id}}
        level: {{level}}
        tags: [attack.credential_access, attack.t1110]
        logsource: {product: windows, service: security}
        detection:
          selection: {EventID: {{eventId}}}
          condition: selection
        """;

    public static string Event(int eventId, string user, string at = "2026-11-20T09:00:00Z", string host = "HOST1", string address = "192.0.2.7") =>
        $$"""{"Channel":"Security","EventID":{{eventId}},"Computer":"{{host}}","TargetUserName":"{{user}}","IpAddress":"{{address}}","TimeCreated":"{{at}}"}""";

    public async Task PostAsync(ForceId force, params string[] events)
    {
        var key = force == IngestHouse.Essex ? EssexKey : House.Key;
        using var answer = await House.PostAsync(Path, string.Join('\n', events), authorization: $"Bearer {key}");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    public async Task<JsonElement> SendAsync(
        TestPerson person, HttpMethod method, string path, object? body = null, HttpStatusCode expected = HttpStatusCode.OK, string? reason = null)
    {
        using var answer = await House.House.SendAsync(person, method, path, body, reason);
        var text = await answer.Content.ReadAsStringAsync(IngestHouse.Now);
        Assert.True(answer.StatusCode == expected, $"{method} {path}: {(int)answer.StatusCode} {text}");
        if (text.Length == 0) return default;
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    public Task<JsonElement> GetAsync(TestPerson person, string path) => SendAsync(person, HttpMethod.Get, path);

    /// <summary>Writes a rule and brings it to a state; returns what the API says of it.</summary>
    public async Task<JsonElement> RuleAsync(TestPerson person, string text, string state = "Live")
    {
        var made = await SendAsync(person, HttpMethod.Post, "/api/v1/rules", new { text }, HttpStatusCode.Created);
        if (state == "Draft") return made;
        made = await MoveAsync(person, made, "Testing");
        if (state == "Live") made = await MoveAsync(person, made, "Live");
        await CompiledAsync();
        return made;
    }

    public Task<JsonElement> MoveAsync(TestPerson person, JsonElement rule, string state, HttpStatusCode expected = HttpStatusCode.OK) =>
        SendAsync(person, HttpMethod.Post, $"/api/v1/rules/{Id(rule)}/state", new
        {
            version = Version(rule),
            state,
            why = "A test needs it.",
            untestedBecause = state == "Live" ? "It is a test." : null,
        }, expected);

    public static Guid Id(JsonElement rule) => rule.GetProperty("rule").GetProperty("id").GetGuid();

    public static uint Version(JsonElement rule) => rule.GetProperty("rule").GetProperty("version").GetUInt32();

    /// <summary>Waits until what was changed runs.</summary>
    public async Task CompiledAsync()
    {
        var book = Services.GetRequiredService<RuleBook>();
        for (var tries = 0; tries < 600; tries++)
        {
            var status = book.Status;
            if (status.CompiledAt is not null && status.Running >= status.Asked) return;
            await Task.Delay(50, IngestHouse.Now);
        }

        Assert.Fail($"The rules were not compiled: {book.Status}");
    }

    /// <summary>Waits until detection has looked at everything that was posted.</summary>
    public async Task LookedAtAsync()
    {
        var journal = Services.GetRequiredService<IEventJournal>();
        var until = journal.Status.Tail.Sequence;
        for (var tries = 0; tries < 1200; tries++)
        {
            if (journal.Status.Consumers.Any(consumer => consumer.Name == "detect" && consumer.Committed.Sequence >= until)) return;
            await Task.Delay(50, IngestHouse.Now);
        }

        Assert.Fail("Detection did not look at everything.");
    }

    public async Task<List<JsonElement>> AlertsAsync(TestPerson person, string rule)
    {
        await LookedAtAsync();
        return [.. (await GetAsync(person, $"/api/v1/alerts?rule={rule}&take=200")).EnumerateArray()];
    }

    public ValueTask DisposeAsync() => House.DisposeAsync();
}

/// <summary>The system's clock, moved by hand.</summary>
internal sealed class MovableClock : TimeProvider
{
    private TimeSpan _moved;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _moved;

    public void Move(TimeSpan by) => _moved += by;
}
