using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Response.Estate;

/// <summary>Sets registrations and limits: decisions of the force alone (law 2).</summary>
internal sealed class EstateOperations(IHouse house, CredentialVault vault, EstateCheck check)
{
    private const int MostOfAForce = 10;

    private static readonly Failure Stale = Failure.Conflict("Somebody else changed this in the meantime. Load it again and repeat your change.");

    public async Task<Outcome<EstateRegistration>> CreateAsync(ActingPrincipal actor, RegistrationInput input, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, reason, cancellationToken);
        var registration = new EstateRegistration { Id = Guid.CreateVersion7(session.Now), ForceId = actor.Home, Name = "", CreatedAt = session.Now, CreatedBy = actor.Name };
        var others = await session.Db.Set<EstateRegistration>().Where(each => each.ForceId == actor.Home).ToListAsync(cancellationToken);
        if (others.Count >= MostOfAForce) return Failure.Conflict($"A force has at most {MostOfAForce} registrations.");
        if (Fill(registration, others, input, isNew: true, session.Now) is { } wrong) return wrong;
        session.Db.Add(registration);
        session.Record(registration.ForceId, Subject(registration), $"The registration '{registration.Name}' for actions in the estate was set up.", Changes(null, registration), action: "estate.registered");
        var done = await session.CommitAsync(cancellationToken);
        return done.Succeeded ? registration : done.Failure;
    }

    public async Task<Outcome<EstateRegistration>> ChangeAsync(ActingPrincipal actor, Guid id, RegistrationInput input, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, reason, cancellationToken);
        var all = await session.Db.Set<EstateRegistration>().Where(each => each.ForceId == actor.Home).ToListAsync(cancellationToken);
        if (all.Find(each => each.Id == id) is not { } registration) return Failure.NotFound;
        if (input.Version is { } version && version != registration.Version) return Stale;
        var before = Changes(null, registration);
        if (Fill(registration, all.FindAll(each => each.Id != id), input, isNew: false, session.Now) is { } wrong) return wrong;
        var changes = Changes(before, registration);
        if (input.Credential is not null || input.CredentialFile is not null) changes["credential"] = new("replaced", "replaced");
        if (changes.Count == 0) return registration;
        // What was tested is no longer what is there.
        (registration.CheckedAt, registration.CheckProblem) = (null, null);
        session.Record(registration.ForceId, Subject(registration), $"The registration '{registration.Name}' for actions in the estate was changed.", changes, action: "estate.changed");
        var done = await session.CommitAsync(cancellationToken);
        return done.Succeeded ? registration : done.Failure;
    }

    public async Task<Outcome<Done>> RemoveAsync(ActingPrincipal actor, Guid id, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, reason, cancellationToken);
        if (await FindAsync(session, actor, id, cancellationToken) is not { } registration) return Failure.NotFound;
        session.Db.Remove(registration);
        session.Record(registration.ForceId, Subject(registration),
            $"The registration '{registration.Name}' for actions in the estate was removed, with its credential.", Changes(Changes(null, registration), null), action: "estate.removed");
        return await session.CommitAsync(cancellationToken);
    }

    /// <summary>Reads what each kind reads, with the registration as it is, and keeps what that met.</summary>
    public async Task<Outcome<List<KindCheck>>> TestAsync(ActingPrincipal actor, Guid id, string? reason, CancellationToken cancellationToken)
    {
        EstateRegistration tested;
        await using (var session = await EnterAsync(actor, reason, cancellationToken))
        {
            if (await FindAsync(session, actor, id, cancellationToken) is not { } found) return Failure.NotFound;
            if (found.Kinds.Count == 0) return Failure.Conflict("No kind of action is switched on, so there is nothing to test.");
            tested = found;
        }

        var checks = await check.RunAsync(tested, cancellationToken);
        await using var writing = await EnterAsync(actor, reason, cancellationToken);
        if (await FindAsync(writing, actor, id, cancellationToken) is not { } registration) return Failure.NotFound;
        // Changed while it was tested: the answer is of what was.
        if (registration.Version != tested.Version) return Stale;
        var problem = string.Join(' ', checks.Where(each => !each.Ok).Select(each => $"{EstateKinds.Of(each.Kind).Title}: {each.Words}"));
        registration.CheckedAt = writing.Now;
        registration.CheckProblem = problem.Length == 0 ? null : problem.Length <= EstateRegistration.LongestWords ? problem : problem[..EstateRegistration.LongestWords];
        writing.Record(registration.ForceId, Subject(registration),
            $"The connection of the registration '{registration.Name}' was tested: {(problem.Length == 0 ? "all is well" : "something is lacking")}.", action: "estate.tested");
        var done = await writing.CommitAsync(cancellationToken);
        return done.Succeeded ? checks : done.Failure;
    }

    public async Task<Outcome<EstateLimits>> SetLimitsAsync(ActingPrincipal actor, LimitsInput input, string? reason, CancellationToken cancellationToken)
    {
        var never = input.Never?.Select(name => name?.Trim() ?? "").Where(name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (never?.Count > EstateLimits.MostNames) return Failure.Invalid($"At most {EstateLimits.MostNames} names.", "never");
        if (never?.Find(name => name.Length > EstateLimits.LongestTarget || name.Any(char.IsControl)) is not null)
            return Failure.Invalid($"A name has at most {EstateLimits.LongestTarget} characters and stands on a line of its own.", "never");
        await using var session = await EnterAsync(actor, reason, cancellationToken);
        var limits = await session.Db.Set<EstateLimits>().SingleOrDefaultAsync(each => each.ForceId == actor.Home, cancellationToken);
        if (input.Version is { } version && version != (limits?.Version ?? 0)) return Stale;
        if (limits is null)
        {
            limits = new EstateLimits { Id = Guid.CreateVersion7(session.Now), ForceId = actor.Home };
            session.Db.Add(limits);
        }

        var changes = new Dictionary<string, FieldChange>();
        if (never is not null && !never.SequenceEqual(limits.Never, StringComparer.Ordinal))
        {
            changes["never"] = new(string.Join(", ", limits.Never), string.Join(", ", never));
            limits.Never = never;
        }

        if (input.ServersToo is { } servers && servers != limits.ServersToo)
        {
            changes["serversToo"] = new($"{limits.ServersToo}", $"{servers}");
            limits.ServersToo = servers;
        }

        if (changes.Count == 0) return limits;
        session.Record(limits.ForceId, "estate/limits", "What is never done in the estate was changed.", changes, action: "estate.limits");
        var done = await session.CommitAsync(cancellationToken);
        return done.Succeeded ? limits : done.Failure;
    }

    private Failure? Fill(EstateRegistration registration, List<EstateRegistration> others, RegistrationInput input, bool isNew, DateTimeOffset now)
    {
        registration.Name = (input.Name ?? registration.Name).Trim();
        if (registration.Name.Length is 0 or > EstateRegistration.LongestName) return Failure.Invalid($"Give it a name of 1 to {EstateRegistration.LongestName} characters.", "name");
        if (input.Kinds is { } kinds)
        {
            if (kinds.Any(kind => !Enum.IsDefined(kind))) return Failure.Invalid($"The kinds are {string.Join(", ", Enum.GetNames<EstateActionKind>())}.", "kinds");
            foreach (var kind in kinds)
                if (others.Find(other => other.Allows(kind)) is { } other)
                    return Failure.Invalid($"'{EstateKinds.Of(kind).Title}' is switched on in the registration '{other.Name}'. Switch it off there first.", "kinds");
            registration.Kinds = [.. kinds.Distinct().Order().Select(kind => kind.ToString())];
        }

        var (tenant, client) = (input.TenantId ?? registration.TenantId, input.ClientId ?? registration.ClientId);
        if (tenant == Guid.Empty) return Failure.Invalid("Give the tenant's id, a GUID from the overview page of Entra ID.", "tenantId");
        if (client == Guid.Empty) return Failure.Invalid("Give the application (client) id, a GUID.", "clientId");
        var isGiven = input.Credential is not null || input.CredentialFile is not null;
        // A credential is not sent anywhere else than where its owner meant it to go.
        if (!isNew && !isGiven && (tenant, client) != (registration.TenantId, registration.ClientId))
            return Failure.Invalid("With another tenant or application goes its credential.", "credential");
        (registration.TenantId, registration.ClientId) = (tenant, client);

        var kindOf = input.CredentialKind ?? (isNew ? CredentialKind.Certificate : registration.Credential);
        if (kindOf is not (CredentialKind.Certificate or CredentialKind.Secret)) return Failure.Invalid("A registration proves itself with a certificate or a secret.", "credentialKind");
        if (!isNew && !isGiven)
        {
            if (kindOf != registration.Credential) return Failure.Invalid("With another kind of credential goes the credential itself.", "credential");
            if (kindOf == CredentialKind.Secret && input.CredentialExpiresAt is { } expires) registration.CredentialExpiresAt = expires;
            return null;
        }

        var kept = vault.Keep(EstatePurpose.Acting, registration.ForceId, kindOf, input.Credential, input.CredentialFile, input.CredentialExpiresAt, now);
        if (!kept.Succeeded) return kept.Failure;
        (registration.Credential, registration.SealedCredential, registration.CredentialFile, registration.CredentialExpiresAt) =
            (kept.Value.Kind, kept.Value.Sealed, kept.Value.File, kept.Value.ExpiresAt);
        return null;
    }

    private Task<HouseSession> EnterAsync(ActingPrincipal actor, string? reason, CancellationToken cancellationToken) =>
        house.EnterAsync(actor, new Access(Permissions.EstateManage) { Reason = reason }, cancellationToken);

    private static Task<EstateRegistration?> FindAsync(HouseSession session, ActingPrincipal actor, Guid id, CancellationToken cancellationToken) =>
        session.Db.Set<EstateRegistration>().SingleOrDefaultAsync(each => each.Id == id && each.ForceId == actor.Home, cancellationToken);

    private static string Subject(EstateRegistration registration) => $"estate/{registration.Id}";

    // Old and new by field; of the credential only what kind it is and when it lapses.
    private static Dictionary<string, FieldChange> Changes(Dictionary<string, FieldChange>? before, EstateRegistration? after)
    {
        var now = after is null ? [] : new Dictionary<string, string?>
        {
            ["name"] = after.Name,
            ["tenantId"] = after.TenantId.ToString(),
            ["clientId"] = after.ClientId.ToString(),
            ["credentialKind"] = after.Credential.ToString(),
            ["credentialExpiresAt"] = after.CredentialExpiresAt?.UtcDateTime.ToString("u", CultureInfo.InvariantCulture),
            ["kinds"] = string.Join(' ', after.Kinds),
        };
        var changes = new Dictionary<string, FieldChange>();
        foreach (var name in now.Keys.Union(before is null ? [] : before.Keys))
        {
            var old = before?.GetValueOrDefault(name)?.To;
            if (old != now.GetValueOrDefault(name)) changes[name] = new(old, now.GetValueOrDefault(name));
        }

        return changes;
    }
}
