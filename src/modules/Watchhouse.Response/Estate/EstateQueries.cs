using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Estate;

/// <summary>Reads what is possible in the estates of the forces in sight.</summary>
internal sealed class EstateQueries(IHouse house)
{
    public async Task<EstateView> ReadAsync(ActingPrincipal actor, ForceId? force, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.EstateRead) { Force = force, Subject = "estate", Reason = reason }, cancellationToken);
        var registrations = await session.Db.Set<EstateRegistration>().AsNoTracking().Where(each => force == null || each.ForceId == force)
            .OrderBy(each => each.ForceId).ThenBy(each => each.Name).ToListAsync(cancellationToken);
        var limits = await session.Db.Set<EstateLimits>().AsNoTracking().Where(each => force == null || each.ForceId == force)
            .OrderBy(each => each.ForceId).ToListAsync(cancellationToken);
        return new EstateView([.. registrations.Select(each => Answer(each, actor))], [.. limits.Select(each => Answer(each, actor))]);
    }

    public static RegistrationAnswer Answer(EstateRegistration one, ActingPrincipal actor)
    {
        var isOwn = one.ForceId == actor.Home;
        return new RegistrationAnswer(one.Id, one.ForceId, one.Name, isOwn ? one.TenantId : null, isOwn ? one.ClientId : null, one.Credential,
            isOwn ? one.CredentialFile : null, one.CredentialExpiresAt, [.. EstateKinds.All.Select(facts => facts.Kind).Where(one.Allows)], one.Version,
            one.CreatedAt, one.CreatedBy, one.CheckedAt, one.CheckProblem);
    }

    // Which accounts a force keeps for emergencies is nobody else's to know.
    public static LimitsAnswer Answer(EstateLimits one, ActingPrincipal actor) =>
        new(one.ForceId, one.ForceId == actor.Home ? one.Never : null, one.Never.Count, one.ServersToo, one.Version);
}
