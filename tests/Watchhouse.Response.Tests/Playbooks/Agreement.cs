using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Operations;
using Watchhouse.Response.Estate;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Tests.Playbooks;

/// <summary>What was just done in an estate had been agreed to: by enough people of the force, none of whom had asked, or by a standing authority.</summary>
internal static class Agreement
{
    /// <param name="mayApprove">Whether a person (its subject) is of the force and in a role that decides.</param>
    public static async Task HoldsAsync(HouseSession session, Guid id, DateTimeOffset now, Func<EstateRequest, string, bool> mayApprove)
    {
        var stop = TestContext.Current.CancellationToken;
        var request = await session.Db.Set<EstateRequest>().AsNoTracking().SingleAsync(each => each.Id == id, stop);
        var destructive = request.Kind is EstateActionKind.IsolateDevice or EstateActionKind.DisableAccount;
        if (request.AuthorityId is { } authority)
        {
            var standing = await session.Db.Set<StandingAuthority>().AsNoTracking().SingleAsync(each => each.Id == authority, stop);
            Assert.Null(request.Undoes);
            Assert.True(standing.ForceId == request.ForceId && standing.RevokedAt is null && standing.Until > now && standing.Kinds.Contains(request.Kind.ToString()) && request.Severity >= standing.LeastSeverity);
            Assert.True(!destructive || (standing.ConfirmedBy is not null && standing.ConfirmedBy != standing.GrantedBy));
            return;
        }

        var decisions = await session.Db.Set<EstateDecision>().AsNoTracking().Where(each => each.RequestId == id).ToListAsync(stop);
        var people = decisions.Where(each => each.Agrees).Select(each => each.PersonId).Distinct().ToList();
        Assert.True(people.Count >= (destructive ? 2 : 1), $"{request.Kind} was done with the agreement of {people.Count}.");
        Assert.DoesNotContain(request.RequestedById, people);
        Assert.All(people, person => Assert.True(mayApprove(request, person), $"{person} agreed to what is done in {request.ForceId}."));
        Assert.DoesNotContain(decisions, each => !each.Agrees);
    }
}
