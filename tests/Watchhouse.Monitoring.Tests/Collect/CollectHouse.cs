using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Watchhouse.Monitoring.Collect;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Monitoring.Collect.EventHubs;
using Watchhouse.Monitoring.Collect.Running;
using Watchhouse.Monitoring.Ingest;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.Tests.Collect.Fake;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Tests.Collect;

/// <summary>The program ends here, as by a power cut.</summary>
internal sealed class CrashException() : Exception("Crash.");

/// <summary>Lets the program end at the nth step of a run, whatever that step is.</summary>
internal sealed class Crasher
{
    private int _left = int.MaxValue;

    public int Steps { get; private set; }

    public void At(int step) => (_left, Steps) = (step, 0);

    public void Step()
    {
        Steps++;
        if (Interlocked.Decrement(ref _left) == 0) throw new CrashException();
    }
}

/// <summary>A house with a fake Microsoft beside it. Each run is by a runner that knows nothing but what is stored.</summary>
internal sealed class CollectHouse : IAsyncDisposable
{
    private CollectHouse(IngestHouse house, FakeMicrosoft fake) => (House, Fake) = (house, fake);

    public IngestHouse House { get; }

    public FakeMicrosoft Fake { get; }

    public TestClock Clock { get; } = new(new DateTimeOffset(2026, 11, 10, 9, 0, 0, TimeSpan.Zero));

    public Crasher Crasher { get; } = new();

    /// <summary>Lines that the journal has acknowledged, by force and source.</summary>
    public List<(ForceId Force, string Source, string Line)> Journal { get; } = [];

    public CollectOptions Options { get; private set; } = new();

    public IServiceProvider Services => House.House.Services;

    public static async Task<CollectHouse> StartAsync(Action<CollectOptions>? adjust = null, string? postgres = null)
    {
        var fake = await FakeMicrosoft.StartAsync();
        void Configure(CollectOptions options)
        {
            (options.SignIn, options.Office365, options.Graph, options.Azure) = (fake.Address, fake.Address, fake.Address, fake.Address);
            options.Scheduled = false;
            adjust?.Invoke(options);
        }

        var house = await IngestHouse.StartAsync(services => services.PostConfigure<CollectOptions>(Configure), postgres: postgres);
        var made = new CollectHouse(house, fake) { Options = house.House.Services.GetRequiredService<IOptions<CollectOptions>>().Value };
        fake.Clock = made.Clock;
        return made;
    }

    public async Task<Collector> CollectorAsync(
        CollectorKind kind, FakeTenant tenant, string source, IReadOnlyList<string>? streams = null, ForceId? force = null)
    {
        var actor = Officer(force ?? IngestHouse.Kent);
        var made = await Services.GetRequiredService<CollectorOperations>().CreateAsync(actor, new CollectorInput
        {
            Kind = kind,
            Name = source,
            Source = source,
            TenantId = tenant.Id,
            ClientId = tenant.ClientId,
            CredentialKind = CredentialKind.Secret,
            Credential = tenant.Secret,
            CredentialExpiresAt = DateTimeOffset.MaxValue.AddYears(-1),
            Streams = streams,
        }, null, IngestHouse.Now);
        Assert.True(made.Succeeded, made.Failure?.Message);
        return made.Value;
    }

    public static ActingPrincipal Officer(ForceId force) => new()
    {
        Kind = PrincipalKind.Person,
        Subject = Guid.NewGuid().ToString(),
        Name = "An officer",
        Home = force,
        Roles = [Role.SecurityOfficer],
    };

    /// <summary>One run from stored state alone.</summary>
    public async Task<RunEnd> RunAsync(Collector collector, IMessageSourceFactory? hubs = null)
    {
        using var web = new ApiHttp(new Stepping(Crasher));
        var runner = new CollectorRunner(
            new SteppingHouse(Services.GetRequiredService<IHouse>(), Crasher), new SteppingIntake(Services.GetRequiredService<IEventIntake>(), this),
            Services.GetRequiredService<CredentialVault>(), web, new TokenCache(), hubs ?? Services.GetRequiredService<IMessageSourceFactory>(),
            new IngestLimits(), Microsoft.Extensions.Options.Options.Create(Options), Clock);
        return await runner.RunAsync(await FindAsync(collector), IngestHouse.Now);
    }

    /// <summary>Runs it, and lets the program end at a step.</summary>
    /// <returns>Whether it came to that step.</returns>
    public async Task<bool> CrashAsync(Collector collector, int step)
    {
        Crasher.At(step);
        try
        {
            await RunAsync(collector);
            return false;
        }
        catch (CrashException)
        {
            return true;
        }
        finally
        {
            Crasher.At(int.MaxValue);
        }
    }

    public List<string> Lines(string source)
    {
        lock (Journal) return [.. Journal.Where(l => l.Source == source).Select(l => l.Line)];
    }

    public Task<List<CoverageWindow>> WindowsAsync(Collector collector) => ReadAsync(db => db.Set<CoverageWindow>()
        .AsNoTracking().Where(w => w.CollectorId == collector.Id).OrderBy(w => w.Stream).ThenBy(w => w.From).ToListAsync());

    public async Task<CollectorStatus> StatusAsync(Collector collector) =>
        await ReadAsync(db => db.Set<CollectorStatus>().AsNoTracking().SingleAsync(s => s.Id == collector.Id));

    public Task<Collector> FindAsync(Collector collector) => ReadAsync(db => db.Set<Collector>().AsNoTracking().SingleAsync(c => c.Id == collector.Id));

    public async Task<T> ReadAsync<T>(Func<DbContext, Task<T>> read)
    {
        await using var session = await Services.GetRequiredService<IHouse>().EnterAsync(
            ActingPrincipal.ForJob("test"), new Access(Permissions.TelemetryWrite) { Logged = false }, IngestHouse.Now);
        return await read(session.Db);
    }

    public async ValueTask DisposeAsync()
    {
        await House.DisposeAsync();
        await Fake.DisposeAsync();
    }

    private sealed class Stepping(Crasher crasher) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            crasher.Step();
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class SteppingHouse(IHouse inner, Crasher crasher) : IHouse
    {
        public Task<HouseSession> EnterAsync(ActingPrincipal principal, Access access, CancellationToken cancellationToken)
        {
            crasher.Step();
            return inner.EnterAsync(principal, access, cancellationToken);
        }
    }

    private sealed class SteppingIntake(IEventIntake inner, CollectHouse house) : IEventIntake
    {
        public async Task<IntakeResult> AcceptAsync(ActingPrincipal principal, Delivery delivery, CancellationToken cancellationToken)
        {
            house.Crasher.Step();
            var result = await inner.AcceptAsync(principal, delivery, cancellationToken);
            if (result.Receipt is not null)
                lock (house.Journal)
                    foreach (var batch in delivery.Batches)
                        foreach (var line in Encoding.UTF8.GetString(batch.Payload.Span).Split('\n'))
                            house.Journal.Add((principal.Home, batch.Source, line));
            // Durable, and the program ends before it can say so.
            house.Crasher.Step();
            return result;
        }

        public void Refused(ActingPrincipal principal, string source, Refusal refusal, ReadOnlySpan<byte> sample = default) =>
            inner.Refused(principal, source, refusal, sample);
    }
}
