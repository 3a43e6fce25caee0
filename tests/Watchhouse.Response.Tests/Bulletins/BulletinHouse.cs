using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Bulletins;
using Watchhouse.Response.Notices;
using Watchhouse.Response.Tests.Playbooks;
using Watchhouse.Tests.Hosting;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Bulletins;

/// <summary>A house whose clock is moved by hand, and in which forces are chased when a test says so.</summary>
internal sealed class BulletinHouse : IAsyncDisposable
{
    /// <summary>Holds no delegation of anybody: bulletins need none.</summary>
    public static readonly ActingPrincipal Manager = Person("manager", ForceId.Centre, Role.DutyManager);

    private readonly TestHouse _house;

    private BulletinHouse(TestHouse house, HandClock clock, FragileNotices fragile) => (_house, Clock, Fragile) = (house, clock, fragile);

    public HandClock Clock { get; }

    /// <summary>Lets a test stop the program in the middle of a transaction.</summary>
    public FragileNotices Fragile { get; }

    public BulletinOperations Bulletins => Get<BulletinOperations>();

    public BulletinQueries Queries => Get<BulletinQueries>();

    public BulletinChaser Chaser => Get<BulletinChaser>();

    public static async Task<BulletinHouse> StartAsync(string? postgres = null, string? data = null, HandClock? clock = null)
    {
        var (time, fragile) = (clock ?? new HandClock(), new FragileNotices());
        var house = await TestHouse.StartAsync(postgres, Now, data, services =>
        {
            services.AddSingleton<TimeProvider>(time);
            services.AddSingleton<INotices>(fragile);
            services.Remove(services.Single(each => each.ServiceType == typeof(IHostedService) && each.ImplementationType == typeof(BulletinWorker)));
        });
        return new(house, time, fragile);
    }

    public static ActingPrincipal Person(string subject, ForceId home, Role role) => new() { Kind = PrincipalKind.Person, Subject = subject, Name = $"Test {subject}", Home = home, Roles = [role] };

    public static ActingPrincipal OfficerOf(ForceId force) => Person($"{force.Value.ToLowerInvariant()}-officer", force, Role.SecurityOfficer);

    public T Get<T>()
        where T : notnull => _house.Services.GetRequiredService<T>();

    public BulletinOptions Options(string title = "Update edge devices today", TimeSpan? within = null, params ForceId[] addressed) => new()
    {
        Title = title, Text = "A weakness in **one make** is used already.", Actions = ["Install the update"], Severity = Severity.High, AnswerBy = Clock.GetUtcNow() + (within ?? TimeSpan.FromDays(2)), Addressed = addressed,
    };

    public async Task<Guid> PublishedAsync(BulletinOptions? options = null)
    {
        var id = Ok(await Bulletins.DraftAsync(Manager, options ?? Options(), Now));
        return Ok(await Bulletins.PublishAsync(Manager, id, null, Now));
    }

    public async Task<BulletinModel> FindAsync(Guid id, ActingPrincipal? by = null) => Ok(await Queries.FindAsync(by ?? Manager, id, null, Now));

    public async Task<IReadOnlyList<ForceId>> ForcesAsync() => [.. (await Get<IOrganisations>().ListAsync(Now)).Where(each => each.IsForce).Select(each => each.Id).Order()];

    /// <summary>Force and key of every notice about bulletins, in the order in which they were stored.</summary>
    public async Task<IReadOnlyList<(ForceId Force, string Key)>> NoticesAsync()
    {
        await using var session = await Get<IHouse>().EnterAsync(ActingPrincipal.ForJob("test"), new Access(Permissions.RunsRead) { Logged = false }, Now);
        var all = await session.Db.Set<QueuedNotice>().AsNoTracking().Where(each => each.Kind == "bulletin").OrderBy(each => each.CreatedAt).Select(each => new { each.ForceId, each.Key }).ToListAsync(Now);
        return [.. all.Select(each => (each.ForceId, each.Key))];
    }

    /// <summary>Gives what one force holds of bulletins to another, as a succession does.</summary>
    public async Task PassAsync(ForceId from, ForceId to)
    {
        await using var session = await Get<IHouse>().EnterAsync(ActingPrincipal.ForJob("test"), new Access(Permissions.RunsRead) { Logged = false }, Now);
        foreach (var copy in await session.Db.Set<BulletinCopy>().Where(each => each.ForceId == from).ToListAsync(Now)) copy.ForceId = to;
        foreach (var step in await session.Db.Set<BulletinStep>().Where(each => each.ForceId == from).ToListAsync(Now)) step.ForceId = to;
        foreach (var notice in await session.Db.Set<QueuedNotice>().Where(each => each.ForceId == from).ToListAsync(Now)) notice.ForceId = to;
        Ok(await session.CommitAsync(Now));
    }

    public ValueTask DisposeAsync() => _house.DisposeAsync();
}

/// <summary>Stores notices as the house does, until it is told to break: then the program stops before it has stored all.</summary>
internal sealed class FragileNotices : INotices
{
    private readonly NoticeQueue _queue = new();

    /// <summary>After how many notices it breaks, once; null for never.</summary>
    public int? BreaksAfter { get; set; }

    public Task AddAsync(HouseSession session, Notice notice, CancellationToken cancellationToken)
    {
        if (BreaksAfter is { } left)
        {
            BreaksAfter = left == 0 ? null : left - 1;
            if (left == 0) throw new ProgramStoppedException();
        }

        return _queue.AddAsync(session, notice, cancellationToken);
    }
}

internal sealed class ProgramStoppedException : Exception;
