using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Overview;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Delegations;

/// <summary>
/// How many purposes each force has delegated to the principal's organisation. The receiver is party to a delegation,
/// so the figure needs no further right; nothing of the records behind it is read.
/// </summary>
internal sealed class DelegatedFigure(IOrganisations organisations) : IForceFigure
{
    public string Key => "delegated";

    public string Title => "Delegated to us";

    public string Explanation =>
        "For how many purposes each force lets your organisation see its records now. With none, you see nothing of it.";

    public Permission Permission => Permissions.OverviewRead;

    public int Order => 900;

    public async Task<IReadOnlyDictionary<ForceId, ForceValue>> ReadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        var possible = DelegationScopes.All.Count(s => principal.Home != ForceId.Centre || s.MayGoToCentre());
        var held = principal.Delegations.GroupBy(d => d.From).ToDictionary(g => g.Key, g => g.Select(d => d.Scope).Distinct().Count());
        return (await organisations.ListAsync(cancellationToken)).Where(o => o.IsForce && o.Id != principal.Home).ToDictionary(o => o.Id, o =>
        {
            var count = held.GetValueOrDefault(o.Id);
            // The Centre watches every force, so none is a gap; a force sees another's records only by exception.
            var tone = principal.IsCentre
                ? count == 0 ? FigureTone.Bad : count < 3 ? FigureTone.Watch : FigureTone.Good
                : count == 0 ? FigureTone.Neutral : FigureTone.Good;
            return new ForceValue(count, $"{count} of {possible}", tone);
        });
    }
}

/// <summary>How long until the first delegation of each force lapses: what must be renewed before sight is lost.</summary>
internal sealed class LapsingFigure(TimeProvider clock) : IForceFigure
{
    public string Key => "lapsing";

    public string Title => "Next delegation to lapse";

    public string Explanation => "Days until the first of a force's delegations to your organisation ends. Ask the force to renew it in time.";

    public Permission Permission => Permissions.OverviewRead;

    public int Order => 910;

    public Task<IReadOnlyDictionary<ForceId, ForceValue>> ReadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        IReadOnlyDictionary<ForceId, ForceValue> values = principal.Delegations.GroupBy(d => d.From).ToDictionary(g => g.Key, g =>
        {
            var days = Math.Floor((g.Min(d => d.Until) - now).TotalDays);
            return new ForceValue(days, days < 1 ? "today" : $"{days:0} days",
                days < 14 ? FigureTone.Bad : days < 45 ? FigureTone.Watch : FigureTone.Good);
        });
        return Task.FromResult(values);
    }
}

/// <summary>Delegations that end soon, on the list of what needs a person.</summary>
internal sealed class LapsingDelegations(IHouse house, TimeProvider clock) : IAttentionSource
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    public async Task<IReadOnlyList<AttentionItem>> ReadAsync(ActingPrincipal principal, int most, CancellationToken cancellationToken)
    {
        if (!principal.Holds(Permissions.DelegationsRead)) return [];
        var now = clock.GetUtcNow();
        var until = now + Soon;
        // Both sides of a delegation may know of it, so the job reads and the filter names the side.
        await using var session = await house.EnterAsync(
            ActingPrincipal.ForJob("delegations held"), new Access(Permissions.DelegationsRead), cancellationToken);
        var ending = await session.Db.Set<Delegation>().AsNoTracking()
            .Where(d => (d.To == principal.Home || d.ForceId == principal.Home) && d.RevokedAt == null && d.Until > now && d.Until <= until)
            .OrderBy(d => d.Until).Take(most).ToListAsync(cancellationToken);
        return [.. ending.Select(d => new AttentionItem(d.ForceId,
            d.ForceId == principal.Home
                ? $"Your delegation of {d.Scope.Word()} to {d.To} ends; renew it or let it lapse"
                : $"Delegation of {d.Scope.Word()} ends; ask the force to renew it",
            d.ForceId == principal.Home ? "/delegations" : "/delegations?view=held", d.Until, "Delegation"))];
    }
}
