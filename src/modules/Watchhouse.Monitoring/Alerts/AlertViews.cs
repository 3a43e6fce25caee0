using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>A named choice of filters.</summary>
/// <param name="Query">As it stands in the address, without a question mark.</param>
internal sealed record NamedView(Guid? Id, string Name, string Query);

/// <summary>The views that a person has kept.</summary>
internal sealed class AlertViews(IHouse house)
{
    public const int MostViews = 30;

    /// <summary>Views that everybody has.</summary>
    public static readonly IReadOnlyList<NamedView> BuiltIn =
    [
        new(null, "To do", ""),
        new(null, "With me", "owner=me"),
        new(null, "With nobody", "owner=nobody"),
        new(null, "Critical and high", "level=critical,high"),
        new(null, "Waiting for the force", "status=waiting"),
        new(null, "Closed", "status=closed"),
        new(null, "All alerts", "status=all"),
    ];

    public async Task<IReadOnlyList<NamedView>> ListAsync(ActingPrincipal person, CancellationToken cancellationToken)
    {
        try
        {
            await using var session = await EnterAsync(person, cancellationToken);
            return await session.Db.Set<AlertView>().AsNoTracking().Where(view => view.Person == person.Subject)
                .OrderBy(view => view.CreatedAt).Take(MostViews).Select(view => new NamedView(view.Id, view.Name, view.Query)).ToListAsync(cancellationToken);
        }
        catch (AccessRefusedException)
        {
            // One's own organisation asks why its alerts are read; its people are shown their views once they have said so.
            return [];
        }
    }

    /// <summary>Keeps the filters under a name; a view of that name is replaced.</summary>
    public async Task<Outcome<Done>> SaveAsync(ActingPrincipal person, string name, string query, CancellationToken cancellationToken)
    {
        name = name.Trim();
        if (name.Length is 0 or > AlertView.LongestName)
            return Failure.Invalid($"A view needs a name of at most {AlertView.LongestName} characters.", "name");
        if (query.Length > AlertView.LongestQuery) return Failure.Invalid("These filters are too long to keep. Remove one.", "query");
        if (BuiltIn.Any(view => view.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            return Failure.Conflict($"'{name}' is a view that everybody has. Choose another name.");
        await using var session = await EnterAsync(person, cancellationToken);
        var views = await session.Db.Set<AlertView>().Where(view => view.Person == person.Subject).ToListAsync(cancellationToken);
        if (views.Find(view => view.Name == name) is { } same) same.Query = query;
        else if (views.Count >= MostViews) return Failure.Conflict($"You have {MostViews} views, which is the most that are kept. Remove one first.");
        else
        {
            session.Db.Add(new AlertView
            {
                Id = Guid.CreateVersion7(session.Now), ForceId = person.Home, Person = person.Subject, Name = name, Query = query, CreatedAt = session.Now,
            });
        }

        session.Record(person.Home, $"alert-view/{person.Subject}", "A person kept a view of the alert queue.", operation: AuditOperation.Alteration, action: "alerts.views");
        return await session.CommitAsync(cancellationToken);
    }

    public async Task<Outcome<Done>> RemoveAsync(ActingPrincipal person, Guid id, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(person, cancellationToken);
        if (await session.Db.Set<AlertView>().FirstOrDefaultAsync(view => view.Id == id && view.Person == person.Subject, cancellationToken) is not { } view)
            return Failure.NotFound;
        session.Db.Remove(view);
        session.Record(person.Home, $"alert-view/{person.Subject}", "A person removed a view of the alert queue.", operation: AuditOperation.Alteration, action: "alerts.views");
        return await session.CommitAsync(cancellationToken);
    }

    // One's own choice of filters is no record of anybody: reading it is no consultation.
    private Task<HouseSession> EnterAsync(ActingPrincipal person, CancellationToken cancellationToken) =>
        house.EnterAsync(person, new Access(Permissions.AlertsRead) { Force = person.Home, Logged = false }, cancellationToken);
}

