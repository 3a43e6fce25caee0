using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Overview;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Shifts;
using Watchhouse.Response.Tests.Playbooks;
using Watchhouse.Testing;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Shifts;

public sealed class WatchTests
{
    [Fact]
    public Task Watch_HandedOver_PassesWithANoteOfWhatIsOpen() => PassesAsync(null);

    [Fact]
    public async Task Watch_HandedOverOnPostgres_PassesWithANoteOfWhatIsOpen()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(Now);
        await PassesAsync(database.ConnectionString);
    }

    private static async Task PassesAsync(string? postgres)
    {
        await using var house = await RunHouse.StartAsync(postgres);
        var (watch, queries) = (house.Get<WatchOperations>(), house.Get<ShiftQueries>());
        Ok(await house.Get<Response.Incidents.IncidentOperations>().OpenAsync(Officer, new() { Force = Kent, Title = "A laptop was left on a train" }, Now));
        Refused(await watch.DraftAsync(Officer, Now), "Take the watch first");
        var head = house.Get<IWatchNow>();
        Assert.Null(await head.ReadAsync(Officer, Now));
        Assert.Equal(new WatchNow(null, null), await head.ReadAsync(Analyst, Now));
        Ok(await watch.TakeAsync(Officer, null, "", Now));
        Assert.Equal(new WatchNow("Test kent-officer (KNT)", null), await head.ReadAsync(Lead, Now));
        Assert.Null(await head.ReadAsync(Stranger, Now));
        Refused(await watch.TakeAsync(Officer, null, "", Now), "You have the watch already");

        var note = Ok(await watch.DraftAsync(Officer, Now));
        var draft = Ok(await queries.NoteAsync(Officer, note, null, Now));
        Assert.Contains("A laptop was left on a train", draft.Words, StringComparison.Ordinal);
        // A draft is not said yet.
        Assert.Equal(FailureKind.NotFound, (await queries.NoteAsync(Second, note, null, Now)).Failure!.Kind);
        Refused(await watch.TakeAsync(Lead, note, "", Now), "has not given this note yet");
        Refused(await watch.TakeAsync(Lead, null, "He is late.", Now), "It passes with a hand-over note");
        Refused(await watch.WriteAsync(Second, note, "Mine now.", true, null, Now), "writes this note");
        Ok(await watch.WriteAsync(Officer, note, draft.Words + "\nThe supplier calls at eight.", true, draft.Version, Now));
        Refused(await watch.WriteAsync(Officer, note, "Something else.", false, null, Now), "stays as it is");

        Ok(await watch.TakeAsync(Lead, note, "", Now));
        Refused(await watch.TakeAsync(Second, note, "", Now), "has taken the watch with this note already");
        var found = await queries.ReadAsync(Officer, Kent, HouseTime.DayOf(DateTimeOffset.UtcNow), 14, null, false, Now);
        Assert.Equal(("Test kent-lead (KNT)", false), (found.Watch!.Person, found.IsMine));
        Assert.Equal(("taken", "Test kent-lead (KNT)"), (Assert.Single(found.Notes).State, found.Notes[0].SeenBy));
        Assert.Contains("The supplier calls at eight.", Ok(await queries.NoteAsync(Lead, note, null, Now)).Words, StringComparison.Ordinal);

        // From somebody who is not there, a lead takes it with a reason.
        Refused(await watch.TakeAsync(Second, null, "", Now), "Say why you take it without one");
        Ok(await watch.TakeAsync(Second, null, "The watch does not answer.", Now));
        found = await queries.ReadAsync(Officer, Kent, HouseTime.DayOf(DateTimeOffset.UtcNow), 14, null, false, Now);
        Assert.Equal(("Test kent-second (KNT)", "The watch does not answer."), (found.Watch!.Person, found.Turns[0].Reason));
    }

    [Fact]
    public async Task Shifts_OfAnotherForce_AreNotThere()
    {
        await using var house = await RunHouse.StartAsync();
        var (watch, rota, queries) = (house.Get<WatchOperations>(), house.Get<RotaOperations>(), house.Get<ShiftQueries>());
        Ok(await watch.TakeAsync(Officer, null, "", Now));
        var note = Ok(await watch.DraftAsync(Officer, Now));
        Ok(await watch.WriteAsync(Officer, note, "Nothing new.", true, null, Now));
        var shift = Ok(await rota.AddAsync(Officer, DateTimeOffset.UtcNow.AddHours(1), DateTimeOffset.UtcNow.AddHours(9), "Day", new("", []), Now));

        await Assert.ThrowsAsync<AccessRefusedException>(() => queries.ReadAsync(Stranger, Kent, HouseTime.DayOf(DateTimeOffset.UtcNow), 14, null, false, Now));
        Assert.Equal(FailureKind.NotFound, (await queries.NoteAsync(Stranger, note, null, Now)).Failure!.Kind);
        // The Centre sees who has the watch, and not what a force tells itself.
        Assert.Equal(FailureKind.NotFound, (await queries.NoteAsync(Analyst, note, null, Now)).Failure!.Kind);
        Assert.NotNull((await queries.ReadAsync(Analyst, Kent, HouseTime.DayOf(DateTimeOffset.UtcNow), 14, null, false, Now)).Watch);
        Assert.Equal(FailureKind.NotFound, (await watch.TakeAsync(Stranger with { Roles = [Role.ItLead] }, note, "", Now)).Failure?.Kind ?? FailureKind.NotFound);
        Assert.Equal(FailureKind.NotFound, (await rota.RemoveAsync(Stranger, shift, Now)).Failure!.Kind);
        await Assert.ThrowsAsync<AccessRefusedException>(() => rota.RemoveAsync(Analyst, shift, Now));
        Ok(await rota.RemoveAsync(Officer, shift, Now));
    }

    [Fact]
    public async Task Plan_Twice_ReplacesOnlyWhenSaid()
    {
        await using var house = await RunHouse.StartAsync();
        var rota = house.Get<RotaOperations>();
        var options = new PlanOptions { Pattern = "two-two-three", First = HouseTime.DayOf(DateTimeOffset.UtcNow).AddDays(2), Weeks = 2, Teams = [.. "ABCD".Select(team => new PlanTeam($"Team {team}", []))] };

        Assert.Equal(28, Ok(await rota.PlanAsync(Officer, options, true, Now)).Count);
        Assert.Empty((await house.Get<ShiftQueries>().ReadAsync(Officer, Kent, options.First, 14, null, false, Now)).Shifts);
        Ok(await rota.PlanAsync(Officer, options, false, Now));
        Refused(await rota.PlanAsync(Officer, options, false, Now), "There are 28 shifts in that time already");
        Ok(await rota.PlanAsync(Officer, options with { Replaces = true, From = "08:00" }, false, Now));
        Assert.Equal(28, (await house.Get<ShiftQueries>().ReadAsync(Officer, Kent, options.First, 16, null, false, Now)).Shifts.Count);
        Refused(await rota.PlanAsync(Officer, options with { Teams = [] }, false, Now), "for 4 teams");
        Refused(await rota.PlanAsync(Officer, options with { Weeks = 54 }, false, Now), "1 to 53 weeks");
        Refused(await rota.PlanAsync(Officer, options with { First = new(2020, 1, 1) }, false, Now), "begins today or later");
        Refused(await rota.PlanAsync(Officer, options with { Teams = [new("A", [Guid.NewGuid()]), .. options.Teams.Skip(1)] }, false, Now), "Choose from the list");
        await Assert.ThrowsAsync<AccessRefusedException>(() => rota.PlanAsync(Lead, options, false, Now));
    }
}
