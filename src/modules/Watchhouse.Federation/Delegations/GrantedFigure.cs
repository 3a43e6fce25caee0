using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Overview;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Delegations;

/// <summary>
/// For how many purposes the principal's own force lets the Centre see its records. Other forces' figures are not the
/// force's to know; the middle of the nation is, since it names nobody.
/// </summary>
internal sealed class GrantedFigure(IHouse house, IOrganisations organisations, TimeProvider clock) : IForceFigure
{
    private static readonly int Possible = DelegationScopes.All.Count(s => s.MayGoToCentre());

    public string Key => "granted";

    public string Title => "Delegated to the Centre";

    public string Explanation =>
        "For how many purposes your force lets the Centre see its records now. For the others, nobody watches for you.";

    public Permission Permission => Permissions.OverviewRead;

    public int Order => 890;

    public async Task<IReadOnlyDictionary<ForceId, ForceValue>> ReadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        if (principal.IsCentre) return new Dictionary<ForceId, ForceValue>();
        var counts = await CountAsync(cancellationToken);
        if (!counts.TryGetValue(principal.Home, out var count)) return new Dictionary<ForceId, ForceValue>();
        var tone = count == 0 ? FigureTone.Bad : count < 3 ? FigureTone.Watch : FigureTone.Good;
        return new Dictionary<ForceId, ForceValue> { [principal.Home] = new(count, Words(count), tone) };
    }

    public async Task<string?> MedianAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        var counts = (await CountAsync(cancellationToken)).Values.Order().ToList();
        return counts.Count < 5 ? null : Words(counts[counts.Count / 2]);
    }

    /// <summary>Every force of today, those that delegate nothing included.</summary>
    private async Task<Dictionary<ForceId, int>> CountAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var session = await house.EnterAsync(
            ActingPrincipal.ForJob("delegation figures"), new Access(Permissions.OverviewRead), cancellationToken);
        var given = await session.Db.Set<Delegation>().AsNoTracking()
            .Where(d => d.To == ForceId.Centre && d.RevokedAt == null && d.From <= now && d.Until > now)
            .Select(d => new { d.ForceId, d.Scope }).Distinct().ToListAsync(cancellationToken);
        var counts = given.CountBy(d => d.ForceId).ToDictionary();
        return (await organisations.ListAsync(cancellationToken)).Where(o => o.IsForce)
            .ToDictionary(o => o.Id, o => counts.GetValueOrDefault(o.Id));
    }

    private static string Words(int count) => $"{count} of {Possible}";
}

/// <summary>The overview's list of what the own organisation lets others see.</summary>
internal sealed class GrantedInBrief(IHouse house) : IDelegationsInBrief
{
    public async Task<IReadOnlyList<DelegationInBrief>?> GrantedAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        if (!principal.Holds(Permissions.DelegationsRead)) return null;
        // A glance at one's own organisation; the page behind it, which names people and purposes, is logged.
        var access = new Access(Permissions.DelegationsRead) { Force = principal.Home, Logged = false };
        try
        {
            await using var session = await house.EnterAsync(principal, access, cancellationToken);
            return await ReadAsync(session, principal.Home, cancellationToken);
        }
        catch (AccessRefusedException refused) when (refused.Failure.Kind == FailureKind.ReasonRequired)
        {
            // The page behind it asks for the reason; an overview does not.
            return null;
        }
    }

    private static async Task<IReadOnlyList<DelegationInBrief>> ReadAsync(
        HouseSession session, ForceId home, CancellationToken cancellationToken)
    {
        var all = await session.Db.Set<Delegation>().AsNoTracking()
            .Where(d => d.ForceId == home && d.RevokedAt == null && d.From <= session.Now && d.Until > session.Now)
            .OrderBy(d => d.Until).ThenBy(d => d.Scope).ToListAsync(cancellationToken);
        return [.. all.Select(d => new DelegationInBrief(d.To, d.Scope, d.Until))];
    }
}
