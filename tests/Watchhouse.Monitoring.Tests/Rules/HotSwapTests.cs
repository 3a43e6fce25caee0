using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Rules;
using Watchhouse.Monitoring.Rules.Programs;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Sigma;
using Microsoft.Extensions.DependencyInjection;

namespace Watchhouse.Monitoring.Tests.Rules;

public sealed class HotSwapTests
{
    private const string Id = "1b6f9c6e-6f0e-4a39-9a3b-0c6f0f5a1b01";

    private static string Correlation(string id) => $$"""
        title: Refused logon
        name: refused_logon
        logsource: {product: windows, service: security}
        detection:
          selection: {EventID: 4625}
          condition: selection
        ---
        title: Many refused logons on one host
        id: {{id}}
        level: high
        correlation:
          type: event_count
          rules: [refused_logon]
          group-by: [Computer]
          timespan: 10m
          condition: {gte: 4}
        """;

    [Fact]
    public async Task Swap_UnderLoad_LosesNoMatch()
    {
        await using var house = await RuleHouse.StartAsync();
        await house.RuleAsync(house.Centre, RuleHouse.Rule(Id, 4625));
        var posted = 0;
        using var swapping = CancellationTokenSource.CreateLinkedTokenSource(IngestHouse.Now);
        var swaps = Task.Run(async () =>
        {
            var changes = house.Services.GetRequiredService<RuleChanges>();
            while (!swapping.IsCancellationRequested)
            {
                changes.Raise();
                await Task.Delay(30, IngestHouse.Now);
            }
        });
        var book = house.Services.GetRequiredService<RuleBook>();
        var programs = new HashSet<RuleProgram>(ReferenceEqualityComparer.Instance);
        for (var batch = 0; batch < 60; batch++)
        {
            await house.PostAsync(IngestHouse.Kent, [.. Enumerable.Range(0, 3).Select(_ => RuleHouse.Event(4625, $"officer{posted++ % 180}"))]);
            programs.Add(book.Program);
        }

        await swapping.CancelAsync();
        await swaps;
        var alerts = await house.AlertsAsync(house.Kent, Id);

        Assert.True(programs.Count > 2, $"Only {programs.Count} programs were seen.");
        Assert.Equal(posted, alerts.Count);
        Assert.All(alerts, alert => Assert.Equal(1, alert.GetProperty("events").GetInt64()));
    }

    [Fact]
    public async Task Correlation_WhenOtherRulesChange_KeepsItsOpenWindow()
    {
        await using var house = await RuleHouse.StartAsync();
        await house.RuleAsync(house.Centre, Correlation(Id));
        await house.RuleAsync(house.Kent, Correlation("1b6f9c6e-6f0e-4a39-9a3b-0c6f0f5a1b02").Replace("refused_logon", "refused_here", StringComparison.Ordinal));
        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "a"), RuleHouse.Event(4625, "b"));
        await house.LookedAtAsync();

        await house.RuleAsync(house.Centre, RuleHouse.Rule("1b6f9c6e-6f0e-4a39-9a3b-0c6f0f5a1b03", 4740));
        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "c"));
        await house.LookedAtAsync();
        await house.RuleAsync(house.Essex, RuleHouse.Rule("1b6f9c6e-6f0e-4a39-9a3b-0c6f0f5a1b04", 4740));
        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "d"));

        Assert.Equal(4, Assert.Single(await house.AlertsAsync(house.Kent, Id)).GetProperty("events").GetInt64());
        Assert.Single(await house.AlertsAsync(house.Kent, "1b6f9c6e-6f0e-4a39-9a3b-0c6f0f5a1b02"));
    }

    [Fact]
    public void Program_OfManyForces_DoesNotMultiplyTheRules()
    {
        var forces = Enumerable.Range(0, 43).Select(number => ForceId.Of($"F{number:00}")).ToList();
        var plain = Enumerable.Range(0, 20).Select(number => Unit(RuleHouse.Rule(Guid.NewGuid().ToString(), 1000 + number))).ToList();
        var listed = Unit(RuleHouse.Rule(Guid.NewGuid().ToString(), 4624).Replace("{EventID: 4624}", "{EventID: 4624, TargetUserName|expand: '%watched%'}", StringComparison.Ordinal), ["watched"]);

        var program = RuleProgramBuilder.Build([.. plain, listed], forces.Take(3).Select(force => new UnitList(force, "watched", [$"{force}-admin"])), []);

        Assert.Equal(20 + 3, program.Rules);
        Assert.Equal(forces.Take(3), program.Health[listed.Id].LiveFor!);
        Assert.Contains("watched", program.Health[listed.Id].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Rule_ThatACorrelationInTestingLooksAt_IsNotSilenced()
    {
        var rule = Unit(RuleHouse.Rule(Id, 4625).Replace($"id: {Id}", $"id: {Id}\nname: refused", StringComparison.Ordinal));
        var text = """
            title: Many
            id: 1b6f9c6e-6f0e-4a39-9a3b-0c6f0f5a1b09
            correlation: {type: event_count, rules: [refused], group-by: [Computer], timespan: 10m, condition: {gte: 3}}
            """;

        var testing = RuleProgramBuilder.Build([rule, Unit(text) with { IsTesting = true }], [], []);
        var live = RuleProgramBuilder.Build([rule, Unit(text)], [], []);

        Assert.False(testing.IsSilent(0));
        Assert.True(live.IsSilent(0));
        Assert.Equal(("testing", "live"), (testing.Health.Values.Single(health => health.State == "testing").State, testing.Health[rule.Id].State));
    }

    [Fact]
    public void State_OfAnEarlierVersion_IsThatOfTheNationalRules()
    {
        var engine = new CorrelationEngine([], []);
        var old = engine.Save();

        Assert.Equal(old, CorrelationState.Read(old)[CorrelationState.National]);
        Assert.Equal([1, 2, 3], CorrelationState.Read(CorrelationState.Write([("national", [9]), ("KNT", [1, 2, 3])]))["KNT"]);
        Assert.Empty(CorrelationState.Read([]));
        var torn = CorrelationState.Write([("KNT", [1, 2, 3])]);
        Assert.Throws<InvalidDataException>(() => CorrelationState.Read(torn[..^1]));
    }

    private static RuleUnit Unit(string text, IReadOnlyList<string>? lists = null)
    {
        var (sheet, fault) = RuleText.Read(text);
        return new(Guid.NewGuid(), ForceId.Centre, false, sheet?.Names ?? [fault!.ToString()], lists ?? [], text);
    }
}
