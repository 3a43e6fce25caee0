using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.SignIn.Tenants;

/// <summary>Registers a tenant.</summary>
internal sealed record RegisterTenant
{
    public required Guid TenantId { get; init; }

    public required string ClientId { get; init; }

    public required string ClientSecret { get; init; }

    public required string DisplayName { get; init; }

    public string? Authority { get; init; }
}

/// <summary>What a force's administrators do about its tenants and whose identity in them is whose.</summary>
internal sealed class TenantOperations(IHouse house, IOptions<TenantOptions> options, TenantSecrets secrets)
{
    public async Task<IReadOnlyList<TenantRegistration>> ListAsync(ActingPrincipal actor, ForceId force, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.SignInRead) { Force = force }, cancellationToken);
        return await session.Db.Set<TenantRegistration>().AsNoTracking()
            .Where(r => r.ForceId == force).OrderBy(r => r.CreatedAt).ToListAsync(cancellationToken);
    }

    public async Task<Outcome<TenantRegistration>> RegisterAsync(
        ActingPrincipal actor, ForceId force, RegisterTenant asked, CancellationToken cancellationToken)
    {
        if (asked.TenantId == Guid.Empty) return Failure.Invalid("Give the tenant's id, a GUID from the overview page of Entra ID.", "tenantId");
        if (!IsText(asked.ClientId, 100)) return Failure.Invalid("Give the application (client) id, at most 100 characters.", "clientId");
        if (!IsText(asked.ClientSecret, 500)) return Failure.Invalid("Give the client secret's value, at most 500 characters.", "clientSecret");
        if (!IsText(asked.DisplayName, 100)) return Failure.Invalid("Give a name of at most 100 characters.", "displayName");
        if (asked.Authority is { } authority && (authority.Length > 300 || !options.Value.Allows(authority)))
            return Failure.Invalid("This authority is not one that the operator of the centre allows. Leave it out for Microsoft's public cloud.", "authority");

        await using var session = await house.EnterAsync(actor, new Access(Permissions.SignInManage) { Force = force }, cancellationToken);
        if (await session.Db.Set<TenantRegistration>().AnyAsync(r => r.ForceId == force && r.TenantId == asked.TenantId, cancellationToken))
            return Failure.Conflict("This tenant is registered for this organisation already. Remove it first to register it anew.");
        var registration = new TenantRegistration
        {
            Id = session.NewId<TenantRegistrationId>(),
            ForceId = force,
            TenantId = asked.TenantId,
            ClientId = asked.ClientId.Trim(),
            SealedSecret = secrets.Seal(asked.ClientSecret.Trim()),
            DisplayName = asked.DisplayName.Trim(),
            Authority = asked.Authority?.TrimEnd('/'),
            Enabled = true,
            CreatedAt = session.Now,
            CreatedBy = actor.Name,
        };
        session.Db.Add(registration);
        session.Record(force, $"tenant/{registration.Id}", $"The tenant '{registration.DisplayName}' was registered for sign-in.",
            new Dictionary<string, FieldChange>
            {
                ["tenantId"] = new(null, registration.TenantId.ToString()),
                ["clientId"] = new(null, registration.ClientId),
                ["issuer"] = new(null, registration.Issuer),
            });
        var saved = await session.CommitAsync(cancellationToken);
        return saved.Succeeded ? registration : saved.Failure;
    }

    public async Task<Outcome<Done>> RemoveAsync(
        ActingPrincipal actor, ForceId force, TenantRegistrationId id, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.SignInManage) { Force = force }, cancellationToken);
        var registration = await session.Db.Set<TenantRegistration>()
            .SingleOrDefaultAsync(r => r.Id == id && r.ForceId == force, cancellationToken);
        if (registration is null) return Failure.NotFound;
        session.Db.Remove(registration);
        session.Record(force, $"tenant/{id}", $"The tenant '{registration.DisplayName}' was removed from sign-in.",
            new Dictionary<string, FieldChange> { ["tenantId"] = new(registration.TenantId.ToString(), null) });
        return await session.CommitAsync(cancellationToken);
    }

    /// <summary>Says which (tid, oid) a person of this force is; one for each tenant.</summary>
    public async Task<Outcome<Done>> LinkAsync(
        ActingPrincipal actor, ForceId force, PersonId person, Guid tenant, Guid obj, CancellationToken cancellationToken)
    {
        if (obj == Guid.Empty) return Failure.Invalid("Give the object id of the user, a GUID from Entra ID.", "objectId");
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.PeopleManage) { Force = force, Subject = $"person/{person}" }, cancellationToken);
        var db = session.Db;
        if (await db.Set<Person>().SingleOrDefaultAsync(
                p => p.Id == person && p.ForceId == force && p.Status != PersonStatus.Left, cancellationToken) is not { } who)
            return Failure.NotFound;
        if (actor.Subject == person.ToString())
            return Failure.Refused("Nobody links their own identity. Ask another administrator of your organisation.");
        if (!await db.Set<TenantRegistration>().AnyAsync(r => r.ForceId == force && r.TenantId == tenant, cancellationToken))
            return Failure.Invalid("This tenant is not registered for this organisation. Register it first.", "tenantId");
        var same = await db.Set<ExternalIdentity>().SingleOrDefaultAsync(
            i => i.ForceId == force && i.TenantId == tenant && i.ObjectId == obj, cancellationToken);
        if (same?.PersonId == person) return default(Done);
        if (same is not null)
        {
            if (await db.Set<Person>().AnyAsync(p => p.Id == same.PersonId && p.ForceId == force && p.Status != PersonStatus.Left, cancellationToken))
                return Failure.Conflict("Somebody else of this organisation has this identity. Correct that person first.");
            // Its person left or moved away; identities are not kept for them.
            db.Remove(same);
        }

        var old = await db.Set<ExternalIdentity>().SingleOrDefaultAsync(
            i => i.ForceId == force && i.PersonId == person && i.TenantId == tenant, cancellationToken);
        if (old is not null) db.Remove(old);
        db.Add(new ExternalIdentity
        {
            ForceId = force,
            PersonId = person,
            TenantId = tenant,
            ObjectId = obj,
            LinkedAt = session.Now,
            LinkedBy = actor.Name,
        });
        session.Record(force, $"person/{person}", $"{who.Name} was linked to an identity of the force's directory.",
            new Dictionary<string, FieldChange> { ["externalIdentity"] = new(old is null ? null : $"{old.TenantId}/{old.ObjectId}", $"{tenant}/{obj}") },
            action: "credential.linked");
        return await session.CommitAsync(cancellationToken);
    }

    private static bool IsText(string? text, int most) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= most && !text.Any(char.IsControl);
}

/// <summary>Keeps clients' secrets of tenants sealed in the database.</summary>
internal sealed class TenantSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Watchhouse.SignIn.TenantSecret");

    public string Seal(string secret) => _protector.Protect(secret);

    public string Open(string sealedSecret) => _protector.Unprotect(sealedSecret);
}
