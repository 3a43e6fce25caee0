using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Incidents;
using Watchhouse.Testing;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Incidents;

public sealed class IncidentTests
{
    [Fact]
    public Task Incident_FromAnAlertToItsEnd_KeepsWhatWasDone() => FromAlertToEndAsync(null);

    [Fact]
    public async Task Incident_FromAnAlertToItsEndOnPostgres_KeepsWhatWasDone()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(Now);
        await FromAlertToEndAsync(database.ConnectionString);
    }

    private static async Task FromAlertToEndAsync(string? postgres)
    {
        await using var house = await IncidentHouse.StartAsync(postgres);
        var id = Ok(await house.Incidents.OpenAsync(Analyst, new OpenOptions
        {
            Force = Kent, Title = "Consent phishing", Impact = IncidentImpact.Major, Urgency = IncidentUrgency.Now, Alerts = [IncidentHouse.KentAlert.Id],
        }, Now));
        Ok(await house.Incidents.OwnAsync(Officer, id, true, null, Now));
        Ok(await house.Incidents.NoteAsync(Officer, id, "The app was named like the duty system.", DateTimeOffset.UtcNow.AddHours(-2), Now));
        Ok(await house.Incidents.AddTaskAsync(Analyst, id, "Look for the app in all mailboxes", "Kent IT", null, Now));
        Ok(await house.Incidents.AddEntityAsync(Officer, id, "app", "Duty planner", "the app that was consented to", Now));
        Ok(await house.Incidents.MoveAsync(Officer, id, IncidentStatus.Contained, "The consent was removed.", null, Now));
        Ok(await house.Incidents.MoveAsync(Officer, id, IncidentStatus.Eradicated, "Nobody else had it.", null, Now));
        Ok(await house.Incidents.MoveAsync(Officer, id, IncidentStatus.Recovered, "All is well.", null, Now));

        Refused(await house.Incidents.MoveAsync(Officer, id, IncidentStatus.Closed, "Over.", null, Now), "One of its tasks is not done");
        var task = Assert.Single((await house.FindAsync(id)).Tasks);
        Ok(await house.Incidents.DoTaskAsync(Officer, id, task.Id, Now));
        Refused(await house.Incidents.DoTaskAsync(Analyst, id, task.Id, Now), "recorded this task as done already");
        Refused(await house.Incidents.MoveAsync(Officer, id, IncidentStatus.Closed, "Over.", null, Now), "closed with a review");
        Ok(await house.Incidents.ReviewAsync(Officer, id, "Users could consent to apps; an administrator does now.", null, Now));
        Ok(await house.Incidents.MoveAsync(Officer, id, IncidentStatus.Closed, "Over.", null, Now));

        var found = await house.FindAsync(id, Officer);
        Assert.Equal(("Closed", "Critical", "Test kent-officer (KNT)"), (found.Incident.Status, found.Incident.Severity, found.Incident.Owner));
        Assert.NotNull(found.ContainedAt);
        Assert.NotNull(found.Incident.ClosedAt);
        Assert.Equal("sergeant@kent.example", Assert.Single(found.Alerts).Entity);
        // Told later, it stands where it happened.
        Assert.Equal("The app was named like the duty system.", found.Entries[^1].Words);
        Assert.Empty(await house.Queries.ListAsync(Officer, new IncidentFilter(), Now));
        Assert.Single(await house.Queries.ListAsync(Officer, new IncidentFilter { Statuses = [] }, Now));
        Assert.Single(await house.Queries.ListAsync(Officer, new IncidentFilter { Alert = IncidentHouse.KentAlert.Id }, Now));
    }

    [Fact]
    public async Task Change_ThatMayNotBe_IsAnsweredInASentence()
    {
        await using var house = await IncidentHouse.StartAsync();
        var id = await house.OpenAsync(Officer);

        Refused(await house.Incidents.MoveAsync(Officer, id, IncidentStatus.Recovered, "It is over.", null, Now), "An incident that is new cannot become recovered. It can become open or closed.");
        Refused(await house.Incidents.MoveAsync(Officer, id, IncidentStatus.Open, " ", null, Now), "3 to 4,000");
        var version = (await house.FindAsync(id)).Version;
        Ok(await house.Incidents.AssessAsync(Analyst, id, IncidentImpact.Severe, IncidentUrgency.Now, "It spreads.", version, Now));
        Refused(await house.Incidents.MoveAsync(Officer, id, IncidentStatus.Open, "Looked at it.", version, Now), "Somebody else changed this incident");
        Refused(await house.Incidents.NoteAsync(Officer, id, "Tomorrow it rains.", DateTimeOffset.UtcNow.AddDays(1), Now), "cannot lie ahead");
        Refused(await house.Incidents.OpenAsync(Officer, new OpenOptions { Force = Kent, Title = "Secret", Handling = (IncidentHandling)3 }, Now), "SECRET or above");
        Refused(await house.Incidents.OpenAsync(Officer, new OpenOptions { Force = Kent, Title = "Of another", Alerts = [IncidentHouse.EssexAlert.Id] }, Now), "not for you to see");
        Refused(await house.Incidents.OpenAsync(Analyst, new OpenOptions { Force = Kent, Title = "Of another", Alerts = [IncidentHouse.EssexAlert.Id] }, Now), "An alert of ESX cannot stand in an incident of KNT");
        Refused(await house.Incidents.AddEntityAsync(Officer, id, "planet", "Mars", "", Now), "The kind is one of");
        await Assert.ThrowsAsync<AccessRefusedException>(() => house.Incidents.NoteAsync(Owner, id, "I only read.", null, Now));
        Assert.Equal(FailureKind.NotFound, (await house.Incidents.NoteAsync(Stranger, id, "Let me in.", null, Now)).Failure!.Kind);
        await Assert.ThrowsAsync<AccessRefusedException>(() => house.Incidents.OpenAsync(Officer, new OpenOptions { Force = Essex, Title = "At the neighbour's" }, Now));
    }

    [Fact]
    public async Task Category_IsProposedByTheCentre_AndConfirmedByWhomIsNamed()
    {
        await using var house = await IncidentHouse.StartAsync();
        var id = await house.OpenAsync(Officer);

        Refused(await house.Incidents.ProposeCategoryAsync(Officer, id, 3, "It is grave.", null, Now), "The Centre proposes");
        Ok(await house.Incidents.ProposeCategoryAsync(Analyst, id, 3, "Several services are down.", null, Now));
        Assert.Equal(new CategoryModel(3, null, null, null, null), (await house.FindAsync(id)).Category);
        Refused(await house.Incidents.ConfirmCategoryAsync(Analyst, id, 3, "", "X-1", null, Now), "Name the body");
        Refused(await house.Incidents.ConfirmCategoryAsync(Analyst, id, 7, "NCSC", "X-12", null, Now), "1 to 6");
        Ok(await house.Incidents.ConfirmCategoryAsync(Analyst, id, 4, "NCSC", "X-12", null, Now));
        Assert.Equal((3, 4, "NCSC", "X-12"), ((await house.FindAsync(id)).Category) is var category ? (category.Proposed, category.Confirmed, category.ConfirmedBy, category.ConfirmedUnder) : default);
        Refused(await house.Incidents.ProposeCategoryAsync(Analyst, id, 2, "It grew.", null, Now), "NCSC has confirmed C4");
    }

    [Fact]
    public async Task NationalIncident_EachForceSeesItsPartAndWhatIsShared_NeverAnothers()
    {
        await using var house = await IncidentHouse.StartAsync();
        var id = Ok(await house.Incidents.OpenAsync(Analyst, new OpenOptions { Force = ForceId.Centre, Title = "Consent phishing in several forces", Alerts = [IncidentHouse.KentAlert.Id, IncidentHouse.EssexAlert.Id] }, Now));
        var parts = (await house.FindAsync(id)).Parts;
        Assert.Equal([Essex, Kent], parts.Select(part => part.Force));
        var (essex, kent) = (parts[0].Id, parts[1].Id);
        Ok(await house.Incidents.NoteAsync(Stranger, essex, "Our clerk clicked on it.", null, Now));
        Ok(await house.Incidents.ShareAsync(Analyst, id, "The app calls itself Duty planner: look for it.", Now));

        var seen = await house.FindAsync(kent, Officer);
        Assert.Contains(seen.Entries, entry => entry is { Kind: "shared", Words: "The app calls itself Duty planner: look for it." });
        Assert.DoesNotContain("clerk", System.Text.Json.JsonSerializer.Serialize(seen), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("ESX", System.Text.Json.JsonSerializer.Serialize(seen), StringComparison.Ordinal);
        foreach (var unseen in new[] { id, essex }) Assert.Equal(FailureKind.NotFound, (await house.Queries.FindAsync(Officer, unseen, null, Now)).Failure!.Kind);
        Assert.Equal(kent, Assert.Single(await house.Queries.ListAsync(Officer, new IncidentFilter(), Now)).Id);
        Assert.Equal(3, (await house.Queries.ListAsync(Analyst, new IncidentFilter(), Now)).Count);

        Refused(await house.Incidents.AddPartAsync(Analyst, id, IncidentHouse.Surrey, Now), "SRY has given the Centre no delegation for response");
        Refused(await house.Incidents.AddPartAsync(Analyst, id, Kent, Now), "KNT has a part of this incident already");
        Refused(await house.Incidents.ShareAsync(Officer, kent, "To all.", Now), "Only a national incident");
        Refused(await house.Incidents.MoveAsync(Analyst, id, IncidentStatus.Closed, "Over.", null, Now), "2 forces' parts of it are not closed");
        Assert.Equal(FailureKind.NotFound, (await house.Incidents.OpenAsync(Officer, new OpenOptions { Force = ForceId.Centre, Title = "Mine is national" }, Now)).Failure!.Kind);
    }
}
