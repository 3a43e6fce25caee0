using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Correlation;
using Watchhouse.Response.Incidents;
using Watchhouse.Response.Notices;
using Watchhouse.Testing;
using static Watchhouse.Response.Tests.Correlation.CorrelationHouse;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Correlation;

public sealed class CandidateTests
{
    [Fact]
    public Task Candidate_FromTwoForcesToAnIncident_IsToldOnceAndExplained() => ToIncidentAsync(null);

    [Fact]
    public async Task Candidate_FromTwoForcesToAnIncidentOnPostgres_IsToldOnceAndExplained()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(Now);
        await ToIncidentAsync(database.ConnectionString);
    }

    private static async Task ToIncidentAsync(string? postgres)
    {
        await using var house = await CorrelationHouse.StartAsync(postgres);
        house.Alerts.Add(Kent, Start, named: [("address", "203.0.113.9"), ("mail", "rosters@hr-service.example")]);
        await house.PassAsync();
        Assert.Empty(await house.OpenAsync());

        house.Alerts.Add(Essex, Start.AddHours(3), named: [("address", "203.0.113.9"), ("mail", "rosters@hr-service.example")]);
        await house.PassAsync();
        house.Restart();
        await house.PassAsync();
        var row = Assert.Single(await house.OpenAsync());
        Assert.Equal((2, 2, "High"), (row.Forces, row.Alerts, row.Severity));
        var found = Ok(await house.Queries.FindAsync(Analyst, row.Id, null, Now));
        Assert.Equal(["The address 203.0.113.9, in 2 alerts of 2 forces", "The mail address rosters@hr-service.example, in 2 alerts of 2 forces"],
            found.Reasons.Select(reason => reason.Words[..reason.Words.IndexOf(", from", StringComparison.Ordinal)]));
        Assert.Equal([Kent, Essex], found.Alerts.Select(alert => alert.Force));
        Assert.Single(await house.Get<Outbox>().ListAsync(Analyst, true, null, Now), notice => notice.Link == $"/candidates/{row.Id}");

        var options = new OpenOptions { Force = ForceId.Centre, Title = "The same in several forces", Alerts = [.. found.Alerts.Select(alert => alert.Id)], Candidate = row.Id };
        var incident = Ok(await house.Incidents.OpenAsync(Analyst, options, Now));
        Refused(await house.Incidents.OpenAsync(Analyst, options, Now), "has made an incident of this candidate already");
        Refused(await house.Operations.DismissAsync(Analyst, row.Id, "Nothing.", false, null, Now), "has made an incident of this candidate already");
        var made = Ok(await house.Get<IncidentQueries>().FindAsync(Analyst, incident, null, Now));
        Assert.Contains(made.Entries, entry => entry.Words.StartsWith("The address 203.0.113.9", StringComparison.Ordinal));
        Assert.Equal(2, made.Parts.Count);
        // What one force's alert named is not written into another's part.
        foreach (var part in made.Parts)
        {
            var its = Ok(await house.Get<IncidentQueries>().FindAsync(Analyst, part.Id, null, Now));
            Assert.DoesNotContain(its.Entries, entry => entry.Words.Contains("203.0.113.9", StringComparison.Ordinal));
        }

        house.Alerts.Add(Surrey, Start.AddHours(5), named: [("address", "203.0.113.9")]);
        await house.PassAsync();
        found = Ok(await house.Queries.FindAsync(Analyst, row.Id, null, Now));
        Assert.Equal(("Raised", 3, 1, incident), (found.Candidate.Status, found.Candidate.Forces, found.UnseenForces, found.Candidate.Incident));
        Assert.Single(await house.Get<Outbox>().ListAsync(Analyst, true, null, Now), notice => notice.Words.Contains("seen in another force", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Candidate_OfForcesOutOfSight_IsANumberAndNoMore()
    {
        await using var house = await CorrelationHouse.StartAsync();
        house.Alerts.Add(Surrey, Start, named: [("hash", new string('a', 64))]);
        house.Alerts.Add(ForceId.Of("DVC"), Start, named: [("hash", new string('a', 64)), ("app", "roster sync")]);
        await house.PassAsync();
        Assert.Empty(await house.OpenAsync());

        house.Alerts.Add(Kent, Start, named: [("hash", new string('a', 64))]);
        await house.PassAsync();
        var row = Assert.Single(await house.OpenAsync());
        var found = Ok(await house.Queries.FindAsync(Analyst, row.Id, null, Now));
        Assert.Equal((3, 2), (found.Candidate.Forces, found.UnseenForces));
        Assert.Equal(Kent, Assert.Single(found.Alerts).Force);
        Assert.DoesNotContain("app", found.Reasons.Select(reason => reason.Kind));
        // A force's people have no candidates at all.
        await Assert.ThrowsAsync<AccessRefusedException>(() => house.OpenAsync(Officer));
        await Assert.ThrowsAsync<AccessRefusedException>(() => house.Operations.DismissAsync(Stranger, row.Id, "Not ours.", false, null, Now));
    }

    [Fact]
    public async Task Candidate_WithAReasonThatOnlyOthersHave_ShowsNothingOfIt()
    {
        await using var house = await CorrelationHouse.StartAsync();
        // Two forces out of sight share a mail address; one of their alerts shares a domain with one in sight.
        house.Alerts.Add(Surrey, Start, named: [("mail", "victim@surrey.example"), ("domain", "evil.example")]);
        house.Alerts.Add(ForceId.Of("DVC"), Start.AddMinutes(5), named: [("mail", "victim@surrey.example")]);
        await house.PassAsync();
        Assert.Empty(await house.OpenAsync());
        Assert.Empty(await house.Get<Outbox>().ListAsync(Analyst, true, null, Now));
        Guid hidden;
        await using (var session = await house.EnterAsync()) hidden = (await session.Db.Set<Candidate>().AsNoTracking().SingleAsync(Now)).Id;
        // Whoever knows its id makes no incident of it.
        Assert.Equal(FailureKind.NotFound, (await house.Incidents.OpenAsync(Analyst, new OpenOptions { Force = ForceId.Centre, Title = "By its id", Candidate = hidden }, Now)).Failure!.Kind);

        house.Alerts.Add(Kent, Start.AddMinutes(10), named: [("domain", "evil.example")]);
        await house.PassAsync();
        var row = Assert.Single(await house.OpenAsync());
        Assert.Single(await house.Get<Outbox>().ListAsync(Analyst, true, null, Now));
        var found = Ok(await house.Queries.FindAsync(Analyst, row.Id, null, Now));
        Assert.Equal("domain", Assert.Single(found.Reasons).Kind);
        Assert.DoesNotContain("victim", System.Text.Json.JsonSerializer.Serialize(found), StringComparison.Ordinal);
        var incident = Ok(await house.Incidents.OpenAsync(Analyst, new OpenOptions { Force = ForceId.Centre, Title = "The same domain", Candidate = row.Id, Parts = [Kent] }, Now));
        Assert.DoesNotContain(Ok(await house.Get<IncidentQueries>().FindAsync(Analyst, incident, null, Now)).Entries, entry => entry.Words.Contains("victim", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dismissal_WithAndWithoutEver_HoldsAndCanBeTakenBack()
    {
        await using var house = await CorrelationHouse.StartAsync();
        house.Alerts.Add(Kent, Start, named: [("address", "198.51.100.7")]);
        house.Alerts.Add(Essex, Start, named: [("address", "198.51.100.7")]);
        await house.PassAsync();
        var row = Assert.Single(await house.OpenAsync());
        Refused(await house.Operations.DismissAsync(Analyst, row.Id, " ", false, null, Now), "Say it in 3 to 2,000");
        Refused(await house.Operations.DismissAsync(Analyst, row.Id, "A scanner.", false, row.Version + 1, Now), "has changed in the meantime");
        Ok(await house.Operations.DismissAsync(Analyst, row.Id, "A scanner that everybody sees.", false, row.Version, Now));
        house.Alerts.Add(Surrey, Start.AddDays(1), named: [("address", "198.51.100.7")]);
        await house.PassAsync();
        Assert.Empty(await house.OpenAsync());
        Ok(await house.Operations.ReopenAsync(Analyst, row.Id, "It is more than a scanner.", null, Now));
        Assert.Equal(3, Assert.Single(await house.OpenAsync()).Forces);

        Ok(await house.Operations.DismissAsync(Analyst, row.Id, "The gateway of all forces.", true, null, Now));
        house.Alerts.Add(Kent, Start.AddDays(60), named: [("address", "198.51.100.7")]);
        house.Alerts.Add(Essex, Start.AddDays(60), named: [("address", "198.51.100.7")]);
        await house.PassAsync();
        Assert.Empty(await house.OpenAsync());
        Ok(await house.Operations.CompareAgainAsync(Analyst, Assert.Single(await house.Queries.IgnoredAsync(Analyst, Now)).Id, Now));
        house.Alerts.Add(Essex, Start.AddDays(61), named: [("address", "198.51.100.7")]);
        await house.PassAsync();
        Assert.Equal(2, Assert.Single(await house.OpenAsync()).Forces);
    }

    [Fact]
    public async Task Alerts_ThatAreWeakHarmlessOrFarApart_MakeNoCandidate()
    {
        await using var house = await CorrelationHouse.StartAsync();
        house.Alerts.Add(Kent, Start, "low", named: [("domain", "weak.example")]);
        house.Alerts.Add(Essex, Start, "informational", named: [("domain", "weak.example")]);
        house.Alerts.Add(Kent, Start, named: [("domain", "harmless.example")]);
        house.Alerts.Clear(house.Alerts.Add(Essex, Start, named: [("domain", "harmless.example")]));
        house.Alerts.Add(Kent, Start, named: [("domain", "far.example")]);
        house.Alerts.Add(Essex, Start.AddDays(15), named: [("domain", "far.example")]);
        house.Alerts.Add(Kent, Start, named: [("domain", "login.microsoftonline.com")]);
        house.Alerts.Add(Essex, Start, named: [("domain", "login.microsoftonline.com")]);
        await house.PassAsync();
        Assert.Empty(await house.OpenAsync());
        house.Alerts.Add(Surrey, Start, "low", named: [("domain", "weak.example")]);
        await house.PassAsync();
        Assert.Equal("The same domain weak.example", Assert.Single(await house.OpenAsync()).Title);
    }

    [Fact]
    public async Task Sequence_TheSameInTwoForces_MakesACandidate()
    {
        await using var house = await CorrelationHouse.StartAsync();
        foreach (var (force, day) in new[] { (Kent, 0), (Essex, 1) })
        {
            string[] steps = ["T1566.002", "T1528", "T1114.003"];
            for (var step = 0; step < steps.Length; step++) house.Alerts.Add(force, Start.AddDays(day).AddMinutes(step), entity: $"one@{force.Value}.example", techniques: [steps[step]]);
        }

        // Another order is another story.
        house.Alerts.Add(Surrey, Start, entity: "x", techniques: ["T1528"]);
        house.Alerts.Add(Surrey, Start.AddMinutes(1), entity: "x", techniques: ["T1566.002"]);
        house.Alerts.Add(Surrey, Start.AddMinutes(2), entity: "x", techniques: ["T1114.003"]);
        await house.PassAsync();
        var row = Assert.Single(await house.OpenAsync());
        Assert.Equal(("The same sequence T1566.002 > T1528 > T1114.003", 2, 6), (row.Title, row.Forces, row.Alerts));
    }
}
