using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Notices.Channels;
using Watchhouse.Response.Notices.Sending;

namespace Watchhouse.Response.Notices.Settings;

/// <summary>Sets up where notices of one's own force are posted to.</summary>
internal sealed class EndpointOperations(IHouse house, NoticeVault vault, EndpointHttp http)
{
    public const int MostOfAForce = 10;

    /// <summary>How long the secret before signs too, after it was replaced.</summary>
    public static readonly TimeSpan ChangesOver = TimeSpan.FromHours(24);

    private static readonly Failure Stale = Failure.Conflict("Somebody else changed this in the meantime. Load it again and repeat your change.");

    public async Task<Outcome<EndpointMade>> CreateAsync(ActingPrincipal actor, EndpointInput input, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, cancellationToken);
        if (!Enum.TryParse<NoticeChannel>(input.Channel, true, out var channel) || channel is not (NoticeChannel.Webhook or NoticeChannel.Teams))
            return Failure.Invalid("It is a Webhook or Teams.", "channel");
        if (input.Address is null) return Failure.Invalid("Give the address that notices are posted to.", "address");
        if (await session.Db.Set<NoticeEndpoint>().CountAsync(each => each.ForceId == actor.Home, cancellationToken) >= MostOfAForce)
            return Failure.Conflict($"A force has at most {MostOfAForce} endpoints.");
        var secret = channel == NoticeChannel.Webhook ? NoticeVault.NewSecret() : null;
        var endpoint = new NoticeEndpoint
        {
            Id = Guid.CreateVersion7(session.Now), ForceId = actor.Home, Channel = channel, Name = "", SealedAddress = "", Host = "", LeastSeverity = Severity.Low,
            SealedSecret = secret is null ? null : vault.Seal(actor.Home, secret), CreatedAt = session.Now, CreatedBy = actor.Name,
        };
        if (Fill(endpoint, input with { Name = input.Name ?? "" }) is { } wrong) return wrong;
        session.Db.Add(endpoint);
        session.Record(actor.Home, Subject(endpoint), $"The endpoint '{endpoint.Name}' for notices was set up.", Changes([], Facts(endpoint)), action: "notices.endpoint-made");
        var done = await session.CommitAsync(cancellationToken);
        return done.Succeeded ? new EndpointMade(NotificationQueries.Answer(endpoint, session.Now), secret) : done.Failure;
    }

    public async Task<Outcome<EndpointModel>> ChangeAsync(ActingPrincipal actor, Guid id, EndpointInput input, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, cancellationToken);
        if (await FindAsync(session, actor, id, cancellationToken) is not { } endpoint) return Failure.NotFound;
        if (input.Version is { } version && version != endpoint.Version) return Stale;
        if (input.Channel is not null && !input.Channel.Equals(endpoint.Channel.ToString(), StringComparison.OrdinalIgnoreCase))
            return Failure.Invalid("An endpoint stays what it is. Set up another.", "channel");
        var before = Facts(endpoint);
        if (Fill(endpoint, input) is { } wrong) return wrong;
        var changes = Changes(before, Facts(endpoint));
        if (input.Address is not null) changes["address"] = new("replaced", "replaced");
        if (changes.Count == 0) return NotificationQueries.Answer(endpoint, session.Now);
        session.Record(actor.Home, Subject(endpoint), $"The endpoint '{endpoint.Name}' for notices was changed.", changes, action: "notices.endpoint-changed");
        var done = await session.CommitAsync(cancellationToken);
        return done.Succeeded ? NotificationQueries.Answer(endpoint, session.Now) : done.Failure;
    }

    /// <summary>Makes a new secret. The one before signs too for a day, so that its receiver changes over without a gap.</summary>
    public async Task<Outcome<EndpointMade>> RotateAsync(ActingPrincipal actor, Guid id, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, cancellationToken);
        if (await FindAsync(session, actor, id, cancellationToken) is not { } endpoint) return Failure.NotFound;
        if (endpoint.SealedSecret is null) return Failure.Conflict("A Teams workflow has no secret: its address is one. Enter another address instead.");
        var secret = NoticeVault.NewSecret();
        (endpoint.SealedBefore, endpoint.BeforeUntil, endpoint.SealedSecret) = (endpoint.SealedSecret, session.Now + ChangesOver, vault.Seal(actor.Home, secret));
        session.Record(actor.Home, Subject(endpoint), $"The secret of the endpoint '{endpoint.Name}' was replaced; the one before holds for a day.", action: "notices.endpoint-rotated");
        var done = await session.CommitAsync(cancellationToken);
        return done.Succeeded ? new EndpointMade(NotificationQueries.Answer(endpoint, session.Now), secret) : done.Failure;
    }

    public async Task<Outcome<Done>> RemoveAsync(ActingPrincipal actor, Guid id, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, cancellationToken);
        if (await FindAsync(session, actor, id, cancellationToken) is not { } endpoint) return Failure.NotFound;
        session.Db.Remove(endpoint);
        session.Record(actor.Home, Subject(endpoint), $"The endpoint '{endpoint.Name}' for notices was removed, with its secret.", Changes(Facts(endpoint), []), action: "notices.endpoint-removed");
        return await session.CommitAsync(cancellationToken);
    }

    private Failure? Fill(NoticeEndpoint endpoint, EndpointInput input)
    {
        if (input.Name is { } name)
        {
            endpoint.Name = name.Trim();
            if (endpoint.Name.Length is 0 or > NoticeEndpoint.LongestName) return Failure.Invalid($"Give it a name of 1 to {NoticeEndpoint.LongestName} characters.", "name");
        }

        if (input.Address is { } address)
        {
            if (http.Fault(address) is { } fault) return Failure.Invalid(fault, "address");
            (endpoint.SealedAddress, endpoint.Host) = (vault.Seal(endpoint.ForceId, address.Trim()), new Uri(address.Trim()).IdnHost);
        }

        if (input.LeastSeverity is { } least)
        {
            if (!Enum.IsDefined(least)) return Failure.Invalid("The severity is Low, Medium, High or Critical.", "leastSeverity");
            endpoint.LeastSeverity = least;
        }

        endpoint.IsOn = input.IsOn ?? endpoint.IsOn;
        return null;
    }

    private Task<HouseSession> EnterAsync(ActingPrincipal actor, CancellationToken cancellationToken) =>
        house.EnterAsync(actor, new Access(Permissions.NoticesManage) { Force = actor.Home, Subject = "notice-endpoints" }, cancellationToken);

    private static Task<NoticeEndpoint?> FindAsync(HouseSession session, ActingPrincipal actor, Guid id, CancellationToken cancellationToken) =>
        session.Db.Set<NoticeEndpoint>().SingleOrDefaultAsync(each => each.Id == id && each.ForceId == actor.Home, cancellationToken);

    private static string Subject(NoticeEndpoint endpoint) => $"notice-endpoint/{endpoint.Id}";

    private static Dictionary<string, string?> Facts(NoticeEndpoint endpoint) => new()
    {
        ["name"] = endpoint.Name,
        ["channel"] = endpoint.Channel.ToString(),
        ["host"] = endpoint.Host,
        ["leastSeverity"] = endpoint.LeastSeverity.ToString(),
        ["isOn"] = endpoint.IsOn.ToString(),
    };

    private static Dictionary<string, FieldChange> Changes(Dictionary<string, string?> before, Dictionary<string, string?> after) =>
        before.Keys.Union(after.Keys).Where(name => before.GetValueOrDefault(name) != after.GetValueOrDefault(name))
            .ToDictionary(name => name, name => new FieldChange(before.GetValueOrDefault(name), after.GetValueOrDefault(name)));
}
