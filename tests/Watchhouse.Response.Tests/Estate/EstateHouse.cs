using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Estate;
using Watchhouse.Response.Estate.Acting;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Response.Tests.Estate;

/// <summary>A house with a fake estate beside it. Waits take no time, and the clock moves by them.</summary>
internal sealed class EstateHouse : IAsyncDisposable
{
    public static readonly ForceId Kent = ForceId.Of("KNT");
    public static readonly ForceId Essex = ForceId.Of("ESX");

    private EstateHouse(TestHouse house, FakeEstate fake) => (House, Fake) = (house, fake);

    public TestHouse House { get; }

    public FakeEstate Fake { get; }

    public MovingClock Clock { get; } = new(new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));

    public static CancellationToken Now => TestContext.Current.CancellationToken;

    public EstateOperations Operations => House.Services.GetRequiredService<EstateOperations>();

    public static async Task<EstateHouse> StartAsync(string? postgres = null)
    {
        var fake = await FakeEstate.StartAsync();
        var house = await TestHouse.StartAsync(postgres, Now, adjust: services => services.PostConfigure<EstateOptions>(options =>
        {
            (options.SignIn, options.Graph, options.Defender, options.DefenderResource) = (fake.Address, fake.Address, fake.Address, fake.Address);
            options.Timeout = TimeSpan.FromSeconds(2);
        }));
        await house.PersonAsync(ForceId.Centre, Role.CentreAdministrator);
        var made = new EstateHouse(house, fake);
        fake.Clock = made.Clock;
        return made;
    }

    /// <summary>An executor that knows nothing but what is stored, as after a restart.</summary>
    public EstateExecutor Executor()
    {
        var services = House.Services;
        var door = new EstateDoor(services.GetRequiredService<IHouse>(), services.GetRequiredService<CredentialVault>(), services.GetRequiredService<ApiHttp>(),
            new TokenCache(), new SentOperations(Clock), services.GetRequiredService<IOptions<EstateOptions>>(), Clock);
        return new EstateExecutor(door, services.GetServices<IEstateKind>());
    }

    public async Task<EstateRegistration> RegisterAsync(params EstateActionKind[] kinds)
    {
        var made = await Operations.CreateAsync(Officer(Kent), Input(kinds), null, Now);
        Assert.True(made.Succeeded, made.Failure?.Message);
        return made.Value;
    }

    public static RegistrationInput Input(params EstateActionKind[] kinds) => new()
    {
        Name = "Response",
        TenantId = Guid.NewGuid(),
        ClientId = Guid.NewGuid(),
        CredentialKind = CredentialKind.Secret,
        Credential = "the-secret",
        CredentialExpiresAt = new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero),
        Kinds = kinds.Length > 0 ? kinds : Enum.GetValues<EstateActionKind>(),
    };

    public static ActingPrincipal Officer(ForceId force, Role role = Role.SecurityOfficer) => new()
    {
        Kind = PrincipalKind.Person,
        Subject = Guid.NewGuid().ToString(),
        Name = "An officer",
        Home = force,
        Roles = [role],
    };

    /// <summary>A new operation, decided now; the clock moves on before it is done.</summary>
    public Guid Operation()
    {
        var id = Guid.CreateVersion7(Clock.GetUtcNow());
        Clock.Advance(TimeSpan.FromSeconds(30));
        return id;
    }

    public async ValueTask DisposeAsync()
    {
        await House.DisposeAsync();
        await Fake.DisposeAsync();
    }
}

/// <summary>A clock that moves when somebody waits.</summary>
internal sealed class MovingClock(DateTimeOffset begin) : TimeProvider
{
    private readonly Lock _lock = new();
    private DateTimeOffset _now = begin;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public void Advance(TimeSpan by)
    {
        lock (_lock) _now += by;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= TimeSpan.Zero)
        {
            Advance(dueTime);
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }

        return new Spent();
    }

    private sealed class Spent : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
