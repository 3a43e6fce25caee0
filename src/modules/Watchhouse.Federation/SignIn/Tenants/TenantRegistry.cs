using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.Organisations;
using Watchhouse.Federation.People;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.SignIn.Tenants;

/// <summary>A force on the sign-in page.</summary>
internal sealed record TenantChoice(ForceId Force, string Name, TenantRegistrationId Id, string DisplayName);

/// <summary>Reads the registrations, which are the list of issuers that are believed, and finds whom a token is about.</summary>
internal sealed class TenantRegistry(IHouse house)
{
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("sign-in");
    private static readonly Access Reading = new(Permissions.SignInRead) { Logged = false };

    public async Task<IReadOnlyList<TenantChoice>> ListAsync(CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, Reading, cancellationToken);
        return await session.Db.Set<TenantRegistration>().AsNoTracking().Where(r => r.Enabled)
            .Join(session.Db.Set<Organisation>(), r => r.ForceId, o => o.Id, (r, o) => new { r, o })
            .OrderBy(x => x.o.ShortName).ThenBy(x => x.r.DisplayName)
            .Select(x => new TenantChoice(x.r.ForceId, x.o.ShortName, x.r.Id, x.r.DisplayName))
            .ToListAsync(cancellationToken);
    }

    /// <summary>The force's registration: the one named, or its first.</summary>
    public async Task<TenantRegistration?> FindAsync(ForceId force, TenantRegistrationId? id, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, Reading, cancellationToken);
        return await session.Db.Set<TenantRegistration>().AsNoTracking()
            .Where(r => r.ForceId == force && r.Enabled && (id == null || r.Id == id))
            .OrderBy(r => r.CreatedAt).FirstOrDefaultAsync(cancellationToken);
    }

    public async Task<TenantRegistration?> FindAsync(TenantRegistrationId id, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, Reading, cancellationToken);
        return await session.Db.Set<TenantRegistration>().AsNoTracking()
            .SingleOrDefaultAsync(r => r.Id == id && r.Enabled, cancellationToken);
    }

    /// <summary>
    /// Whom (tid, oid) names. Forces may share a tenant, and each says for its own people who is who: the force whose
    /// registration began the sign-in is asked first, then the others that registered the same tenant. Two answers are none.
    /// </summary>
    public async Task<Person?> WhoAsync(TenantRegistration begun, Guid tenant, Guid obj, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, Reading, cancellationToken);
        var db = session.Db;
        var forces = await db.Set<TenantRegistration>().Where(r => r.TenantId == tenant && r.Enabled)
            .Select(r => r.ForceId).Distinct().ToListAsync(cancellationToken);
        if (!forces.Contains(begun.ForceId)) return null;
        var here = await WhoAsync(db, [begun.ForceId], tenant, obj, cancellationToken);
        if (here.Count == 0) here = await WhoAsync(db, forces, tenant, obj, cancellationToken);
        return here.Count == 1 ? here[0] : null;
    }

    private static async Task<List<Person>> WhoAsync(
        HouseDb db, List<ForceId> forces, Guid tenant, Guid obj, CancellationToken cancellationToken)
    {
        var linked = await db.Set<ExternalIdentity>()
            .Where(i => forces.Contains(i.ForceId) && i.TenantId == tenant && i.ObjectId == obj)
            .Join(db.Set<Person>(), i => new { Id = i.PersonId, i.ForceId }, p => new { p.Id, p.ForceId }, (i, p) => p)
            .Where(p => p.Status != PersonStatus.Left)
            .AsNoTracking().ToListAsync(cancellationToken);
        if (linked.Count > 0) return linked;
        // Entra's provisioning service sends the object id as externalId when the force maps it so, as the guide says.
        var (lower, upper) = (obj.ToString("D"), obj.ToString("D").ToUpperInvariant());
        return await db.Set<Person>()
            .Where(p => forces.Contains(p.ForceId) && (p.ExternalId == lower || p.ExternalId == upper) && p.Status != PersonStatus.Left)
            .AsNoTracking().ToListAsync(cancellationToken);
    }
}
