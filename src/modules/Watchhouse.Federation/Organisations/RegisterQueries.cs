using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Organisations;

/// <summary>A row of the register's page.</summary>
/// <param name="Summary">Public facts.</param>
/// <param name="Districts">How many districts it polices today.</param>
/// <param name="Until">The first day on which it no longer exists.</param>
/// <param name="Ended">Whether that day has come.</param>
/// <param name="Successors">Who follows, by tag.</param>
internal sealed record RegisterListing(
    OrganisationSummary Summary, string? WelshName, int Districts, DateOnly? From, DateOnly? Until, bool Ended, IReadOnlyList<string> Successors);

/// <summary>The register as its pages read it: with those that ended.</summary>
internal sealed class RegisterQueries(IHouse house, Register register, TimeProvider clock)
{
    public async Task<IReadOnlyList<RegisterListing>> ListAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        var today = Today;
        await using var session = await house.EnterAsync(principal, new Access(Permissions.OrganisationsRead), cancellationToken);
        var all = await session.Db.Set<Organisation>().AsNoTracking().OrderBy(o => o.ShortName).ToListAsync(cancellationToken);
        var districts = await session.Db.Set<Area>().AsNoTracking().Where(a => a.Until == null)
            .GroupBy(a => a.Force).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        var successions = await session.Db.Set<Succession>().AsNoTracking()
            .Where(s => s.Kind != SuccessionKind.Rename).ToListAsync(cancellationToken);
        return [.. all.Select(o => new RegisterListing(Register.Summary(o), o.WelshName, districts.GetValueOrDefault(o.Id), o.From, o.Until,
            o.Until <= today, [.. successions.Where(s => s.Predecessors.Contains(o.Id.Value)).SelectMany(s => s.Successors).Distinct()]))];
    }

    /// <summary>One organisation, for whoever may read the register.</summary>
    public async Task<OrganisationDetail?> FindAsync(ActingPrincipal principal, ForceId id, CancellationToken cancellationToken)
    {
        // The gate decides; the register then reads its public facts under its own name.
        await using var session = await house.EnterAsync(principal, new Access(Permissions.OrganisationsRead), cancellationToken);
        return await register.DetailAsync(id, cancellationToken);
    }

    public DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
}
