using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Shifts;

/// <summary>Reads rotas, the watch and hand-over notes.</summary>
internal sealed class ShiftQueries(IHouse house)
{
    public const int MostDays = 60;
    private const int MostListed = 20;

    /// <param name="principal">Who reads.</param>
    /// <param name="force">Whose shifts.</param>
    /// <param name="first">The first day, in London.</param>
    /// <param name="days">1 to 60.</param>
    /// <param name="reason">Why, where the controller demands it.</param>
    /// <param name="again">Whether it only shows anew what was opened before.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ShiftsModel> ReadAsync(ActingPrincipal principal, ForceId force, DateOnly first, int days, string? reason, bool again, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(principal, new Access(Permissions.ShiftsRead) { Force = force, Reason = reason, Subject = "shifts", Logged = !again }, cancellationToken);
        var (db, now) = (session.Db, session.Now);
        var (from, until) = (HouseTime.StartOf(first), HouseTime.StartOf(first.AddDays(Math.Clamp(days, 1, MostDays))));
        var shifts = (await db.Set<Shift>().AsNoTracking().Where(each => each.ForceId == force && each.EndsAt > from && each.StartsAt < until).OrderBy(each => each.StartsAt).Take(1_000).ToListAsync(cancellationToken))
            .ConvertAll(RotaOperations.Model);
        var current = await db.Set<Shift>().AsNoTracking().Where(each => each.ForceId == force && each.StartsAt <= now && each.EndsAt > now).OrderBy(each => each.EndsAt).Select(each => (DateTimeOffset?)each.EndsAt).FirstOrDefaultAsync(cancellationToken);
        var watch = await db.Set<Watch>().AsNoTracking().FirstOrDefaultAsync(each => each.ForceId == force, cancellationToken);
        var calls = (await db.Set<OnCallSpan>().AsNoTracking().Where(each => each.ForceId == force && each.EndsAt > now).OrderBy(each => each.StartsAt).ThenBy(each => each.Order).Take(100).ToListAsync(cancellationToken))
            .ConvertAll(each => new OnCallModel(each.Id, each.Name, each.Reach, each.Order, each.StartsAt, each.EndsAt));
        var notes = await db.Set<HandOverNote>().AsNoTracking().Where(each => each.ForceId == force).OrderByDescending(each => each.WrittenAt).Take(MostListed)
            .Select(each => new { each.Id, each.WrittenBy, each.WrittenAt, each.GivenAt, each.SeenBy, each.SeenAt }).ToListAsync(cancellationToken);
        var turns = await db.Set<WatchTurn>().AsNoTracking().Where(each => each.ForceId == force).OrderByDescending(each => each.TakenAt).Take(MostListed)
            .Select(each => new WatchTurnModel(each.Person, each.TakenAt, each.From, each.NoteId, each.Reason)).ToListAsync(cancellationToken);
        return new(
            force, watch is null ? null : new(watch.Person, watch.Since, current), shifts, RotaCheck.Warnings(shifts), [.. calls.Where(each => each.StartsAt <= now).OrderBy(each => each.Order)],
            calls.FindAll(each => each.StartsAt > now), notes.ConvertAll(each => new HandOverRow(each.Id, each.WrittenBy, each.WrittenAt, StateOf(each.GivenAt, each.SeenAt), each.GivenAt, each.SeenBy, each.SeenAt)), turns)
        {
            IsMine = watch?.PersonId == principal.Subject,
        };
    }

    public async Task<Outcome<HandOverModel>> NoteAsync(ActingPrincipal principal, Guid id, string? reason, CancellationToken cancellationToken, bool again = false)
    {
        await using var session = await house.EnterAsync(principal, new Access(Permissions.ShiftsRead) { Reason = reason, Subject = $"hand-over/{id}", Logged = !again }, cancellationToken);
        if (await session.Db.Set<HandOverNote>().AsNoTracking().FirstOrDefaultAsync(each => each.Id == id, cancellationToken) is not { } note) return Failure.NotFound;
        var isMine = note.WrittenById == principal.Subject;
        // A draft is its writer's: it is not said yet. And what the Centre sees of others is not one force's to read.
        if (note.GivenAt is null && !isMine || note.ForceId != principal.Home) return Failure.NotFound;
        return new HandOverModel(new(note.Id, note.WrittenBy, note.WrittenAt, StateOf(note.GivenAt, note.SeenAt), note.GivenAt, note.SeenBy, note.SeenAt), note.ForceId, note.Generated, note.Words, isMine, note.Version);
    }

    private static string StateOf(DateTimeOffset? given, DateTimeOffset? seen) => seen is not null ? "taken" : given is not null ? "given" : "draft";
}
