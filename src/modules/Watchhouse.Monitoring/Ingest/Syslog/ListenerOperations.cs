using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>A force's own listeners.</summary>
internal sealed class ListenerOperations(IHouse house, SyslogOptions options, SyslogStates states) : IDisposable
{
    private const int MostOfAForce = 20;
    private const int MostOfAll = 300;
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("syslog");

    // What a port or a certificate belongs to is decided over all forces, one after the other.
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    public async Task<IReadOnlyList<ListenerAnswer>> ListAsync(ActingPrincipal actor, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.SourcesManage) { Force = actor.Home, Subject = "listeners" }, cancellationToken);
        var rows = await session.Db.Set<SyslogListener>().AsNoTracking().OrderBy(l => l.Source).ThenBy(l => l.Id).ToListAsync(cancellationToken);
        return [.. rows.Select(Answer)];
    }

    public async Task<Outcome<ListenerAnswer>> AddAsync(
        ActingPrincipal actor, ListenerInput body, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.SourcesManage) { Force = actor.Home, Reason = reason }, cancellationToken);
        if (SyslogRules.Check(body, options.PlainOnPublicAddresses, out var wrong) is not { } input) return wrong!;
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (Collision(input, actor, await AllAsync(cancellationToken)) is { } collision) return collision;
            var row = new SyslogListener
            {
                Id = Guid.CreateVersion7(session.Now),
                ForceId = actor.Home,
                Source = input.Source,
                Transport = input.Transport,
                Address = input.Address,
                Port = input.Port,
                Networks = string.Join(' ', input.Networks!),
                Thumbprints = string.Join(' ', input.Thumbprints!),
                CreatedAt = session.Now,
            };
            session.Db.Add(row);
            session.Record(row.ForceId, $"listener/{row.Id}", $"A listener for syslog of source {row.Source} was opened.", Changes(row, isNew: true),
                action: "sources.listener-added");
            var done = await session.CommitAsync(cancellationToken);
            if (!done.Succeeded) return done.Failure;
            states.Changed();
            return Answer(row);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public async Task<Outcome<Done>> RemoveAsync(ActingPrincipal actor, Guid id, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.SourcesManage) { Force = actor.Home, Reason = reason }, cancellationToken);
        if (await session.Db.Set<SyslogListener>().FirstOrDefaultAsync(l => l.Id == id, cancellationToken) is not { } row) return Failure.NotFound;
        session.Db.Remove(row);
        session.Record(row.ForceId, $"listener/{row.Id}", $"A listener for syslog of source {row.Source} was closed.", Changes(row, isNew: false),
            action: "sources.listener-removed");
        var done = await session.CommitAsync(cancellationToken);
        states.Changed();
        return done;
    }

    /// <summary>Every listener of every force, for the job that opens them.</summary>
    public async Task<List<ListenerPlan>> AllAsync(CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, new Access(Permissions.TelemetryWrite) { Logged = false }, cancellationToken);
        return [.. (await session.Db.Set<SyslogListener>().AsNoTracking().OrderBy(l => l.Id).ToListAsync(cancellationToken)).Select(ListenerPlan.Of)];
    }

    public void Dispose() => _oneAtATime.Dispose();

    private static Failure? Collision(ListenerInput input, ActingPrincipal actor, List<ListenerPlan> all)
    {
        if (all.Count >= MostOfAll) return Failure.Conflict($"The centre has at most {MostOfAll} listeners. Close one first.");
        if (all.Count(l => l.Force == actor.Home) >= MostOfAForce)
            return Failure.Conflict($"A force has at most {MostOfAForce} listeners. Close one first.");
        // A certificate is one force's: another that named it first would get what is not its own.
        if (all.Any(l => (l.Force != actor.Home || IsSamePort(l, input)) && l.Certificates.Intersect(input.Thumbprints!).Any()))
            return Failure.Conflict(
                "One of the certificates is registered with another listener already. Each sender's certificate belongs to one force.");
        if (!all.Any(l => IsSamePort(l, input) && !MayShare(l, input))) return null;
        return Failure.Conflict(
            "Another listener has that port. Choose another: a port is shared only over tls, on the same address, "
            + "and when every listener on it names the certificates of its senders.");
    }

    private static bool MayShare(ListenerPlan one, ListenerInput other) => one.Transport == other.Transport && one.Address == other.Address
        && one.Thumbprints.Length > 0 && other.Thumbprints!.Count > 0;

    private static bool IsSamePort(ListenerPlan one, ListenerInput other) =>
        one.Port == other.Port && (one.Transport == SyslogTransport.Udp) == (other.Transport == SyslogTransport.Udp)
        && (one.Address == other.Address || one.Address is "0.0.0.0" or "::" || other.Address is "0.0.0.0" or "::");

    private static Dictionary<string, FieldChange> Changes(SyslogListener row, bool isNew)
    {
        FieldChange Change(string value) => isNew ? new(null, value) : new(value, null);
        return new()
        {
            ["source"] = Change(row.Source),
            ["endpoint"] = Change($"{row.Transport} {row.Address} {row.Port}"),
            ["networks"] = Change(row.Networks),
            ["thumbprints"] = Change(row.Thumbprints),
        };
    }

    private ListenerAnswer Answer(SyslogListener row)
    {
        var state = states.Of(row.Id);
        return new(row.Id, row.ForceId, row.Source, row.Transport, row.Address, row.Port, SyslogRules.Parts(row.Networks),
            SyslogRules.Parts(row.Thumbprints), row.CreatedAt, state.Words, state.Connections, state.Messages);
    }
}
