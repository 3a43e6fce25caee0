using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Journal;
using Watchhouse.Monitoring.Archive;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Exceptions;
using Watchhouse.Monitoring.Rules.Programs;
using Watchhouse.Monitoring.Rules.Trials;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Rules;

public sealed class LakeHistoryTests
{
    private const string Failures = """
        title: Many failed logons
        id: 4e6f9c6e-6f0e-4a39-9a3b-0c6f0f5a1b02
        name: failed_logon
        level: medium
        logsource: {product: windows, service: security}
        detection:
          selection: {EventID: 4625}
          condition: selection
        ---
        title: Many failed logons of one account
        id: 4e6f9c6e-6f0e-4a39-9a3b-0c6f0f5a1b03
        level: high
        correlation:
          type: event_count
          rules: [failed_logon]
          group-by: [TargetUserName]
          timespan: 10m
          condition: {gte: 3}
        """;

    private const string Words = """
        title: A word in a log
        id: 4e6f9c6e-6f0e-4a39-9a3b-0c6f0f5a1b04
        level: low
        logsource: {product: linux}
        detection:
          words: ["break-in"]
          condition: words
        """;

    private static readonly DateTimeOffset Day = TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(-3);

    [Theory]
    [InlineData(Failures)]
    [InlineData(Words)]
    public async Task Read_WhatCameThroughEveryDoor_GivesTheSameFindingsAsItGaveLive(string rule)
    {
        await using var house = await RuleHouse.StartAsync();
        for (var hour = 0; hour < 6; hour++)
        {
            string At(int minute) => Day.AddHours(hour).AddMinutes(minute).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
            await house.PostAsync(IngestHouse.Kent, [.. Enumerable.Range(0, 5).Select(i => RuleHouse.Event(4625, $"user{i % 2}", At(i)))]);
            await house.PostAsync(IngestHouse.Essex, RuleHouse.Event(4625, "user0", At(1)), RuleHouse.Event(4624, "user0", At(2)));
            var seconds = Day.AddHours(hour).ToUnixTimeSeconds();
            await house.House.PostAsync("/services/collector/event", string.Concat(
                $$"""{"time":{{seconds}},"host":"fw{{hour}}","event":"POSSIBLE break-in ATTEMPT {{hour}}"}""",
                $$"""{"time":{{seconds + 30}},"event":{{RuleHouse.Event(4625, "user1", At(6))}}}"""));
            await house.House.PostAsync("/services/collector/raw?sourcetype=syslog&host=relay", $"<86>1 {At(7)} h{hour} sshd 7 - - break-in\n<86>1 {At(8)} h{hour} sshd 7 - - fine");
            await house.House.PostAsync("/services/collector/raw?sourcetype=table", $"time,user,what\n{At(1)},a,break-in {hour}\n{At(2)},b,fine {hour}");
        }

        var program = RuleProgramBuilder.Build([new RuleUnit(Guid.NewGuid(), ForceId.Centre, false, ["failed_logon"], [], rule)], [], []);
        var live = Look(program, (await LiveAsync(house)).Select(batch => (batch.Owner, batch.Source, batch.Format, batch.ReceivedAt, batch.Payload)));
        var past = Look(program, (await PastAsync(house)).Select(batch => (batch.Owner.Value, batch.Source, batch.Format, batch.ReceivedAt, batch.Payload)));

        Assert.Equal(live.Events, past.Events);
        Assert.NotEmpty(live.Alerts);
        Assert.Equal(live.Alerts, past.Alerts);
    }

    [Fact]
    public async Task Read_OfOneForce_NeverGivesAnothersAndOnlyTheDaysAskedFor()
    {
        await using var house = await RuleHouse.StartAsync();
        for (var day = 0; day < 4; day++)
        {
            var at = Day.AddDays(-day).ToString("yyyy-MM-dd'T'09:00:00'Z'", System.Globalization.CultureInfo.InvariantCulture);
            await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(1, $"kent{day}", at));
            await house.PostAsync(IngestHouse.Essex, RuleHouse.Event(1, $"essex{day}", at));
        }

        var kent = await PastAsync(house, new HashSet<ForceId> { IngestHouse.Kent }, Day.AddDays(-1));
        var none = await PastAsync(house, new HashSet<ForceId>());
        var all = await PastAsync(house);

        Assert.All(kent, batch => Assert.Equal(IngestHouse.Kent, batch.Owner));
        Assert.Equal(["kent1", "kent0"], kent.Select(UserOf));
        Assert.Empty(none);
        Assert.Equal(["essex3", "kent3", "essex2", "kent2", "essex1", "kent1", "essex0", "kent0"], all.Select(UserOf));
        Assert.Equal(all.Select(batch => batch.Reached).Order(), all.Select(batch => batch.Reached));

        static string UserOf(HistoryBatch batch) => System.Text.Json.JsonDocument.Parse(batch.Payload).RootElement.GetProperty("TargetUserName").GetString()!;
    }

    [Fact]
    public async Task Read_WhileEventsComeIn_GivesEachAcceptedBeforeOnceAndEndsEarlyWhenLeft()
    {
        await using var house = await RuleHouse.StartAsync();
        var at = Day.ToString("yyyy-MM-dd'T'09:00:00'Z'", System.Globalization.CultureInfo.InvariantCulture);
        for (var batch = 0; batch < 20; batch++)
            await house.PostAsync(IngestHouse.Kent, [.. Enumerable.Range(0, 50).Select(i => RuleHouse.Event(1, $"u{(batch * 50) + i:d4}", at))]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(IngestHouse.Now);
        var more = Task.Run(async () =>
        {
            for (var batch = 0; batch < 20; batch++) await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(1, $"x{batch}", at));
        }, stop.Token);

        var past = await PastAsync(house);
        await more;

        var users = past.SelectMany(batch => Encoding.UTF8.GetString(batch.Payload.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.Equal(users.Count, users.Distinct().Count());
        Assert.Equal(1000, users.Count(line => line.Contains("\"u", StringComparison.Ordinal) && !line.Contains("\"x", StringComparison.Ordinal)));
        var history = house.Services.GetRequiredService<IEventHistory>();
        await foreach (var _ in history.ReadAsync(new(null, Day.AddDays(-9), TimeProvider.System.GetUtcNow()), IngestHouse.Now)) break;
        using var cancelled = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in history.ReadAsync(new(null, Day.AddDays(-9), TimeProvider.System.GetUtcNow()), cancelled.Token)) await cancelled.CancelAsync();
        });
        // Whoever leaves gives its place back: two may read at a time.
        Assert.NotEmpty(await PastAsync(house));
        Assert.NotEmpty(await PastAsync(house));
    }

    [Fact]
    public async Task Read_WhenTheArchiveIsFarBehind_GivesWhatIsStored()
    {
        using var progress = new ArchiveProgress();
        await Assert.ThrowsAsync<TimeoutException>(() => progress.StoredAsync(5, TimeSpan.FromMilliseconds(20), IngestHouse.Now));
        Assert.False(progress.IsWanted(9));
        var waiting = progress.StoredAsync(5, TimeSpan.FromMinutes(1), IngestHouse.Now);
        Assert.True(progress.IsWanted(5));
        Assert.False(progress.IsWanted(4));
        progress.Reached(5);
        await waiting;
        await progress.StoredAsync(5, TimeSpan.Zero, IngestHouse.Now);
    }

    private static (long Events, List<string> Alerts) Look(
        RuleProgram program, IEnumerable<(string Owner, string Source, string Format, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Payload)> batches)
    {
        var (detective, harvest) = (new Detective(program), new Harvest());
        foreach (var (owner, source, format, receivedAt, payload) in batches)
            detective.Look(new JournalBatch { Id = Guid.Empty, Owner = owner, Source = source, Format = format, ReceivedAt = receivedAt, Count = 0, Payload = payload },
                ExceptionBook.Empty, TimeProvider.System.GetUtcNow(), harvest);
        return (detective.Events, [.. harvest.Findings.Select(finding =>
            $"{finding.Force} {finding.Rule.Title} {finding.Entity} {finding.At:O} {string.Join(',', finding.Events.Select(evidence => evidence.Id))}").Order(StringComparer.Ordinal)]);
    }

    private static async Task<List<JournalBatch>> LiveAsync(RuleHouse house)
    {
        var batches = new List<JournalBatch>();
        await using var reader = house.Services.GetRequiredService<IEventJournal>().OpenReader("test");
        while (reader.TryRead() is { } entry)
            batches.Add(entry.Batch with { Payload = entry.Batch.Payload.ToArray(), ReceivedAt = Micro(entry.Batch.ReceivedAt) });
        return batches;
    }

    // The lake keeps microseconds.
    private static DateTimeOffset Micro(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    private static async Task<List<HistoryBatch>> PastAsync(RuleHouse house, IReadOnlySet<ForceId>? forces = null, DateTimeOffset? from = null)
    {
        var past = new List<HistoryBatch>();
        await foreach (var batch in house.Services.GetRequiredService<IEventHistory>()
            .ReadAsync(new(forces, from ?? Day.AddDays(-9), TimeProvider.System.GetUtcNow().AddMinutes(1)), IngestHouse.Now))
            past.Add(batch);
        return past;
    }
}
