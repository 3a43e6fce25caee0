using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Estate;

namespace Watchhouse.Response.Playbooks;

internal sealed record AuthorityOptions
{
    public required string Purpose { get; init; }

    public required IReadOnlyList<string> Kinds { get; init; }

    public required string Target { get; init; }

    public required int MostPerDay { get; init; }

    public required Severity LeastSeverity { get; init; }

    public required DateTimeOffset Until { get; init; }
}

/// <summary>Standing authorities: granted, confirmed and revoked by the force alone.</summary>
internal sealed class AuthorityOperations(IHouse house, RunSignal signal)
{
    public async Task<Outcome<Guid>> GrantAsync(ActingPrincipal actor, AuthorityOptions options, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, null, cancellationToken);
        if (Fault(options, session.Now) is { } fault) return fault;
        var authority = new StandingAuthority
        {
            Id = Guid.CreateVersion7(session.Now), ForceId = actor.Home, Purpose = options.Purpose.Trim(), Kinds = [.. options.Kinds.Distinct()], Target = options.Target.Trim(),
            MostPerDay = options.MostPerDay, LeastSeverity = options.LeastSeverity, GrantedAt = session.Now, GrantedBy = actor.Name, GrantedById = actor.Subject, Until = options.Until,
        };
        session.Db.Add(authority);
        session.Record(actor.Home, $"authority/{authority.Id}", $"{actor.Home} gave a standing authority until {options.Until:yyyy-MM-dd}: {authority.Purpose}",
            new Dictionary<string, FieldChange> { ["kinds"] = new(null, string.Join(", ", authority.Kinds)), ["target"] = new(null, authority.Target), ["mostPerDay"] = new(null, $"{authority.MostPerDay}"), ["leastSeverity"] = new(null, $"{authority.LeastSeverity}") },
            action: "authorities.granted");
        return await SavedAsync(session, authority, cancellationToken);
    }

    /// <summary>A second person agrees to one that covers destructive actions.</summary>
    public async Task<Outcome<Guid>> ConfirmAsync(ActingPrincipal actor, Guid id, uint? version, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, id, cancellationToken);
        if (await FindAsync(session, actor, id, cancellationToken) is not { } authority) return Failure.NotFound;
        if (version is { } known && known != authority.Version) return Stale;
        if (authority.RevokedAt is not null || authority.Until <= session.Now) return Failure.Conflict("This authority has ended, so it cannot be confirmed. Grant a new one.");
        if (!authority.NeedsTwo || authority.ConfirmedAt is not null) return Failure.Conflict("This authority needs no confirmation: it is in force.");
        if (authority.GrantedById == actor.Subject) return Failure.Conflict("You granted this authority yourself, so somebody else of the force confirms it.");
        (authority.ConfirmedAt, authority.ConfirmedBy) = (session.Now, actor.Name);
        session.Record(actor.Home, $"authority/{id}", $"The standing authority '{authority.Purpose}' was confirmed by a second person.", action: "authorities.confirmed");
        return await SavedAsync(session, authority, cancellationToken);
    }

    /// <summary>Takes it back. What is approved under it and not sent yet is not sent.</summary>
    public async Task<Outcome<Guid>> RevokeAsync(ActingPrincipal actor, Guid id, string because, CancellationToken cancellationToken)
    {
        if (RunOperations.Sentence(because, "because") is { } invalid) return invalid;
        await using var session = await EnterAsync(actor, id, cancellationToken);
        if (await FindAsync(session, actor, id, cancellationToken) is not { } authority) return Failure.NotFound;
        if (authority.RevokedAt is not null) return id;
        (authority.RevokedAt, authority.RevokedBy, authority.RevokedBecause) = (session.Now, actor.Name, RunOperations.Cut(because.Trim(), 500));
        session.Record(actor.Home, $"authority/{id}", $"{actor.Home} revoked the standing authority '{authority.Purpose}'.", action: "authorities.revoked");
        return await SavedAsync(session, authority, cancellationToken);
    }

    private static Failure? Fault(AuthorityOptions options, DateTimeOffset now)
    {
        if (options.Purpose.Trim().Length is < 5 or > 500) return Failure.Invalid("Say in 5 to 500 characters what it is for.", "purpose");
        if (options.Kinds.Count == 0 || options.Kinds.Any(kind => !Enum.TryParse<EstateActionKind>(kind, out var one) || one.ToString() != kind))
            return Failure.Invalid($"Give the kinds of actions that it covers: {string.Join(", ", Enum.GetNames<EstateActionKind>())}.", "kinds");
        if (options.Target.Trim().Length is < 1 or > 300) return Failure.Invalid("Give the targets that it covers; * stands for any characters.", "target");
        if (options.MostPerDay is < 1 or > 1_000) return Failure.Invalid("It allows 1 to 1,000 actions within 24 hours.", "mostPerDay");
        if (!Enum.IsDefined(options.LeastSeverity)) return Failure.Invalid("The severity is Low, Medium, High or Critical.", "leastSeverity");
        return options.Until <= now || options.Until > now.AddDays(StandingAuthority.MostDays)
            ? Failure.Invalid("It ends in the future and within a year; it is renewed by a new decision.", "until") : null;
    }

    private static readonly Failure Stale = Failure.Conflict("Somebody else changed this authority in the meantime, so your change was not saved. Load it again and repeat your change.");

    private Task<HouseSession> EnterAsync(ActingPrincipal actor, Guid? id, CancellationToken cancellationToken) =>
        house.EnterAsync(actor, new Access(Permissions.AuthoritiesGrant) { Force = actor.Home, Subject = id is null ? "" : $"authority/{id}" }, cancellationToken);

    private static Task<StandingAuthority?> FindAsync(HouseSession session, ActingPrincipal actor, Guid id, CancellationToken cancellationToken) =>
        session.Db.Set<StandingAuthority>().FirstOrDefaultAsync(each => each.Id == id && each.ForceId == actor.Home, cancellationToken);

    private async Task<Outcome<Guid>> SavedAsync(HouseSession session, StandingAuthority authority, CancellationToken cancellationToken)
    {
        var saved = await session.CommitAsync(cancellationToken);
        if (!saved.Succeeded) return saved.Failure;
        signal.Raise(authority.ForceId);
        return authority.Id;
    }
}
