using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.Organisations;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Delegations;

/// <summary>
/// Grants, changes and revokes delegations. Only the force itself does, through its security officer or its senior
/// information risk owner; nobody at the Centre can do it for a force (law 1).
/// </summary>
internal sealed class DelegationOperations(IHouse house)
{
    /// <summary>A delegation is renewed by a decision, not by being forgotten.</summary>
    public const int MostYears = 3;

    public async Task<Outcome<DelegationModel>> GrantAsync(
        ActingPrincipal actor, GrantOptions options, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor,
            new Access(Permissions.DelegationsGrant) { Force = options.Force, Reason = options.Reason }, cancellationToken);
        var from = options.From ?? session.Now;
        if ((Rules(options, from, session.Now) ?? Text(options.Purpose, "purpose")) is { } invalid) return invalid;
        var today = DateOnly.FromDateTime(session.Now.UtcDateTime);
        var receiver = await session.Db.Set<Organisation>().SingleOrDefaultAsync(o => o.Id == options.To, cancellationToken);
        if (receiver is null || !receiver.ExistsOn(today)) return Failure.Invalid("There is no such organisation today.", "to");
        var overlapping = await session.Db.Set<Delegation>().AnyAsync(d => d.ForceId == options.Force && d.To == options.To
            && d.Scope == options.Scope && d.RevokedAt == null && d.Until > from && d.From < options.Until, cancellationToken);
        if (overlapping)
            return Failure.Conflict($"{receiver.ShortName} holds a delegation for {options.Scope.Word()} in that time already. Change its end instead, or revoke it first.");

        var delegation = new Delegation
        {
            Id = session.NewId<DelegationId>(),
            ForceId = options.Force,
            To = options.To,
            Scope = options.Scope,
            Purpose = options.Purpose.Trim(),
            From = from,
            Until = options.Until,
            GrantedAt = session.Now,
            GrantedBy = actor.Name,
        };
        session.Db.Add(delegation);
        session.Record(options.Force, Subject(delegation),
            $"{options.Force} delegated {options.Scope.Word()} to {receiver.ShortName} until {options.Until:yyyy-MM-dd}.",
            new Dictionary<string, FieldChange> { ["purpose"] = new(null, delegation.Purpose), ["until"] = new(null, $"{options.Until:O}") },
            action: "delegations.granted");
        return await SavedAsync(session, delegation, cancellationToken);
    }

    /// <summary>Moves the end, forward or back.</summary>
    public async Task<Outcome<DelegationModel>> ChangeEndAsync(ActingPrincipal actor, ForceId force, DelegationId id,
        DateTimeOffset until, uint? version, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, force, id, reason, cancellationToken);
        if (await FindAsync(session, force, id, cancellationToken) is not { } delegation) return Failure.NotFound;
        if (version is { } known && known != delegation.Version) return Stale;
        if (delegation.StateAt(session.Now) is DelegationState.Revoked or DelegationState.Lapsed)
            return Failure.Conflict("This delegation has ended, so its end cannot be moved. Grant a new one.");
        if (until <= delegation.From || until <= session.Now || until > session.Now.AddYears(MostYears))
            return Failure.Invalid($"The end lies in the future, after the beginning, and at most {MostYears} years from now.", "until");
        if (until == delegation.Until) return DelegationModel.Of(delegation, session.Now);

        session.Record(force, Subject(delegation), $"The end of the delegation of {delegation.Scope.Word()} to {delegation.To} was moved.",
            new Dictionary<string, FieldChange> { ["until"] = new($"{delegation.Until:O}", $"{until:O}") }, action: "delegations.changed");
        delegation.Until = until;
        return await SavedAsync(session, delegation, cancellationToken);
    }

    /// <summary>Takes it back. What rested on it is gone at the receiver's next request.</summary>
    public async Task<Outcome<DelegationModel>> RevokeAsync(ActingPrincipal actor, ForceId force, DelegationId id,
        string because, string? reason, CancellationToken cancellationToken)
    {
        if (Text(because, "because") is { } invalid) return invalid;
        await using var session = await EnterAsync(actor, force, id, reason ?? because, cancellationToken);
        if (await FindAsync(session, force, id, cancellationToken) is not { } delegation) return Failure.NotFound;
        if (delegation.StateAt(session.Now) is DelegationState.Revoked or DelegationState.Lapsed)
            return DelegationModel.Of(delegation, session.Now);

        (delegation.RevokedAt, delegation.RevokedBy, delegation.RevokedBecause) = (session.Now, actor.Name, because.Trim());
        session.Record(force, Subject(delegation), $"{force} revoked the delegation of {delegation.Scope.Word()} to {delegation.To}.",
            new Dictionary<string, FieldChange> { ["state"] = new("InForce", "Revoked") }, action: "delegations.revoked");
        return await SavedAsync(session, delegation, cancellationToken);
    }

    private static Failure? Rules(GrantOptions options, DateTimeOffset from, DateTimeOffset now)
    {
        if (!Enum.IsDefined(options.Scope)) return Failure.Invalid("There is no such scope.", "scope");
        if (options.To == options.Force) return Failure.Invalid("A force needs no delegation for its own records.", "to");
        if (options.To == ForceId.Centre && !options.Scope.MayGoToCentre())
            return Failure.Invalid("Evidence, case files and public reports are never delegated to the Centre: it sees the security of everything and the content of nothing.", "scope");
        if (from < now.AddMinutes(-5)) return Failure.Invalid("A delegation does not begin in the past.", "from");
        if (options.Until <= from) return Failure.Invalid("The end lies after the beginning.", "until");
        return options.Until > from.AddYears(MostYears)
            ? Failure.Invalid($"A delegation lasts at most {MostYears} years; it is renewed by a new decision.", "until") : null;
    }

    private static Failure? Text(string text, string field) => text.Trim().Length is < 5 or > 500
        ? Failure.Invalid("Say it in 5 to 500 characters.", field) : null;

    private static readonly Failure Stale = Failure.Conflict(
        "Somebody else changed this delegation in the meantime, so your change was not saved. Load it again and repeat your change.");

    private Task<HouseSession> EnterAsync(ActingPrincipal actor, ForceId force, DelegationId id, string? reason, CancellationToken cancellationToken) =>
        house.EnterAsync(actor, new Access(Permissions.DelegationsGrant) { Force = force, Subject = $"delegation/{id}", Reason = reason }, cancellationToken);

    private static Task<Delegation?> FindAsync(HouseSession session, ForceId force, DelegationId id, CancellationToken cancellationToken) =>
        session.Db.Set<Delegation>().SingleOrDefaultAsync(d => d.Id == id && d.ForceId == force, cancellationToken);

    private static async Task<Outcome<DelegationModel>> SavedAsync(
        HouseSession session, Delegation delegation, CancellationToken cancellationToken)
    {
        var saved = await session.CommitAsync(cancellationToken);
        return saved.Succeeded ? DelegationModel.Of(delegation, session.Now) : saved.Failure;
    }

    private static string Subject(Delegation delegation) => $"delegation/{delegation.Id}";
}
