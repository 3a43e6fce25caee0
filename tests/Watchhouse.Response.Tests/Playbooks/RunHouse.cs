using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Estate;
using Watchhouse.Response.Playbooks;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Response.Tests.Playbooks;

/// <summary>A house whose estates are pretended, whose clock is moved by hand, and whose requests are taken on when a test says so.</summary>
internal sealed class RunHouse : IAsyncDisposable
{
    public static readonly ForceId Kent = ForceId.Of("KNT");
    public static readonly ForceId Essex = ForceId.Of("ESX");
    public static readonly ActingPrincipal Officer = Person("kent-officer", Kent, Role.SecurityOfficer);
    public static readonly ActingPrincipal Second = Person("kent-second", Kent, Role.SecurityOfficer);
    public static readonly ActingPrincipal Owner = Person("kent-owner", Kent, Role.Siro);
    public static readonly ActingPrincipal Lead = Person("kent-lead", Kent, Role.ItLead);
    public static readonly ActingPrincipal Stranger = Person("essex-officer", Essex, Role.SecurityOfficer);
    public static readonly ActingPrincipal Analyst = Person("analyst", ForceId.Centre, Role.NmcAnalyst) with
    {
        Delegations = [new(Guid.Parse("0198c0de-0000-7000-8000-000000000001"), Kent, DelegationScope.Response, DateTimeOffset.MaxValue), new(Guid.Parse("0198c0de-0000-7000-8000-000000000002"), Essex, DelegationScope.Response, DateTimeOffset.MaxValue)],
    };

    private RunHouse(TestHouse house, FakeEstate estate, HandClock clock) => (House, Estate, Clock) = (house, estate, clock);

    public TestHouse House { get; }

    public FakeEstate Estate { get; }

    public HandClock Clock { get; }

    public RunOperations Runs => Get<RunOperations>();

    public RequestOperations Requests => Get<RequestOperations>();

    public AuthorityOperations Authorities => Get<AuthorityOperations>();

    public EstateWork Work => Get<EstateWork>();

    public static CancellationToken Now => TestContext.Current.CancellationToken;

    public static async Task<RunHouse> StartAsync(string? postgres = null)
    {
        var (estate, clock) = (new FakeEstate(), new HandClock());
        var house = await TestHouse.StartAsync(postgres, Now, adjust: services =>
        {
            services.AddSingleton<IEstateExecutor>(estate);
            services.AddSingleton<TimeProvider>(clock);
            services.Remove(services.Single(each => each.ServiceType == typeof(IHostedService) && each.ImplementationType == typeof(EstateWorker)));
        });
        return new(house, estate, clock);
    }

    public T Get<T>()
        where T : notnull => House.Services.GetRequiredService<T>();

    public Guid Playbook(string name) => Get<PlaybookBook>().All.Single(each => each.Playbook.Name == name).Id;

    /// <summary>Begins the playbook for a stolen session and goes to its two actions.</summary>
    public async Task<Guid> TokenTheftAsync(ActingPrincipal? by = null, string account = "officer@kent.example")
    {
        var run = Ok(await Runs.StartAsync(by ?? Analyst, new(Playbook("Stolen session token"), Kent, Severity.High)
        {
            Variables = new Dictionary<string, string> { ["account"] = account, ["address"] = "192.0.2.7" },
        }, Now));
        for (var step = 0; step < 2; step++) Ok(await Runs.CompleteAsync(by ?? Analyst, run, (await WaitingAsync(run))[0], true, "Done and hashed.", null, Now));
        return run;
    }

    public async Task<IReadOnlyList<string>> WaitingAsync(Guid run) => [.. (await FindAsync(run)).State.Waiting.Select(thread => thread.Step)];

    public async Task<RunDetail> FindAsync(Guid run) => Ok(await Get<RunQueries>().FindAsync(Analyst, run, null, Now));

    /// <summary>The step that waits and acts so.</summary>
    public async Task<string> StepAsync(Guid run, EstateActionKind kind)
    {
        var found = await FindAsync(run);
        return found.State.Waiting.Select(thread => thread.Step).First(step => EstateCommand.Of(found.Playbook.Steps[step])?.Kind == kind);
    }

    public async Task<Guid> AskAsync(Guid run, EstateActionKind kind, ActingPrincipal? by = null) =>
        Ok(await Requests.AskAsync(by ?? Analyst, run, await StepAsync(run, kind), "It is needed now.", Now));

    public async Task<EstateRequest> RequestAsync(Guid id)
    {
        await using var session = await OpenAsync();
        return await session.Db.Set<EstateRequest>().AsNoTracking().SingleAsync(each => each.Id == id, Now);
    }

    public Task<HouseSession> OpenAsync() => Get<IHouse>().EnterAsync(ActingPrincipal.ForJob("test"), new Access(Permissions.RunsRead) { Logged = false }, Now);

    /// <summary>Takes on what is due, as the job does, until nothing is.</summary>
    public async Task WorkAsync()
    {
        for (var round = 0; round < 20; round++)
        {
            var due = await Work.DueAsync(50, Now);
            if (due.Count == 0) return;
            foreach (var id in due) await Work.StepAsync(id, Now);
        }
    }

    public static T Ok<T>(Outcome<T> outcome)
    {
        Assert.True(outcome.Succeeded, outcome.Failure?.Message);
        return outcome.Value;
    }

    public static void Refused<T>(Outcome<T> outcome, string words) => Assert.Contains(words, Assert.IsType<Failure>(outcome.Failure).Message, StringComparison.Ordinal);

    public ValueTask DisposeAsync() => House.DisposeAsync();

    private static ActingPrincipal Person(string subject, ForceId home, Role role) => new() { Kind = PrincipalKind.Person, Subject = subject, Name = $"Test {subject}", Home = home, Roles = [role] };
}

/// <summary>The system's clock, moved by hand.</summary>
internal sealed class HandClock : TimeProvider
{
    private TimeSpan _moved;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _moved;

    public void Move(TimeSpan by) => _moved += by;
}
