using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Organisations;

/// <summary>
/// Records mergers, splits and renames (law 8). A change of today or earlier takes effect at once, a later one on its
/// day by <see cref="SuccessionJob"/>.
/// </summary>
internal sealed class SuccessionOperations(IHouse house, SuccessionApplication application)
{
    public async Task<Outcome<SuccessionModel>> MergeAsync(
        ActingPrincipal actor, MergeOptions options, CancellationToken cancellationToken)
    {
        var leaving = options.Predecessors.Distinct().ToList();
        if ((options.Successor is null) == (options.Into is null))
            return Failure.Invalid("Name either a new successor or the organisation that absorbs the others.", "successor");
        if (leaving.Count < (options.Into is null ? 2 : 1))
            return Failure.Invalid("A merger has at least two organisations; use a rename for one.", "predecessors");
        if (options.Into is { } into && leaving.Contains(into))
            return Failure.Invalid("An organisation cannot be absorbed by itself.", "into");
        if (Basis(options.Basis) is { } invalid) return invalid;

        await using var session = await EnterAsync(actor, cancellationToken);
        var ended = await ExistingAsync(session, leaving, options.EffectiveOn, cancellationToken);
        if (ended is null) return Unknown("predecessors");
        var successor = options.Into is { } host
            ? await session.Db.Set<Organisation>().SingleOrDefaultAsync(o => o.Id == host, cancellationToken)
            : await AddAsync(session, options.Successor!, ended[0], options.EffectiveOn, cancellationToken);
        if (successor is null) return Taken(options.Successor?.Id);
        if (options.Into is null) Place(successor, ended);

        return await RecordAsync(session, actor, new Succession
        {
            Id = Guid.CreateVersion7(session.Now),
            Kind = options.Into is null ? SuccessionKind.Merge : SuccessionKind.Absorb,
            EffectiveOn = options.EffectiveOn,
            Predecessors = [.. leaving.Select(f => f.Value)],
            Successors = [successor.Id.Value],
            Basis = options.Basis.Trim(),
            RecordedAt = session.Now,
            RecordedBy = actor.Name,
        }, cancellationToken);
    }

    public async Task<Outcome<SuccessionModel>> SplitAsync(
        ActingPrincipal actor, SplitOptions options, CancellationToken cancellationToken)
    {
        if (options.Parts.Count is < 2 or > 20) return Failure.Invalid("A split has between two and twenty parts.", "parts");
        if (Basis(options.Basis) is { } invalid) return invalid;
        await using var session = await EnterAsync(actor, cancellationToken);
        if (await ExistingAsync(session, [options.Predecessor], options.EffectiveOn, cancellationToken) is not [var ended])
            return Unknown("predecessor");

        var owned = await session.Db.Set<Area>().Where(a => a.Force == ended.Id && a.Until == null)
            .Select(a => a.Code).ToListAsync(cancellationToken);
        var given = options.Parts.SelectMany(p => p.Areas).ToList();
        if (given.Count != given.Distinct().Count() || !owned.ToHashSet().SetEquals(given))
            return Failure.Invalid("Each district of the force must go to exactly one part.", "parts");
        foreach (var part in options.Parts)
            if (await AddAsync(session, part.Organisation, ended, options.EffectiveOn, cancellationToken) is null)
                return Taken(part.Organisation.Id);

        return await RecordAsync(session, actor, new Succession
        {
            Id = Guid.CreateVersion7(session.Now),
            Kind = SuccessionKind.Split,
            EffectiveOn = options.EffectiveOn,
            Predecessors = [ended.Id.Value],
            Successors = [.. options.Parts.Select(p => p.Organisation.Id.Value)],
            AreaShares = [.. options.Parts.Select(p => $"{p.Organisation.Id}:{string.Join(',', p.Areas)}")],
            Basis = options.Basis.Trim(),
            RecordedAt = session.Now,
            RecordedBy = actor.Name,
        }, cancellationToken);
    }

    public async Task<Outcome<SuccessionModel>> RenameAsync(
        ActingPrincipal actor, RenameOptions options, CancellationToken cancellationToken)
    {
        if ((Basis(options.Basis) ?? Name(options.OfficialName, "officialName") ?? Name(options.ShortName, "shortName")) is { } invalid)
            return invalid;
        await using var session = await EnterAsync(actor, cancellationToken);
        if (await ExistingAsync(session, [options.Organisation], options.EffectiveOn, cancellationToken) is not [var organisation])
            return Unknown("organisation");
        if (organisation.OfficialName == options.OfficialName.Trim() && organisation.ShortName == options.ShortName.Trim())
            return Failure.Conflict("The organisation bears this name already.");

        return await RecordAsync(session, actor, new Succession
        {
            Id = Guid.CreateVersion7(session.Now),
            Kind = SuccessionKind.Rename,
            EffectiveOn = options.EffectiveOn,
            Predecessors = [organisation.Id.Value],
            Successors = [organisation.Id.Value],
            NameBefore = organisation.OfficialName,
            NameAfter = $"{options.OfficialName.Trim()}|{options.ShortName.Trim()}",
            Basis = options.Basis.Trim(),
            RecordedAt = session.Now,
            RecordedBy = actor.Name,
        }, cancellationToken);
    }

    private async Task<Outcome<SuccessionModel>> RecordAsync(
        HouseSession session, ActingPrincipal actor, Succession succession, CancellationToken cancellationToken)
    {
        session.Db.Add(succession);
        var subject = $"succession/{succession.Id}";
        foreach (var tag in succession.Predecessors.Union(succession.Successors))
            session.Record(ForceId.Parse(tag, null), subject,
                $"{succession.Kind} of {string.Join(", ", succession.Predecessors)} on {succession.EffectiveOn:yyyy-MM-dd}: {succession.Basis}",
                action: "organisations.succession");
        var saved = await session.CommitAsync(cancellationToken);
        if (!saved.Succeeded) return saved.Failure;
        var today = DateOnly.FromDateTime(session.Now.UtcDateTime);
        if (succession.EffectiveOn <= today)
            await application.ApplyAsync(succession.Id, actor, cancellationToken);
        return SuccessionModel.Of(succession, today) with { Applied = succession.EffectiveOn <= today };
    }

    // The register is written by the job: a merger moves records of forces that the Centre itself may not see.
    private async Task<HouseSession> EnterAsync(ActingPrincipal actor, CancellationToken cancellationToken)
    {
        if (!actor.Holds(Permissions.OrganisationsManage))
            throw new AccessRefusedException(Failure.Refused("Only an administrator of the Centre changes the register of organisations."));
        return await house.EnterAsync(ActingPrincipal.ForJob("succession"),
            new Access(Permissions.OrganisationsManage) { RecordedAs = actor }, cancellationToken);
    }

    private static async Task<List<Organisation>?> ExistingAsync(
        HouseSession session, List<ForceId> ids, DateOnly on, CancellationToken cancellationToken)
    {
        var found = await session.Db.Set<Organisation>().Where(o => ids.Contains(o.Id)).ToListAsync(cancellationToken);
        return found.Count == ids.Count && found.All(o => o.ExistsOn(on) && o.Kind != OrganisationKind.Centre) ? found : null;
    }

    private static async Task<Organisation?> AddAsync(
        HouseSession session, NewOrganisation made, Organisation like, DateOnly from, CancellationToken cancellationToken)
    {
        if (Name(made.OfficialName, "") is not null || Name(made.ShortName, "") is not null) return null;
        if (await session.Db.Set<Organisation>().AnyAsync(o => o.Id == made.Id, cancellationToken)) return null;
        var organisation = new Organisation
        {
            Id = made.Id,
            Kind = like.Kind,
            OfficialName = made.OfficialName.Trim(),
            ShortName = made.ShortName.Trim(),
            WelshName = made.WelshName,
            Region = like.Region,
            Jurisdiction = like.Jurisdiction,
            RocuRegion = like.RocuRegion,
            From = from,
        };
        session.Db.Add(organisation);
        session.Db.Add(new OrganisationName
        {
            Organisation = made.Id, OfficialName = organisation.OfficialName, ShortName = organisation.ShortName, From = from,
        });
        return organisation;
    }

    /// <summary>A merged force stands on the map where the largest of its predecessors stood.</summary>
    private static void Place(Organisation successor, List<Organisation> ended)
    {
        var home = ended.Where(o => o.TileColumn is not null).MaxBy(o => o.Officers ?? 0);
        (successor.TileColumn, successor.TileRow) = (home?.TileColumn, home?.TileRow);
    }

    private static Failure? Basis(string basis) => basis.Trim().Length is < 5 or > 500
        ? Failure.Invalid("Say on which decision or instrument this rests, in 5 to 500 characters.", "basis") : null;

    private static Failure? Name(string name, string field) => name.Trim().Length is 0 or > 100 || name.Contains('|', StringComparison.Ordinal)
        ? Failure.Invalid("A name has between 1 and 100 characters and no vertical bar.", field) : null;

    private static Failure Unknown(string field) =>
        Failure.Invalid("One of these organisations does not exist on that day, or is the Centre itself.", field);

    private static Failure Taken(ForceId? id) =>
        Failure.Invalid(id is null ? "The absorbing organisation does not exist." : $"The tag {id} or its name cannot be used: tags are never used twice, and names have 1 to 100 characters.", "successor");
}
