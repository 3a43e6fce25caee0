using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Overview;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Bulletins;
using Watchhouse.Response.Estate;
using Watchhouse.Response.Incidents;
using Watchhouse.Response.Playbooks;
using Watchhouse.Response.Tests.Playbooks;
using Watchhouse.Response.Wall;
using Watchhouse.Testing;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Wall;

/// <summary>The wall shows what hinders the nation, a force's view what waits for that force, and each nothing that its reader may not see.</summary>
public sealed class WallTests
{
    private const int First = 5;

    private static readonly ActingPrincipal Manager = Analyst with { Subject = "manager", Name = "Test manager", Roles = [Role.DutyManager] };

    [Fact]
    public Task Wall_OfWhatIsOpen_SaysWhatHindersIt() => SaysWhatHindersAsync(null);

    [Fact]
    public async Task Wall_OfWhatIsOpenOnPostgres_SaysWhatHindersIt()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(Now);
        await SaysWhatHindersAsync(database.ConnectionString);
    }

    private static async Task SaysWhatHindersAsync(string? postgres)
    {
        await using var house = await RunHouse.StartAsync(postgres);
        var incidents = house.Get<IncidentOperations>();
        var low = await OpenAsync(incidents, Kent, "A small matter", IncidentImpact.Limited);
        Ok(await incidents.OwnAsync(Officer, low, true, null, Now));
        Ok(await incidents.AddTaskAsync(Officer, low, "Look at the log", "", HouseTime.DayOf(house.Clock.GetUtcNow()).AddDays(-2), Now));
        var grave = Ok(await incidents.OpenAsync(Manager, new OpenOptions { Force = ForceId.Centre, Title = "Several forces", Impact = IncidentImpact.Severe, Urgency = IncidentUrgency.Now, Parts = [Kent, Essex] }, Now));
        var run = await house.TokenTheftAsync();
        var request = await house.AskAsync(run, EstateActionKind.RevokeSessions);
        var bulletins = house.Get<BulletinOperations>();
        var bulletin = Ok(await bulletins.DraftAsync(Manager, Bulletin(house), Now));
        Ok(await bulletins.PublishAsync(Manager, bulletin, null, Now));
        Ok(await bulletins.AnswerAsync(Officer, bulletin, BulletinReply.Acted, "", null, Now));
        house.Clock.Move(TimeSpan.FromMinutes(5));

        var wall = await house.Get<WallReader>().WallAsync(Manager, First, false, Now);
        Assert.Empty(wall.Unread);
        Assert.Equal(4, wall.Incidents!.Count);
        Assert.Equal((grave, true, "Critical"), wall.Incidents.Items[0] is var first ? (first.Id, first.IsNational, first.Severity) : default);
        Assert.Equal(["Nobody owns it", "2 forces' parts open"], wall.Incidents.Items[0].Hindrances);
        Assert.Equal((low, "1 task overdue"), wall.Incidents.Items[^1] is var last ? (last.Id, Assert.Single(last.Hindrances)) : default);
        Assert.Equal((request, Kent, 0), Assert.Single(wall.Approvals!.Items) is var approval ? (approval.Id, approval.Force, approval.Decided) : default);
        Assert.Equal((bulletin, 1, false), Assert.Single(wall.Bulletins!.Items) is var waiting ? (waiting.Id, waiting.Answered, waiting.IsOverdue) : default);
        Assert.Empty(wall.Alerts!.Items);
        Assert.Empty(wall.Sources!.Items);

        var kent = await house.Get<WallReader>().ForceAsync(Officer, Kent, First, null, false, Now);
        Assert.Equal((1, 2, 0), (kent.Approvals!.Count, kent.Incidents!.Count, kent.Bulletins!.Count));
        Assert.Empty(kent.Unread);
        Assert.Equal(["critical", "high", "medium", "low", "informational"], kent.Alerts!.Select(each => each.Level));
        // Nobody stands behind a national number yet.
        Assert.All(kent.Measures!, each => Assert.Null(each.National));
        var essex = await house.Get<WallReader>().ForceAsync(Stranger, Essex, First, null, false, Now);
        Assert.Equal((0, 1, 1), (essex.Approvals!.Count, essex.Incidents!.Count, essex.Bulletins!.Count));
        Assert.DoesNotContain("KNT", JsonSerializer.Serialize(essex), StringComparison.Ordinal);
        Assert.DoesNotContain("A small matter", JsonSerializer.Serialize(essex), StringComparison.Ordinal);
        Assert.DoesNotContain("ESX", JsonSerializer.Serialize(kent), StringComparison.Ordinal);
        // Under a delegation of Kent's for response its view opens, without what the delegation does not cover.
        var seen = await house.Get<WallReader>().ForceAsync(Manager, Kent, First, null, false, Now);
        Assert.Equal((1, 2), (seen.Approvals!.Count, seen.Incidents!.Count));
        Assert.Null(seen.Bulletins);
        Assert.Null(seen.Alerts);

        // What waits for the reader's own organisation, and for nobody else's.
        var matters = house.Get<IEnumerable<IAttentionSource>>().OfType<WallMatters>().Single();
        var ofKent = await matters.ReadAsync(Officer, 50, Now);
        Assert.Equal((Kent, $"/approvals/{request}"), Assert.Single(ofKent, each => each.Kind == "Approval") is var decide ? (decide.Force, decide.Address) : default);
        Assert.DoesNotContain(ofKent, each => each.Kind == "Bulletin");
        Assert.All(ofKent, each => Assert.Equal(Kent, each.Force));
        var ofEssex = await matters.ReadAsync(Stranger, 50, Now);
        Assert.Equal($"/bulletins/{bulletin}", Assert.Single(ofEssex, each => each.Kind == "Bulletin").Address);
        Assert.All(ofEssex, each => Assert.Equal(Essex, each.Force));
        var ofCentre = await matters.ReadAsync(Manager, 50, Now);
        Assert.NotEmpty(ofCentre);
        Assert.All(ofCentre, each => Assert.StartsWith("/incidents/", each.Address, StringComparison.Ordinal));
        Assert.Empty(await matters.ReadAsync(Manager with { Delegations = [] }, 50, Now));
        // A figure of alerts needs a delegation for monitoring, which this reader has not.
        Assert.Empty(await house.Get<IEnumerable<IForceFigure>>().OfType<WallFigure>().Single().ReadAsync(Manager, Now));
        Assert.Equal([Kent], (await house.Get<IEnumerable<IForceFigure>>().OfType<WallFigure>().Single().ReadAsync(Officer, Now)).Keys);
    }

    [Fact]
    public async Task Authority_ThatEndsWithinThirtyDays_StandsInTheForcesView()
    {
        await using var house = await RunHouse.StartAsync();
        foreach (var days in new[] { 10, 60 })
            Ok(await house.Authorities.GrantAsync(Officer, new() { Purpose = $"For {days} days", Kinds = [nameof(EstateActionKind.RevokeSessions)], Target = "*", MostPerDay = 2, LeastSeverity = Severity.High, Until = house.Clock.GetUtcNow().AddDays(days) }, Now));
        var view = await house.Get<WallReader>().ForceAsync(Officer, Kent, First, null, false, Now);
        Assert.Equal("For 10 days", Assert.Single(view.Lapsing!.Items).Purpose);
        Assert.Empty((await house.Get<WallReader>().ForceAsync(Stranger, Essex, First, null, false, Now)).Lapsing!.Items);
    }

    [Fact]
    public async Task Wall_WithAPartThatFails_NamesItAndShowsTheRest()
    {
        await using var house = await RunHouse.StartAsync();
        var reader = new WallReader(house.Get<WallQueries>(), house.Get<IAlertsInBrief>(), new BrokenSources(), house.Get<IMeasuresInBrief>(), house.Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<WallReader>.Instance);
        var wall = await reader.WallAsync(Manager, First, false, Now);
        Assert.Equal(["Sources"], wall.Unread);
        Assert.Null(wall.Sources);
        Assert.NotNull(wall.Incidents);
        // What a role does not include is no failure: it is not there.
        var auditor = Manager with { Roles = [Role.Auditor] };
        var bare = await reader.WallAsync(auditor, First, false, Now);
        Assert.Empty(bare.Unread);
        Assert.Null(bare.Incidents);
        Assert.Null(bare.Nation);
    }

    [Theory]
    [InlineData(null, 0, 0, 0, "Nobody owns it")]
    [InlineData("Somebody", 0, 0, 0, "")]
    [InlineData("Somebody", 2, 1, 1, "1 approval waits; 2 tasks overdue; 1 force's part open")]
    public void Hindrances_OfAnIncident_AreSaidTheGravestFirst(string? owner, int overdue, int parts, int approvals, string expected) =>
        Assert.Equal(expected, string.Join("; ", WallWords.Hindrances(owner, overdue, parts, approvals)));

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0, 0, 7, 1)]
    [InlineData(2, 0, 7, 3)]
    [InlineData(2, 1, 7, 4)]
    public void Tile_OfAForce_IsColouredByItsWorstAlert(int pressing, int critical, int all, int level) => Assert.Equal(level, WallWords.Tile(new(Kent, pressing, critical, all)).Level);

    private static async Task<Guid> OpenAsync(IncidentOperations incidents, ForceId force, string title, IncidentImpact impact) =>
        Ok(await incidents.OpenAsync(Officer, new OpenOptions { Force = force, Title = title, Impact = impact, Urgency = IncidentUrgency.CanWait }, Now));

    private static BulletinOptions Bulletin(RunHouse house) => new()
    {
        Title = "Update edge devices", Text = "A weakness is used already.", Actions = ["Install the update"], AnswerBy = house.Clock.GetUtcNow().AddDays(2),
    };

    private sealed class BrokenSources : ISilentSources
    {
        public Task<IReadOnlyList<SilentSource>> ListAsync(ActingPrincipal actor, ForceId? force, int most, string? reason, bool again, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("The book of sources is locked.");
    }
}
