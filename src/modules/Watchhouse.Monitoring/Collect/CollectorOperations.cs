using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Watchhouse.Monitoring.Collect.Pulling;
using Watchhouse.Monitoring.Collect.Running;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Monitoring.Collect;

/// <summary>What a person says of a collector. For a change, what is left out stays as it is.</summary>
internal sealed record CollectorInput
{
    public CollectorKind? Kind { get; init; }

    public string? Name { get; init; }

    public string? Source { get; init; }

    public Guid? TenantId { get; init; }

    public Guid? ClientId { get; init; }

    public CredentialKind? CredentialKind { get; init; }

    /// <summary>The secret, the connection string, or certificate and key as PEM. It is never given out again.</summary>
    public string? Credential { get; init; }

    public string? CredentialFile { get; init; }

    public DateTimeOffset? CredentialExpiresAt { get; init; }

    public IReadOnlyList<string>? Streams { get; init; }

    public string? Address { get; init; }

    public string? Group { get; init; }

    public int? EverySeconds { get; init; }

    public bool? Enabled { get; init; }

    /// <summary>The version that was changed, where a stale change is to be refused.</summary>
    public uint? Version { get; init; }

    // A record would print its credential.
    public override string ToString() => nameof(CollectorInput);
}

/// <summary>Sets collectors up, changes and removes them: decisions of the force alone (law 2).</summary>
internal sealed partial class CollectorOperations(
    IHouse house, CredentialVault vault, CollectorScheduler scheduler, IOptions<CollectOptions> options)
{
    private const int MostOfAForce = 50;
    private const int MostStreams = 50;

    public async Task<Outcome<Collector>> CreateAsync(ActingPrincipal actor, CollectorInput input, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.CollectorsManage) { Reason = reason }, cancellationToken);
        if (input.Kind is not { } kind || !Enum.IsDefined(kind))
            return Failure.Invalid($"Say what is collected: one of {string.Join(", ", Enum.GetNames<CollectorKind>())}.", "kind");
        var collector = new Collector
        {
            Id = Guid.CreateVersion7(session.Now),
            ForceId = actor.Home,
            Kind = kind,
            Name = "",
            Source = "",
            EverySeconds = 300,
            Enabled = true,
            CreatedAt = session.Now,
            CreatedBy = actor.Name,
        };
        if (kind == CollectorKind.EventHub) collector.Group = "$Default";
        if (Fill(collector, input, isNew: true, session.Now) is { } wrong) return wrong;
        if (await session.Db.Set<Collector>().CountAsync(c => c.ForceId == actor.Home, cancellationToken) >= MostOfAForce)
            return Failure.Conflict($"A force has at most {MostOfAForce} collectors.");
        session.Db.Add(collector);
        session.Db.Add(new CollectorStatus { Id = collector.Id, ForceId = collector.ForceId, NextRunAt = session.Now });
        session.Record(collector.ForceId, $"collector/{collector.Id}", $"The collector '{collector.Name}' was set up.", Changes(null, collector), action: "collectors.created");
        var done = await session.CommitAsync(cancellationToken);
        if (!done.Succeeded) return done.Failure;
        scheduler.Wake();
        return collector;
    }

    public async Task<Outcome<Collector>> ChangeAsync(
        ActingPrincipal actor, Guid id, CollectorInput input, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.CollectorsManage) { Reason = reason }, cancellationToken);
        if (await FindAsync(session, actor, id, cancellationToken) is not { } collector) return Failure.NotFound;
        if (input.Version is { } version && version != collector.Version)
            return Failure.Conflict("Somebody else changed this collector in the meantime. Load it again and repeat your change.");
        if (input.Kind is { } kind && kind != collector.Kind)
            return Failure.Invalid("What a collector reads cannot be changed, because its coverage belongs to it. Remove it and set another up.", "kind");
        var before = Changes(null, collector);
        if (Fill(collector, input, isNew: false, session.Now) is { } wrong) return wrong;
        var changes = Changes(before, collector);
        if (input.Credential is not null || input.CredentialFile is not null) changes["credential"] = new("replaced", "replaced");
        if (changes.Count == 0) return collector;
        session.Record(collector.ForceId, $"collector/{id}", $"The collector '{collector.Name}' was changed.", changes, action: "collectors.changed");
        if (await session.Db.Set<CollectorStatus>().SingleOrDefaultAsync(s => s.Id == id, cancellationToken) is { } status) status.NextRunAt = session.Now;
        var done = await session.CommitAsync(cancellationToken);
        if (!done.Succeeded) return done.Failure;
        scheduler.Wake();
        return collector;
    }

    public async Task<Outcome<Done>> RemoveAsync(ActingPrincipal actor, Guid id, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.CollectorsManage) { Reason = reason }, cancellationToken);
        if (await FindAsync(session, actor, id, cancellationToken) is not { } collector) return Failure.NotFound;
        session.Db.Remove(collector);
        session.Record(collector.ForceId, $"collector/{id}",
            $"The collector '{collector.Name}' was removed, with its credential and its coverage ledger. Its events stay.", Changes(Changes(null, collector), null), action: "collectors.removed");
        return await session.CommitAsync(cancellationToken);
    }

    /// <summary>Runs it as soon as there is room.</summary>
    public async Task<Outcome<Done>> RunAsync(ActingPrincipal actor, Guid id, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.CollectorsManage) { Reason = reason }, cancellationToken);
        if (await FindAsync(session, actor, id, cancellationToken) is not { } collector) return Failure.NotFound;
        if (!collector.Enabled) return Failure.Conflict("This collector is switched off. Switch it on first.");
        if (await session.Db.Set<CollectorStatus>().SingleOrDefaultAsync(s => s.Id == id, cancellationToken) is { } status) status.NextRunAt = session.Now;
        session.Record(collector.ForceId, $"collector/{id}", $"The collector '{collector.Name}' was told to run.", action: "collectors.run");
        var done = await session.CommitAsync(cancellationToken);
        scheduler.Wake();
        return done;
    }

    private static Task<Collector?> FindAsync(HouseSession session, ActingPrincipal actor, Guid id, CancellationToken cancellationToken) =>
        session.Db.Set<Collector>().SingleOrDefaultAsync(c => c.Id == id && c.ForceId == actor.Home, cancellationToken);

    private Failure? Fill(Collector collector, CollectorInput input, bool isNew, DateTimeOffset now)
    {
        collector.Name = (input.Name ?? collector.Name).Trim();
        if (collector.Name.Length is 0 or > 100) return Failure.Invalid("Give it a name of 1 to 100 characters.", "name");
        collector.Source = input.Source ?? collector.Source;
        if (!SourceName.IsValid(collector.Source)) return Failure.Invalid(SourceName.Rule, "source");
        collector.EverySeconds = input.EverySeconds ?? collector.EverySeconds;
        if (collector.EverySeconds is < 30 or > 86_400) return Failure.Invalid("A collector runs every 30 to 86,400 seconds.", "everySeconds");
        collector.Enabled = input.Enabled ?? collector.Enabled;
        collector.TenantId = input.TenantId ?? collector.TenantId;
        collector.ClientId = input.ClientId ?? collector.ClientId;
        if (Place(collector, input) is { } wrong) return wrong;

        var kind = input.CredentialKind ?? (isNew ? CredentialKind.Certificate : collector.Credential);
        var isHub = collector.Kind == CollectorKind.EventHub;
        if (kind == CredentialKind.ConnectionString && !isHub)
            return Failure.Invalid("A connection string is a credential of an event hub alone.", "credentialKind");
        if (kind != CredentialKind.ConnectionString && collector.TenantId == Guid.Empty)
            return Failure.Invalid("Give the tenant's id, a GUID from the overview page of Entra ID.", "tenantId");
        if (kind != CredentialKind.ConnectionString && collector.ClientId == Guid.Empty)
            return Failure.Invalid("Give the application (client) id, a GUID.", "clientId");
        if (!isNew && input.Credential is null && input.CredentialFile is null)
        {
            if (kind != collector.Credential) return Failure.Invalid("With another kind of credential goes the credential itself.", "credential");
            if (kind != CredentialKind.Certificate && input.CredentialExpiresAt is { } expires) collector.CredentialExpiresAt = expires;
            return null;
        }

        var kept = vault.Keep(CollectPurpose.Collection, collector.ForceId, kind, input.Credential, input.CredentialFile, input.CredentialExpiresAt, now);
        if (!kept.Succeeded) return kept.Failure;
        (collector.Credential, collector.SealedCredential, collector.CredentialFile, collector.CredentialExpiresAt) =
            (kept.Value.Kind, kept.Value.Sealed, kept.Value.File, kept.Value.ExpiresAt);
        return null;
    }

    // Where it reads: streams of the API, or an event hub of Azure and no other host.
    private Failure? Place(Collector collector, CollectorInput input)
    {
        var streams = input.Streams?.Select(s => s?.Trim() ?? "").Distinct(StringComparer.Ordinal).ToList();
        if (streams?.Count > MostStreams) return Failure.Invalid($"A collector has at most {MostStreams} streams.", "streams");
        switch (collector.Kind)
        {
            case CollectorKind.Office365:
                if (streams?.Find(s => !Office365Source.ContentTypes.Contains(s)) is not null)
                    return Failure.Invalid($"The content types are {string.Join(", ", Office365Source.ContentTypes)}.", "streams");
                collector.Streams = Or(streams, collector.Streams, Office365Source.Usual);
                return null;
            case CollectorKind.SignIns:
                if (streams?.Find(s => !GraphList.SignInKinds.Contains(s)) is not null)
                    return Failure.Invalid($"The kinds of sign-ins are {string.Join(", ", GraphList.SignInKinds)}.", "streams");
                collector.Streams = Or(streams, collector.Streams, GraphList.SignInKinds);
                return null;
            case CollectorKind.DirectoryAudits or CollectorKind.DefenderAlerts:
                if (streams is { Count: > 0 } && streams is not ["all"]) return Failure.Invalid("Leave the streams out: there is one.", "streams");
                collector.Streams = ["all"];
                return null;
            case CollectorKind.AzureActivity:
                collector.Streams = Or(streams, collector.Streams, []);
                return collector.Streams.Count == 0 || collector.Streams.Exists(s => !Guid.TryParseExact(s, "D", out _))
                    ? Failure.Invalid("Name one or more subscriptions by their ids, GUIDs.", "streams") : null;
            default:
                collector.Streams = Or(streams, collector.Streams, []);
                collector.Address = (input.Address ?? collector.Address)?.Trim().ToLowerInvariant();
                collector.Group = input.Group ?? collector.Group;
                if (collector.Streams is not [{ } hub] || !HubName().IsMatch(hub)) return Failure.Invalid("Name one event hub: letters, digits and the signs . _ -.", "streams");
                if (collector.Group is not { } group || (group != "$Default" && !GroupName().IsMatch(group)))
                    return Failure.Invalid("Name a consumer group: letters, digits and the signs . _ -, at most 50, or $Default.", "group");
                return collector.Address is { } host && HostName().IsMatch(host) && host.EndsWith("." + options.Value.EventHubs, StringComparison.Ordinal)
                    ? null : Failure.Invalid($"Give the host of the namespace, such as force-logs.{options.Value.EventHubs}.", "address");
        }
    }

    private static List<string> Or(List<string>? given, List<string> before, IReadOnlyList<string> all) =>
        given is { Count: > 0 } ? given : before.Count > 0 ? before : [.. all];

    // Old and new by field; of the credential only what kind it is and when it lapses.
    private static Dictionary<string, FieldChange> Changes(Dictionary<string, FieldChange>? before, Collector? after)
    {
        var now = new Dictionary<string, string?>();
        if (after is not null)
        {
            now["kind"] = after.Kind.ToString();
            now["name"] = after.Name;
            now["source"] = after.Source;
            now["tenantId"] = after.TenantId.ToString();
            now["clientId"] = after.ClientId.ToString();
            now["credentialKind"] = after.Credential.ToString();
            now["credentialExpiresAt"] = after.CredentialExpiresAt?.UtcDateTime.ToString("u", System.Globalization.CultureInfo.InvariantCulture);
            now["streams"] = string.Join(' ', after.Streams);
            now["address"] = after.Address;
            now["group"] = after.Group;
            now["everySeconds"] = $"{after.EverySeconds}";
            now["enabled"] = $"{after.Enabled}";
        }

        var changes = new Dictionary<string, FieldChange>();
        foreach (var name in now.Keys.Union(before is null ? [] : before.Keys))
        {
            var old = before?.GetValueOrDefault(name)?.To;
            if (old != now.GetValueOrDefault(name)) changes[name] = new(old, now.GetValueOrDefault(name));
        }

        return changes;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\z")]
    private static partial Regex HubName();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}\\z")]
    private static partial Regex GroupName();

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{0,150}\\z")]
    private static partial Regex HostName();
}
