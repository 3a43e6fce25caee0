using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Delegations;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Organisations;

/// <summary>
/// Carries a recorded succession out: ends the predecessors, passes their records to the successor and counts them, in
/// one transaction. It knows no module: it walks the owned types of the model, so records of every module pass.
/// </summary>
internal sealed class SuccessionApplication(IHouse house)
{
    private static readonly MethodInfo PassMethod =
        typeof(SuccessionApplication).GetMethod(nameof(PassAsync), BindingFlags.Static | BindingFlags.NonPublic)!;

    public async Task ApplyAsync(Guid id, ActingPrincipal? actor, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(ActingPrincipal.ForJob("succession"),
            new Access(Permissions.OrganisationsManage) { RecordedAs = actor }, cancellationToken);
        var db = session.Db;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var succession = await db.Set<Succession>().SingleAsync(s => s.Id == id, cancellationToken);
        if (succession.AppliedAt is not null) return;

        if (succession.Kind == SuccessionKind.Rename)
            await RenameAsync(db, succession, cancellationToken);
        else
            foreach (var tag in succession.Predecessors)
                await EndAsync(session, succession, ForceId.Parse(tag, null), ForceId.Parse(succession.Successors[0], null), cancellationToken);

        succession.AppliedAt = session.Now;
        await session.CommitAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task RenameAsync(HouseDb db, Succession succession, CancellationToken cancellationToken)
    {
        var id = ForceId.Parse(succession.Predecessors[0], null);
        var names = succession.NameAfter!.Split('|');
        var organisation = await db.Set<Organisation>().SingleAsync(o => o.Id == id, cancellationToken);
        foreach (var old in await db.Set<OrganisationName>().Where(n => n.Organisation == id && n.Until == null).ToListAsync(cancellationToken))
            old.Until = succession.EffectiveOn;
        (organisation.OfficialName, organisation.ShortName) = (names[0], names[1]);
        db.Add(new OrganisationName
        {
            Organisation = id, OfficialName = names[0], ShortName = names[1], From = succession.EffectiveOn,
        });
    }

    private static async Task EndAsync(
        HouseSession session, Succession succession, ForceId from, ForceId to, CancellationToken cancellationToken)
    {
        var db = session.Db;
        var ended = await db.Set<Organisation>().SingleAsync(o => o.Id == from, cancellationToken);
        ended.Until = succession.EffectiveOn;
        foreach (var name in await db.Set<OrganisationName>().Where(n => n.Organisation == from && n.Until == null).ToListAsync(cancellationToken))
            name.Until = succession.EffectiveOn;
        await PassAreasAsync(db, succession, from, to, cancellationToken);

        foreach (var entity in db.Model.GetEntityTypes().Where(e => OwnershipModel.ScopeOf(e) is not null && OwnershipModel.Passes(e)))
        {
            var count = await (Task<int>)PassMethod.MakeGenericMethod(entity.ClrType).Invoke(null, [db, from, to, cancellationToken])!;
            if (count == 0) continue;
            var records = entity.GetTableName()!;
            db.Add(new CustodyTransfer
            {
                ForceId = to, From = from, SuccessionId = succession.Id, Records = records, Count = count, At = session.Now,
            });
            session.Record(to, $"succession/{succession.Id}", $"{count} records ({records}) passed from {from} to {to}.",
                operation: AuditOperation.Disclosure, action: "organisations.custody-transferred");
        }

        // What the ended organisation held by delegation goes to the successor; a delegation between the two is void.
        await db.Set<Delegation>().Where(d => d.To == from).ExecuteUpdateAsync(s => s.SetProperty(d => d.To, to), cancellationToken);
        await db.Set<Delegation>().Where(d => d.To == to && d.ForceId == to && d.RevokedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(d => d.RevokedAt, session.Now).SetProperty(d => d.RevokedBy, "succession")
                .SetProperty(d => d.RevokedBecause, "Both sides became one organisation."), cancellationToken);
    }

    private static async Task PassAreasAsync(
        HouseDb db, Succession succession, ForceId from, ForceId to, CancellationToken cancellationToken)
    {
        var owner = succession.AreaShares
            .SelectMany(share => share.Split(':')[1].Split(',').Select(code => (code, tag: share.Split(':')[0])))
            .ToDictionary(x => x.code, x => ForceId.Parse(x.tag, null));
        foreach (var area in await db.Set<Area>().Where(a => a.Force == from && a.Until == null).ToListAsync(cancellationToken))
        {
            area.Until = succession.EffectiveOn;
            db.Add(new Area
            {
                Code = area.Code, Name = area.Name, Region = area.Region, From = succession.EffectiveOn, Basis = "succession",
                Force = owner.GetValueOrDefault(area.Code, to),
            });
        }
    }

    private static Task<int> PassAsync<T>(HouseDb db, ForceId from, ForceId to, CancellationToken cancellationToken)
        where T : class, IOwnedByForce =>
        db.Set<T>().Where(row => row.ForceId == from)
            .ExecuteUpdateAsync(s => s.SetProperty(row => EF.Property<ForceId>(row, nameof(IOwnedByForce.ForceId)), to), cancellationToken);
}
