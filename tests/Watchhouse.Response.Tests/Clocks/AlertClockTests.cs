using CsCheck;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Clocks;
using Watchhouse.Response.Incidents;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Clocks;

public sealed class AlertClockTests
{
    [Fact]
    public async Task Look_AtAnAlertThatNobodyTakesOn_WarnsThenSaysThatItIsLate()
    {
        await using var house = await ClockHouse.StartAsync();
        await house.LookAsync(Now);
        var id = house.Alerts.Raise(Kent, house.Clock.GetUtcNow(), "critical");
        Assert.Equal(0, await LaterAsync(house, 11));
        Assert.Equal(1, await LaterAsync(house, 1));
        Assert.Equal(1, await LaterAsync(house, 4));
        Assert.Equal(0, await LaterAsync(house, 600));
        var notices = await house.NoticesAsync($"clock/alert/{id}/");
        Assert.Equal([("Acknowledge/Breach", "DutyManager"), ("Acknowledge/Warning", "DutyManager, NmcAnalyst")], notices.Select(each => (each.Key[(each.Key.IndexOf("Ack", StringComparison.Ordinal))..], string.Join(", ", each.Roles.Order()))).Order());
        Assert.All(notices, each => Assert.Equal((ForceId.Centre, "clock", "critical", $"/alerts/{id}"), (each.ForceId, each.Kind, each.Severity, each.Link)));
        // Somebody has it now, and its time to be decided has passed while nobody had: it is not told of late.
        house.Alerts.Decide(id, "open");
        Assert.Equal(0, await LaterAsync(house, 600));
    }

    [Fact]
    public async Task Look_AtAnAlertThatIsTakenOnButNotDecided_SaysSo()
    {
        await using var house = await ClockHouse.StartAsync();
        await house.LookAsync(Now);
        var id = house.Alerts.Raise(Kent, house.Clock.GetUtcNow(), "medium");
        house.Alerts.Decide(id, "open");
        // Of what is medium nobody is warned: 400 alerts a day would be 400 messages.
        Assert.Equal(0, await LaterAsync(house, 479));
        Assert.Equal(1, await LaterAsync(house, 2));
        Assert.Equal("An alert was not decided in time.", Assert.Single(await house.NoticesAsync("clock/alert")).Words);
    }

    [Fact]
    public async Task Look_AtAnAlertOfAForceThatWorksAlone_TellsTheForceOnly()
    {
        await using var house = await ClockHouse.StartAsync();
        house.Delegates = false;
        await house.LookAsync(Now);
        house.Alerts.Raise(Kent, house.Clock.GetUtcNow(), "high");
        Assert.Equal(2, await LaterAsync(house, 60));
        Assert.All(await house.NoticesAsync("clock/alert"), each => Assert.Equal((Kent, nameof(Role.SecurityOfficer)), (each.ForceId, Assert.Single(each.Roles))));
    }

    [Fact]
    public async Task Look_AtAnAlertInAnIncident_LeavesItToTheClockOfTheIncident()
    {
        await using var house = await ClockHouse.StartAsync();
        await house.LookAsync(Now);
        var id = house.Alerts.Raise(Kent, house.Clock.GetUtcNow(), "high");
        Ok(await house.Incidents.OpenAsync(Analyst, new OpenOptions { Force = Kent, Title = "Consent phishing", Alerts = [id] }, Now));
        Assert.Equal(0, await LaterAsync(house, 600));
    }

    [Fact]
    public async Task Look_AtMoreThanAFew_IsOneMessage()
    {
        await using var house = await ClockHouse.StartAsync();
        await house.LookAsync(Now);
        for (var each = 0; each < AlertClockWork.MostSingly + 1; each++) house.Alerts.Raise(Kent, house.Clock.GetUtcNow().AddSeconds(each), "low");
        Assert.Equal(4, await LaterAsync(house, 481));
        var notice = Assert.Single(await house.NoticesAsync("clock/alert"));
        Assert.Equal("/alerts", notice.Link);
    }

    [Fact]
    public async Task Look_WithALadder_CallsEachContactAtItsMinute()
    {
        await using var house = await ClockHouse.StartAsync();
        await house.LookAsync(Now);
        var (first, second) = await house.LadderAsync(0, 5);
        var id = house.Alerts.Raise(Kent, house.Clock.GetUtcNow(), "high");
        await LaterAsync(house, 23);
        Assert.Equal([first], (await house.NoticesAsync($"clock/alert/{id}/Acknowledge/")).SelectMany(each => each.People));
        await LaterAsync(house, 5);
        Assert.Equal(new[] { first, second }.Order(), (await house.NoticesAsync($"clock/alert/{id}/Acknowledge/")).SelectMany(each => each.People).Order());
    }

    [Fact]
    public async Task Look_OverAnyHistoryWithRestarts_TellsEachMomentOnce()
    {
        await using var house = await ClockHouse.StartAsync();
        await house.LookAsync(Now);
        var moments = AlertMoment.All(severity => house.Get<ClockPolicyBook>().Policies.For(ForceId.Centre, severity).Targets, []).ToList();
        var told = 0;
        Gen.Int[0, int.MaxValue - 1].Sample(seed => told += HistoryAsync(house, moments, seed).GetAwaiter().GetResult(), iter: 20, threads: 1);
        Assert.True(told > 20, $"Too little was told to show anything: {told}.");
    }

    private static async Task<int> HistoryAsync(ClockHouse house, List<AlertMoment> moments, int seed)
    {
        var random = new Random(seed);
        List<(Guid Id, DateTimeOffset At, string Level)> alerts = [];
        Dictionary<Guid, string> status = [];
        HashSet<string> expected = [];
        var last = house.Clock.GetUtcNow();
        await house.LookAsync(Now);
        for (var step = 0; step < 30; step++)
        {
            if (alerts.Count < AlertClockWork.MostSingly && random.Next(3) == 0)
            {
                var level = moments[random.Next(moments.Count)].Level;
                alerts.Add((house.Alerts.Raise(Kent, house.Clock.GetUtcNow(), level), house.Clock.GetUtcNow(), level));
                status[alerts[^1].Id] = "new";
            }
            else if (alerts.Count > 0 && random.Next(5) == 0)
            {
                var id = alerts[random.Next(alerts.Count)].Id;
                house.Alerts.Decide(id, status[id] = random.Next(3) switch { 0 => "new", 1 => "open", _ => "closed" });
            }

            house.Clock.Move(TimeSpan.FromMinutes(random.Next(1, 300)));
            using (var life = new CancellationTokenSource())
            {
                // The program may die in a look; what it would have told is told by the next.
                await life.CancelAsync();
                if (random.Next(3) == 0) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => house.LookAsync(life.Token));
            }

            var now = house.Clock.GetUtcNow();
            foreach (var (id, at, level) in alerts)
                expected.UnionWith(moments.Where(each => each.Level == level && each.Status == status[id] && at + each.After > last && at + each.After <= now).Select(each => $"clock/alert/{id}/{each.Name}"));
            await house.LookAsync(Now);
            last = now;
            var notices = new List<string>();
            foreach (var (id, _, _) in alerts) notices.AddRange((await house.NoticesAsync($"clock/alert/{id}/")).Select(each => each.Key));
            Assert.Equal(expected.Order(StringComparer.Ordinal), notices.Order(StringComparer.Ordinal));
        }

        foreach (var (id, _, _) in alerts) house.Alerts.Decide(id, "closed");
        return expected.Count;
    }

    private static Task<int> LaterAsync(ClockHouse house, int minutes)
    {
        house.Clock.Move(TimeSpan.FromMinutes(minutes));
        return house.LookAsync(Now);
    }
}
