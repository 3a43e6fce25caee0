using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Organisations;

/// <summary>The register of organisations: loading it at the start, and reading it.</summary>
internal sealed class Register(IHouse house, TimeProvider clock) : IOrganisations
{
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("register");

    /// <summary>
    /// Takes the files in: everything at the first start, later only organisations and districts that are new, so that
    /// a recorded merger or rename is never undone by a file.
    /// </summary>
    public async Task LoadAsync(string directory, CancellationToken cancellationToken)
    {
        var content = RegisterFiles.Read(directory);
        await using var session = await house.EnterAsync(Job, new Access(Permissions.OrganisationsManage), cancellationToken);
        var known = await session.Db.Set<Organisation>().Select(o => o.Id).ToListAsync(cancellationToken);
        var districts = await session.Db.Set<Area>().Select(a => a.Code).Distinct().ToListAsync(cancellationToken);
        var organisations = content.Organisations.ExceptBy(known, o => o.Id).ToList();
        var areas = content.Areas.ExceptBy(districts, a => a.Code).ToList();
        if (organisations.Count == 0 && areas.Count == 0) return;

        session.Db.AddRange(organisations);
        session.Db.AddRange(areas);
        session.Db.AddRange(organisations.Select(o => new OrganisationName
        {
            Organisation = o.Id,
            OfficialName = o.OfficialName,
            ShortName = o.ShortName,
            From = o.From,
            Until = o.Until,
        }));
        session.Db.AddRange(Past(content, organisations, session.Now));
        session.Record(ForceId.Centre, "register",
            $"The register was loaded: {organisations.Count} organisations, {areas.Count} districts.");
        await session.CommitAsync(cancellationToken);
    }

    /// <summary>Successions of before this register, from the files: they have taken effect long ago.</summary>
    private static IEnumerable<Succession> Past(RegisterContent content, List<Organisation> added, DateTimeOffset now) => added
        .Where(o => content.SuccessorOf.ContainsKey(o.Id))
        .GroupBy(o => (Successor: content.SuccessorOf[o.Id], On: o.Until!.Value))
        .Select(merged => new Succession
        {
            Id = Guid.CreateVersion7(now),
            Kind = merged.Count() > 1 ? SuccessionKind.Merge : SuccessionKind.Absorb,
            EffectiveOn = merged.Key.On,
            Predecessors = [.. merged.Select(o => o.Id.Value)],
            Successors = [merged.Key.Successor.Value],
            Basis = merged.First().Note ?? "From the national register.",
            RecordedAt = now,
            RecordedBy = "national register",
            AppliedAt = now,
        });

    public async ValueTask<IReadOnlyList<OrganisationSummary>> ListAsync(CancellationToken cancellationToken)
    {
        var today = Today();
        await using var session = await EnterAsync(cancellationToken);
        var all = await session.Db.Set<Organisation>().AsNoTracking()
            .Where(o => (o.From == null || o.From <= today) && (o.Until == null || o.Until > today))
            .OrderBy(o => o.ShortName)
            .ToListAsync(cancellationToken);
        return [.. all.Select(Summary)];
    }

    public async ValueTask<OrganisationSummary?> FindAsync(ForceId id, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(cancellationToken);
        var one = await session.Db.Set<Organisation>().AsNoTracking().SingleOrDefaultAsync(o => o.Id == id, cancellationToken);
        return one is null ? null : Summary(one);
    }

    public async Task<OrganisationDetail?> DetailAsync(ForceId id, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(cancellationToken);
        var db = session.Db;
        var one = await db.Set<Organisation>().AsNoTracking().SingleOrDefaultAsync(o => o.Id == id, cancellationToken);
        if (one is null) return null;
        var areas = await db.Set<Area>().AsNoTracking().Where(a => a.Force == id && a.Until == null)
            .OrderBy(a => a.Name).Select(a => new AreaModel(a.Code, a.Name, a.Region)).ToListAsync(cancellationToken);
        var names = await db.Set<OrganisationName>().AsNoTracking().Where(n => n.Organisation == id)
            .OrderBy(n => n.Id).Select(n => new NameModel(n.OfficialName, n.From, n.Until)).ToListAsync(cancellationToken);
        // There are a handful of successions in a decade, so they are matched here and not in the database.
        var successions = (await db.Set<Succession>().AsNoTracking().ToListAsync(cancellationToken))
            .Where(s => s.Predecessors.Contains(id.Value) || s.Successors.Contains(id.Value))
            .OrderBy(s => s.EffectiveOn)
            .Select(s => SuccessionModel.Of(s, Today()))
            .ToList();
        return new OrganisationDetail(Summary(one), one.WelshName, one.ForceCode, one.OnsCode, one.Jurisdiction, one.RocuRegion,
            one.From, one.Until, one.Note, names, areas, successions);
    }

    private Task<HouseSession> EnterAsync(CancellationToken cancellationToken) =>
        house.EnterAsync(Job, new Access(Permissions.OrganisationsRead), cancellationToken);

    private DateOnly Today() => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    internal static OrganisationSummary Summary(Organisation o) => new(o.Id, o.Kind.ToString(), o.OfficialName, o.ShortName,
        o.Region, o.Officers, o is { TileColumn: { } column, TileRow: { } row } ? new Tile(column, row) : null);
}

/// <summary>Everything the register knows of one organisation.</summary>
internal sealed record OrganisationDetail(
    OrganisationSummary Summary, string? WelshName, string? ForceCode, string? OnsCode, string Jurisdiction, string? RocuRegion,
    DateOnly? From, DateOnly? Until, string? Note,
    IReadOnlyList<NameModel> Names, IReadOnlyList<AreaModel> Areas, IReadOnlyList<SuccessionModel> Successions);

internal sealed record NameModel(string OfficialName, DateOnly? From, DateOnly? Until);

internal sealed record AreaModel(string Code, string Name, string Region);

internal sealed record SuccessionModel(
    Guid Id, string Kind, DateOnly EffectiveOn, bool Applied, IReadOnlyList<string> Predecessors, IReadOnlyList<string> Successors,
    string Basis, string? NameBefore, string? NameAfter, string RecordedBy)
{
    public static SuccessionModel Of(Succession s, DateOnly today) => new(s.Id, s.Kind.ToString(), s.EffectiveOn,
        s.AppliedAt is not null && s.EffectiveOn <= today, s.Predecessors, s.Successors, s.Basis, s.NameBefore, s.NameAfter?.Split('|')[0], s.RecordedBy);
}
