using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Watchhouse.Federation.Contracts;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Correlation;
using Watchhouse.Response.Incidents;
using Watchhouse.Tests.Hosting;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Correlation;

/// <summary>A house with alerts as the monitoring module would give them out, which are compared when a test says so.</summary>
internal sealed class CorrelationHouse : IAsyncDisposable
{
    public static readonly ForceId Surrey = ForceId.Of("SRY");
    public static readonly DateTimeOffset Start = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);
    private readonly TestHouse _house;
    private CorrelationWork _work;

    private CorrelationHouse(TestHouse house, FewAlerts alerts)
    {
        (_house, Alerts) = (house, alerts);
        _work = Restarted();
    }

    public FewAlerts Alerts { get; }

    public CandidateQueries Queries => Get<CandidateQueries>();

    public CandidateOperations Operations => Get<CandidateOperations>();

    public IncidentOperations Incidents => Get<IncidentOperations>();

    public static async Task<CorrelationHouse> StartAsync(string? postgres = null)
    {
        var alerts = new FewAlerts();
        var house = await TestHouse.StartAsync(postgres, Now, adjust: services =>
        {
            services.AddSingleton<IAlertFeed>(alerts);
            services.AddSingleton<IAlertReader>(alerts);
            services.AddSingleton<IDelegationsInForce>(new KentAndEssex());
            services.Remove(services.Single(each => each.ServiceType == typeof(IHostedService) && each.ImplementationType == typeof(CorrelationWorker)));
        });
        return new(house, alerts);
    }

    public T Get<T>()
        where T : notnull => _house.Services.GetRequiredService<T>();

    /// <summary>What the job remembers only while it runs is lost.</summary>
    public void Restart() => _work = Restarted();

    public Task<int> PassAsync() => _work.PassAsync(Now);

    public Task<IReadOnlyList<CandidateRow>> OpenAsync(ActingPrincipal? by = null) => Queries.ListAsync(by ?? Analyst, CandidateStatus.Open, null, false, Now);

    public Task<HouseSession> EnterAsync() => Get<IHouse>().EnterAsync(ActingPrincipal.ForJob("test"), new Access(Permissions.CandidatesWork) { Logged = false }, Now);

    public async Task<List<AlertTrace>> TracesAsync()
    {
        await using var session = await EnterAsync();
        return await session.Db.Set<AlertTrace>().AsNoTracking().ToListAsync(Now);
    }

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    private CorrelationWork Restarted() => ActivatorUtilities.CreateInstance<CorrelationWork>(_house.Services);
}

/// <summary>The forces that have delegated to the Centre, as <see cref="Playbooks.RunHouse.Analyst"/> has it.</summary>
internal sealed class KentAndEssex : IDelegationsInForce
{
    public Task<bool> IsInForceAsync(ForceId from, ForceId to, DelegationScope scope, CancellationToken cancellationToken) => Task.FromResult(from == Kent || from == Essex);
}

/// <summary>Alerts that a test adds, given out as the real ones are.</summary>
internal sealed class FewAlerts : IAlertFeed, IAlertReader
{
    private readonly List<AlertSighting> _all = [];
    private readonly HashSet<Guid> _harmless = [];

    private readonly List<(AlertBrief Alert, string Status)> _waiting = [];

    /// <summary>Throws at the so many-th question; never where it is below nought.</summary>
    public int FailAfter { get; set; } = -1;

    public Guid Add(ForceId force, DateTimeOffset at, string level = "high", string entity = "someone@force.example", string[]? techniques = null, params (string Kind, string Value)[] named)
    {
        var alert = new AlertBrief(Guid.CreateVersion7(at.AddSeconds(_all.Count)), force, "Consent to an unknown application", level, "user", entity, techniques ?? [], at,
            TimeProvider.System.GetUtcNow().AddSeconds(-60).AddMilliseconds(_all.Count));
        _all.Add(new(alert, [.. named.Select(each => new AlertIndicator(each.Kind, each.Value))]));
        return alert.Id;
    }

    /// <summary>An alert that waits for a person in the queue.</summary>
    public Guid Raise(ForceId force, DateTimeOffset at, string level)
    {
        var alert = new AlertBrief(Guid.CreateVersion7(at), force, "Consent to an unknown application", level, "user", "someone@force.example", [], at, at);
        _all.Add(new(alert, []));
        _waiting.Add((alert, "new"));
        return alert.Id;
    }

    public void Decide(Guid alert, string status)
    {
        var at = _waiting.FindIndex(each => each.Alert.Id == alert);
        _waiting[at] = (_waiting[at].Alert, status);
    }

    public void Clear(Guid alert) => _harmless.Add(alert);

    public Task<IReadOnlyList<AlertSighting>> RaisedAsync(DateTimeOffset from, Guid? after, int take, CancellationToken cancellationToken)
    {
        Fail();
        return Task.FromResult<IReadOnlyList<AlertSighting>>([.. _all.Where(each => each.Alert.RaisedAt > from || (each.Alert.RaisedAt == from && (after is null || each.Alert.Id > after)))
            .OrderBy(each => each.Alert.RaisedAt).ThenBy(each => each.Alert.Id).Take(take)]);
    }

    public Task<IReadOnlyList<AlertBrief>> AboutAsync(ForceId force, string entityKind, string entity, DateTimeOffset from, DateTimeOffset until, int take, CancellationToken cancellationToken)
    {
        Fail();
        return Task.FromResult<IReadOnlyList<AlertBrief>>([.. _all.Select(each => each.Alert).Where(each => each.Force == force && each.Entity == entity && each.FirstAt >= from && each.FirstAt <= until)]);
    }

    public Task<IReadOnlySet<Guid>> HarmlessAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        Fail();
        return Task.FromResult<IReadOnlySet<Guid>>(_harmless.Intersect(ids).ToHashSet());
    }

    public Task<IReadOnlyList<AlertBrief>> WaitingAsync(string status, string level, DateTimeOffset after, DateTimeOffset until, int take, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AlertBrief>>([.. _waiting.Where(each => each.Status == status && each.Alert.Level == level && each.Alert.RaisedAt > after && each.Alert.RaisedAt <= until)
            .Select(each => each.Alert).OrderBy(alert => alert.RaisedAt).ThenBy(alert => alert.Id).Take(take)]);

    public Task<IReadOnlyList<AlertBrief>> FindAsync(ActingPrincipal actor, IReadOnlyList<Guid> ids, string? reason, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AlertBrief>>([.. _all.Select(each => each.Alert).Where(alert => ids.Contains(alert.Id) && (actor.Home == alert.Force || actor.May(Permissions.IncidentsRead, alert.Force)))]);

    private void Fail()
    {
        if (FailAfter < 0 || FailAfter-- > 0) return;
        throw new IOException("The program dies here.");
    }
}
