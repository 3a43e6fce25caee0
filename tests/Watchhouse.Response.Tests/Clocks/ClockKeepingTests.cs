using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Watchhouse.Federation.Contracts;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Clocks;
using Watchhouse.Response.Incidents;
using Watchhouse.Response.Notices;
using Watchhouse.Response.Tests.Correlation;
using Watchhouse.Response.Tests.Playbooks;
using Watchhouse.Testing;
using Watchhouse.Tests.Hosting;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Clocks;

public sealed class ClockKeepingTests
{
    [Fact]
    public Task Clock_FromTheOpeningToTheDeed_FollowsWhatIsDone() => FollowsAsync(null);

    [Fact]
    public async Task Clock_FromTheOpeningToTheDeedOnPostgres_FollowsWhatIsDone()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(Now);
        await FollowsAsync(database.ConnectionString);
    }

    private static async Task FollowsAsync(string? postgres)
    {
        await using var house = await ClockHouse.StartAsync(postgres);
        var id = await house.OpenAsync(Officer);
        Assert.Equal(("Running", "Acknowledge"), await house.StandsAsync(id));
        Refused(await house.Incidents.AcknowledgeAsync(Officer, id, Now), "The Centre acknowledges");
        // Whatever the Centre does first says that it knows.
        Ok(await house.Incidents.NoteAsync(Analyst, id, "It is looked at.", null, Now));
        Assert.Equal(("Running", "Advise"), await house.StandsAsync(id));
        Refused(await house.Incidents.AcknowledgeAsync(Analyst, id, Now), "acknowledged this already");
        Refused(await house.Incidents.PauseAsync(Officer, id, "We wait.", Now), "only the Centre pauses");
        Ok(await house.Incidents.PauseAsync(Analyst, id, "The supplier is asked.", Now));
        Refused(await house.Incidents.PauseAsync(Analyst, id, "Again.", Now), "paused already: The supplier is asked.");
        Assert.Equal("paused: The supplier is asked.", (await house.ClockAsync(id)).Centre.Words);
        Ok(await house.Incidents.ResumeAsync(Analyst, id, Now));
        Refused(await house.Incidents.ResumeAsync(Analyst, id, Now), "nothing to resume");
        Ok(await house.Incidents.AdviseAsync(Analyst, id, "Remove the consent today.", Now));
        Assert.Equal(("Running", "Act"), await house.StandsAsync(id));
        Refused(await house.Incidents.ActedAsync(Analyst, id, "We did it.", Now), "The force records");
        Ok(await house.Incidents.MoveAsync(Officer, id, IncidentStatus.Open, "Looked at.", null, Now));
        Ok(await house.Incidents.MoveAsync(Officer, id, IncidentStatus.Contained, "Removed.", null, Now));
        var clock = await house.ClockAsync(id);
        Assert.Equal(("Done", null, "The force has acted, and every time was kept."), (clock.State, clock.Stage, clock.Forecast));
        Refused(await house.Incidents.ActedAsync(Officer, id, "Once more.", Now), "has ended");
        Assert.Contains((await house.FindAsync(id)).Entries, entry => entry.Kind == "advice");
        // To another force there is neither clock nor incident.
        Assert.Equal(FailureKind.NotFound, (await house.Get<ClockQueries>().FindAsync(Stranger, id, null, Now)).Failure!.Kind);
        Assert.Empty(await house.Get<IClockReader>().OpenAsync(Stranger, null, null, false, 100, Now));
        Assert.Equal(FailureKind.NotFound, (await house.Incidents.ActedAsync(Stranger, id, "Let me in.", Now)).Failure!.Kind);
    }

    [Fact]
    public async Task Clock_OfAForceThatWorksAlone_IsTheForcesFromTheStart()
    {
        await using var house = await ClockHouse.StartAsync();
        house.Delegates = false;
        var id = await house.OpenAsync(Officer);
        Assert.Equal(("Running", "Act"), await house.StandsAsync(id));
        house.Clock.Move(TimeSpan.FromDays(30));
        await house.WorkAsync();
        // The Centre is told nothing of what it may not see.
        Assert.All(await house.NoticesAsync(id), notice => Assert.Equal(Kent, notice.ForceId));
        Assert.Equal(2, (await house.NoticesAsync(id)).Count);
    }

    [Fact]
    public async Task List_ByUrgency_HasTheSoonestToBreakFirst()
    {
        await using var house = await ClockHouse.StartAsync();
        var slow = await house.OpenAsync(Officer);
        var urgent = Ok(await house.Incidents.OpenAsync(Officer, new OpenOptions { Force = Kent, Title = "It spreads", Impact = IncidentImpact.Severe, Urgency = IncidentUrgency.Now }, Now));
        var paused = await house.OpenAsync(Analyst);
        Ok(await house.Incidents.PauseAsync(Analyst, paused, "The supplier is asked.", Now));
        var rows = await house.Get<IncidentQueries>().ListAsync(Officer, new IncidentFilter { ByUrgency = true }, Now);
        Assert.Equal([urgent, slow, paused], rows.Select(row => row.Id));
        var open = await house.Get<IClockReader>().OpenAsync(Officer, null, null, false, 100, Now);
        Assert.Equal([(urgent, "calm", "Centre"), (slow, "calm", "Centre"), (paused, "paused", "Centre")], open.Select(each => (each.Incident, each.State, each.Side)));
        // Graver than was thought: its time is shorter from its start.
        Ok(await house.Incidents.AssessAsync(Officer, slow, IncidentImpact.Severe, IncidentUrgency.Now, "It spreads too.", null, Now));
        Assert.Equal(TimeSpan.FromMinutes(15), (await house.StoredAsync(slow)).Due - (await house.StoredAsync(slow)).StartedAt);
    }

    [Fact]
    public async Task Settings_OfTheForce_ChangeItsClocksAndNothingElse()
    {
        await using var house = await ClockHouse.StartAsync();
        var settings = house.Get<ClockSettingOperations>();
        var id = await house.OpenAsync(Analyst);
        Ok(await house.Incidents.AdviseAsync(Analyst, id, "Remove it.", Now));
        var before = (await house.StoredAsync(id)).Due!.Value;
        await Assert.ThrowsAsync<AccessRefusedException>(() => settings.SaveAsync(Lead, new ClockSettingOptions(), Now));
        Refused(await settings.SaveAsync(Officer, new ClockSettingOptions { IsAlways = false, Days = ["Monday"], From = "08:00", Until = "09:00" }, Now), "at least 10 a week");
        Refused(await settings.SaveAsync(Officer, new ClockSettingOptions { Contacts = [(Guid.NewGuid(), 0)] }, Now), "your own organisation");
        Ok(await settings.SaveAsync(Officer, new ClockSettingOptions { IsAlways = false, Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"], From = "10:00", Until = "12:30" }, Now));
        Assert.True((await house.StoredAsync(id)).Due > before.AddDays(3), "A day of work takes a week of half mornings.");
        Assert.True((await settings.ReadAsync(Stranger, null, Now)).IsAlways);
        Refused(await settings.SaveAsync(Officer, new ClockSettingOptions { Version = 9 }, Now), "changed these settings in the meantime");
    }

    [Fact]
    public async Task Clock_ThatEndedLate_StaysLateWhenTheForceWorksOtherHoursLater()
    {
        await using var house = await ClockHouse.StartAsync();
        var id = await house.OpenAsync(Analyst);
        Ok(await house.Incidents.AdviseAsync(Analyst, id, "Remove it.", Now));
        house.Clock.Move(TimeSpan.FromDays(6));
        Ok(await house.Incidents.ActedAsync(Officer, id, "Removed.", Now));
        Assert.Equal("late", (await house.ClockAsync(id)).Force.State);
        var before = await house.ClockAsync(id);
        Ok(await house.Get<ClockSettingOperations>().SaveAsync(Officer, new ClockSettingOptions { IsAlways = false, Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"], From = "10:00", Until = "12:30" }, Now));
        Assert.Equal(before.Force, (await house.ClockAsync(id)).Force);
        // Nor does a new assessment change what was.
        Ok(await house.Incidents.AssessAsync(Officer, id, IncidentImpact.Limited, IncidentUrgency.CanWait, "It was nothing.", null, Now));
        Assert.Equal(before.Force, (await house.ClockAsync(id)).Force);
    }

    [Fact]
    public async Task Clock_OfAnIncidentThatIsTakenUpAgain_RunsAgainForTheForce()
    {
        await using var house = await ClockHouse.StartAsync();
        var id = await house.OpenAsync(Analyst);
        Ok(await house.Incidents.MoveAsync(Officer, id, IncidentStatus.Open, "Looked at.", null, Now));
        Ok(await house.Incidents.MoveAsync(Officer, id, IncidentStatus.Contained, "Removed.", null, Now));
        Assert.Equal("Done", (await house.ClockAsync(id)).State);
        house.Clock.Move(TimeSpan.FromDays(1));
        Ok(await house.Incidents.MoveAsync(Officer, id, IncidentStatus.Open, "It is back.", null, Now));
        Assert.Equal(("Running", "Act"), await house.StandsAsync(id));
        house.Clock.Move(TimeSpan.FromDays(10));
        await house.WorkAsync();
        Assert.Equal([$"clock/{id}/2/Act/breach", $"clock/{id}/2/Act/breach", $"clock/{id}/2/Act/warn"], (await house.NoticesAsync(id)).Select(each => each.Key).Order());
    }

    [Fact]
    public async Task Ladder_OfTheCentre_IsCalledInClocksThatRunAlready()
    {
        await using var house = await ClockHouse.StartAsync();
        var id = await house.OpenAsync(Officer);
        house.Clock.Move(TimeSpan.FromMinutes(110));
        await house.WorkAsync();
        Assert.Single(await house.NoticesAsync(id));
        var manager = Analyst with { Subject = "manager", Roles = [Role.DutyManager] };
        var person = (await house.Get<ClockSettingOperations>().ReadAsync(manager, null, Now), await house.Get<ClockSettingOperations>().PeopleAsync(manager, Now)).Item2;
        Ok(await house.Get<ClockSettingOperations>().SaveAsync(manager, new ClockSettingOptions { Contacts = [.. person.Take(1).Select(each => (Guid.Parse(each.Id), 0))] }, Now));
        Assert.InRange((await house.StoredAsync(id)).NextAt!.Value, house.Clock.GetUtcNow().AddMinutes(-1), house.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Job_OverAnyHistoryWithRestarts_TellsEachThingOnce()
    {
        await using var house = await ClockHouse.StartAsync();
        var told = 0;
        Gen.Int[0, int.MaxValue - 1].Sample(seed => told += HistoryAsync(house, seed).GetAwaiter().GetResult(), iter: 25, threads: 1);
        Assert.True(told > 40, $"Too little was told to show anything: {told}.");
    }

    private static async Task<int> HistoryAsync(ClockHouse house, int seed)
    {
        var random = new Random(seed);
        var id = await house.OpenAsync(random.Next(2) == 0 ? Officer : Analyst);
        var expected = new HashSet<(ForceId, string)>();
        for (var step = 0; step < 25; step++)
        {
            switch (random.Next(9))
            {
                case 0: await house.Incidents.AcknowledgeAsync(Analyst, id, Now); break;
                case 1: await house.Incidents.AdviseAsync(Analyst, id, "Remove it.", Now); break;
                case 2: await house.Incidents.PauseAsync(random.Next(2) == 0 ? Officer : Analyst, id, "We wait.", Now); break;
                case 3: await house.Incidents.ResumeAsync(random.Next(2) == 0 ? Officer : Analyst, id, Now); break;
                case 4 when random.Next(8) == 0: await house.Incidents.ActedAsync(Officer, id, "It is gone.", Now); break;
                default: house.Clock.Move(TimeSpan.FromMinutes(random.Next(1, 500))); break;
            }

            // What the events say is due now, worked out without the job.
            var model = await house.ClockAsync(id);
            var face = model.Stage == "Act" ? model.Force : model.Centre;
            var now = house.Clock.GetUtcNow();
            if (model.State == "Running")
            {
                var side = model.Stage == "Act" ? Kent : ForceId.Centre;
                if (face.WarnsAt <= now) expected.Add((side, $"clock/{id}/{model.Stage}/warn"));
                if (face.Due <= now) expected.UnionWith([(side, $"clock/{id}/{model.Stage}/breach"), (ForceId.Centre, $"clock/{id}/{model.Stage}/breach")]);
            }

            // The program may die before it stores; another one begins with nothing in memory.
            using (var life = new CancellationTokenSource())
            {
                if (random.Next(3) == 0) await life.CancelAsync();
                try
                {
                    await house.NewWork().StepAsync(id, life.Token);
                }
                catch (OperationCanceledException)
                {
                    // It died.
                }
            }

            await house.WorkAsync();
            var notices = (await house.NoticesAsync(id)).ConvertAll(each => (each.ForceId, each.Key));
            Assert.Equal(notices.Count, notices.Distinct().Count());
            Assert.Equal(expected.OrderBy(each => each.Item2 + each.Item1), notices.Where(each => each.Key.StartsWith("clock/", StringComparison.Ordinal)).OrderBy(each => each.Key + each.ForceId));
        }

        return expected.Count;
    }
}

/// <summary>A house whose clock is moved by hand, and whose clocks are looked at when a test says so.</summary>
internal sealed class ClockHouse : IAsyncDisposable, IDelegationsInForce
{
    private TestHouse _house = null!;

    public HandClock Clock { get; } = new();

    public bool Delegates { get; set; } = true;

    public FewAlerts Alerts { get; } = new();

    public IncidentOperations Incidents => Get<IncidentOperations>();

    public static async Task<ClockHouse> StartAsync(string? postgres = null)
    {
        var started = new ClockHouse();
        started._house = await TestHouse.StartAsync(postgres, Now, adjust: services =>
        {
            services.AddSingleton<TimeProvider>(started.Clock);
            services.AddSingleton<IDelegationsInForce>(started);
            services.AddSingleton<IAlertFeed>(started.Alerts);
            services.AddSingleton<IAlertReader>(started.Alerts);
            services.Remove(services.Single(each => each.ServiceType == typeof(IHostedService) && each.ImplementationType == typeof(AlertClockWorker)));
            services.Remove(services.Single(each => each.ServiceType == typeof(IHostedService) && each.ImplementationType == typeof(ClockWorker)));
        });
        return started;
    }

    public T Get<T>()
        where T : notnull => _house.Services.GetRequiredService<T>();

    public async Task<Guid> OpenAsync(ActingPrincipal by) => Ok(await Incidents.OpenAsync(by, new OpenOptions { Force = Kent, Title = "Consent phishing" }, Now));

    public async Task<IncidentModel> FindAsync(Guid id) => Ok(await Get<IncidentQueries>().FindAsync(Officer, id, null, Now));

    public async Task<ClockModel> ClockAsync(Guid id) => Assert.IsType<ClockModel>((await FindAsync(id)).Incident.Clock);

    public async Task<(string, string?)> StandsAsync(Guid id) => await ClockAsync(id) is var clock ? (clock.State, clock.Stage) : default;

    public async Task<IncidentClock> StoredAsync(Guid id)
    {
        await using var session = await EnterAsync();
        return await session.Db.Set<IncidentClock>().AsNoTracking().SingleAsync(each => each.Id == id, Now);
    }

    public Task<List<QueuedNotice>> NoticesAsync(Guid id) => NoticesAsync($"clock/{id}/");

    public async Task<List<QueuedNotice>> NoticesAsync(string prefix)
    {
        await using var session = await EnterAsync();
        return await session.Db.Set<QueuedNotice>().AsNoTracking().Where(each => each.Key.StartsWith(prefix)).ToListAsync(Now);
    }

    /// <summary>Looks at alerts, with nothing in memory of earlier looks.</summary>
    public Task<int> LookAsync(CancellationToken cancellationToken) => ActivatorUtilities.CreateInstance<AlertClockWork>(_house.Services).LookAsync(cancellationToken);

    /// <summary>Two contacts of the Centre, called so many minutes after the warning.</summary>
    public async Task<(Guid First, Guid Second)> LadderAsync(int first, int second)
    {
        await using var session = await EnterAsync();
        var (one, two) = (Guid.CreateVersion7(Clock.GetUtcNow()), Guid.CreateVersion7(Clock.GetUtcNow()));
        session.Db.Add(new ClockContact { Id = Guid.CreateVersion7(), ForceId = ForceId.Centre, Order = 1, PersonId = one, Name = "First", AfterMinutes = first });
        session.Db.Add(new ClockContact { Id = Guid.CreateVersion7(), ForceId = ForceId.Centre, Order = 2, PersonId = two, Name = "Second", AfterMinutes = second });
        await session.CommitAsync(Now);
        return (one, two);
    }

    public ClockWork NewWork() => ActivatorUtilities.CreateInstance<ClockWork>(_house.Services);

    public async Task WorkAsync()
    {
        var work = NewWork();
        for (var round = 0; round < 20 && await work.DueAsync(100, Now) is { Count: > 0 } due; round++)
            foreach (var id in due) await work.StepAsync(id, Now);
    }

    public Task<bool> IsInForceAsync(ForceId from, ForceId to, DelegationScope scope, CancellationToken cancellationToken) => Task.FromResult(Delegates);

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    private Task<HouseSession> EnterAsync() => Get<IHouse>().EnterAsync(ActingPrincipal.ForJob("test"), new Access(Permissions.IncidentsRead) { Logged = false }, Now);
}
