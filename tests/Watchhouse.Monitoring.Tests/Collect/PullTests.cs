using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Collect;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Monitoring.Collect.Running;
using Watchhouse.Monitoring.Tests.Collect.Fake;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.MicrosoftApis;

namespace Watchhouse.Monitoring.Tests.Collect;

public sealed class PullTests
{
    private const string Exchange = "Audit.Exchange";

    [Fact]
    public async Task Subscription_SwitchedOffMeanwhile_IsStartedAgainAndItsTimeIsAGap()
    {
        await using var house = await CollectHouse.StartAsync();
        var tenant = house.Fake.Tenant();
        var collector = await house.CollectorAsync(CollectorKind.Office365, tenant, "office", [Exchange]);
        await house.RunAsync(collector);
        house.Clock.Advance(TimeSpan.FromMinutes(10));
        await house.RunAsync(collector);
        tenant.Subscriptions[Exchange] = false;
        house.Clock.Advance(TimeSpan.FromMinutes(30));
        await house.RunAsync(collector);
        Assert.True(tenant.Subscriptions[Exchange]);
        house.Clock.Advance(TimeSpan.FromHours(5));
        await house.RunAsync(collector);
        house.Clock.Advance(TimeSpan.FromHours(80));
        await house.RunAsync(collector);

        var windows = await house.WindowsAsync(collector);
        var gaps = windows.Where(w => w.State == WindowState.Gap).ToList();
        Assert.NotEmpty(gaps);
        Assert.All(gaps, gap => Assert.Contains("switched off", gap.Reason, StringComparison.Ordinal));
        // From when it was last seen on to when it was started, and no further.
        Assert.InRange(gaps.Sum(gap => (gap.To - gap.From).TotalMinutes), 30, 45);
        Assert.All(windows.Except(gaps).Where(w => w.NextAt is null), w => Assert.Equal(WindowState.Reconciled, w.State));
    }

    [Fact]
    public async Task Blob_ThatExpiresBeforeItIsFetched_IsAGapThatNamesIt()
    {
        await using var house = await CollectHouse.StartAsync();
        var tenant = house.Fake.Tenant();
        var collector = await house.CollectorAsync(CollectorKind.Office365, tenant, "office", [Exchange]);
        await house.RunAsync(collector);
        var now = house.Clock.GetUtcNow();
        tenant.Blobs.Add(new FakeBlob("gone", Exchange, now, now, now.AddMinutes(1), ["{\"Id\":\"1\"}"]));
        tenant.Blobs.Add(new FakeBlob("here", Exchange, now, now, now.AddDays(7), ["{\"Id\":\"2\"}"]));
        house.Clock.Advance(TimeSpan.FromMinutes(30));
        await house.RunAsync(collector);

        var gap = Assert.Single(await house.WindowsAsync(collector), w => w.State == WindowState.Gap);
        Assert.Contains("could not be fetched", gap.Reason, StringComparison.Ordinal);
        Assert.Equal((2, 1), (gap.Listed, gap.Fetched));
        Assert.Equal(["{\"Id\":\"2\"}", "{\"Id\":\"2\"}"], house.Lines("office"));
    }

    [Fact]
    public async Task Collector_ThatStoodStillForNineDays_SaysWhatCannotBeFetchedAndFetchesTheRest()
    {
        await using var house = await CollectHouse.StartAsync();
        var tenant = house.Fake.Tenant();
        var collector = await house.CollectorAsync(CollectorKind.Office365, tenant, "office", [Exchange]);
        await house.RunAsync(collector);
        house.Clock.Advance(TimeSpan.FromDays(9));
        var now = house.Clock.GetUtcNow();
        tenant.Blobs.Add(new FakeBlob("b", Exchange, now.AddDays(-6), now.AddDays(-6), now.AddDays(1), ["{\"Id\":\"1\"}"]));
        await house.RunAsync(collector);

        var windows = await house.WindowsAsync(collector);
        var gap = Assert.Single(windows, w => w.State == WindowState.Gap && w.Reason!.Contains("7 days only", StringComparison.Ordinal));
        Assert.InRange(gap.To - gap.From, TimeSpan.FromDays(1.9), TimeSpan.FromDays(2.1));
        Assert.NotEmpty(house.Lines("office"));
        Assert.All(windows, w => Assert.True(w.To - w.From <= TimeSpan.FromHours(24) || w.State == WindowState.Gap));
    }

    [Theory]
    [InlineData("AADSTS7000222: The provided client secret keys are expired.", "the client secret has expired")]
    [InlineData("AADSTS700016: Application was not found in the directory.", "the tenant has no such application")]
    [InlineData("AADSTS65001: consent", "withdrawn")]
    [InlineData("AADSTS1234567: something", "AADSTS1234567")]
    public async Task SignIn_ThatIsRefused_StandsOnTheCollectorAsASentenceAndWaits(string error, string expected)
    {
        await using var house = await CollectHouse.StartAsync();
        var tenant = house.Fake.Tenant();
        tenant.SignInError = error;
        var collector = await house.CollectorAsync(CollectorKind.SignIns, tenant, "entra");

        await house.RunAsync(collector);

        var status = await house.StatusAsync(collector);
        Assert.Contains(expected, status.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(tenant.Secret, status.Problem, StringComparison.Ordinal);
        Assert.Equal(house.Clock.GetUtcNow().AddHours(1), status.NextRunAt);
        tenant.SignInError = null;
        await house.RunAsync(collector);
        Assert.Null((await house.StatusAsync(collector)).Problem);
    }

    [Fact]
    public async Task Consent_ThatIsWithdrawn_SaysWhichPermissionIsNeededAndAsksNoMore()
    {
        await using var house = await CollectHouse.StartAsync();
        var tenant = house.Fake.Tenant();
        var collector = await house.CollectorAsync(CollectorKind.DirectoryAudits, tenant, "audits");
        tenant.Consent = false;

        await house.RunAsync(collector);

        Assert.Contains("AuditLog.Read.All", (await house.StatusAsync(collector)).Problem, StringComparison.Ordinal);
        Assert.Single(tenant.Asked);
    }

    [Theory]
    [InlineData(nameof(CollectorKind.AzureActivity))]
    [InlineData(nameof(CollectorKind.Office365))]
    public async Task Stream_ThatIsRefused_KeepsNoOtherFromGoingOn(string kindName)
    {
        await using var house = await CollectHouse.StartAsync();
        var (tenant, kind) = (house.Fake.Tenant(), Enum.Parse<CollectorKind>(kindName));
        string[] streams = kind == CollectorKind.Office365 ? ["DLP.All", Exchange] : [Guid.Empty.ToString(), Guid.NewGuid().ToString()];
        var collector = await house.CollectorAsync(kind, tenant, "x", streams);
        tenant.Refused = streams[0];
        for (var i = 0; i < 3; i++)
        {
            house.Clock.Advance(TimeSpan.FromMinutes(20));
            await house.RunAsync(collector);
        }

        Assert.Contains(streams[0], (await house.StatusAsync(collector)).Problem, StringComparison.Ordinal);
        var windows = await house.WindowsAsync(collector);
        Assert.All(windows.Where(w => w.Stream == streams[0]), w => Assert.Equal(WindowState.Planned, w.State));
        Assert.All(windows.Where(w => w.Stream == streams[1]), w => Assert.NotEqual(WindowState.Planned, w.State));
        tenant.Refused = null;
        house.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Null((await house.RunAsync(collector)).Problem);
        Assert.DoesNotContain(await house.WindowsAsync(collector), w => w.State == WindowState.Planned);
    }

    [Fact]
    public async Task Throttling_ThatDoesNotEnd_EndsTheRunAndNothingIsCovered()
    {
        await using var house = await CollectHouse.StartAsync();
        var tenant = house.Fake.Tenant();
        var collector = await house.CollectorAsync(CollectorKind.DirectoryAudits, tenant, "audits");
        for (var i = 0; i < 100; i++) tenant.Faults.Enqueue(i % 2 == 0 ? Fault.Throttle : Fault.ThrottleUntil);

        var end = await house.RunAsync(collector);

        Assert.Contains("slow down", end.Problem, StringComparison.Ordinal);
        Assert.Equal(house.Options.MaxAttempts, tenant.Asked.Count);
        // Each wait was at least as long as it was asked to be.
        Assert.True(house.Clock.Waited >= TimeSpan.FromSeconds(5 * (house.Options.MaxAttempts - 1)));
        Assert.All(await house.WindowsAsync(collector), w => Assert.Equal(WindowState.Planned, w.State));
    }

    [Fact]
    public async Task Batch_WithInnerThrottles_WaitsAndTakesNoneForEmpty()
    {
        await using var house = await CollectHouse.StartAsync();
        var tenant = house.Fake.Tenant();
        var collector = await house.CollectorAsync(CollectorKind.SignIns, tenant, "entra", ["nonInteractiveUser", "servicePrincipal"]);
        await house.RunAsync(collector);
        var now = house.Clock.GetUtcNow();
        house.Clock.Advance(TimeSpan.FromMinutes(20));
        await house.RunAsync(collector);
        foreach (var stream in new[] { "nonInteractiveUser", "servicePrincipal" })
            for (var i = 0; i < 5; i++)
                tenant.Events.Add(new FakeEvent(stream, now.AddSeconds(i), house.Clock.GetUtcNow().AddMinutes(5), $$"""{"id":"{{stream}}{{i}}"}"""));
        house.Clock.Advance(TimeSpan.FromMinutes(30));
        tenant.InnerThrottles = 3;
        var waited = house.Clock.Waited;

        await house.RunAsync(collector);

        Assert.True(tenant.Batches >= 2);
        Assert.True(house.Clock.Waited - waited >= TimeSpan.FromSeconds(3));
        Assert.Equal(10, house.Lines("entra").Distinct().Count());
        Assert.Equal(10, (await house.WindowsAsync(collector)).Sum(w => w.Late));
    }

    [Theory]
    [InlineData(nameof(Fault.Foreign), nameof(CollectorKind.Office365))]
    [InlineData(nameof(Fault.Foreign), nameof(CollectorKind.DirectoryAudits))]
    [InlineData(nameof(Fault.Foreign), nameof(CollectorKind.AzureActivity))]
    [InlineData(nameof(Fault.Redirect), nameof(CollectorKind.DirectoryAudits))]
    public async Task Answer_ThatPointsElsewhere_GetsNoToken(string faultName, string kindName)
    {
        var (fault, kind) = (Enum.Parse<Fault>(faultName), Enum.Parse<CollectorKind>(kindName));
        await using var house = await CollectHouse.StartAsync();
        var tenant = house.Fake.Tenant();
        var collector = await house.CollectorAsync(kind, tenant, "x", kind switch
        {
            CollectorKind.Office365 => [Exchange],
            CollectorKind.AzureActivity => [Guid.NewGuid().ToString()],
            _ => null,
        });
        for (var i = 0; i < 50; i++) tenant.Faults.Enqueue(fault);

        await house.RunAsync(collector);

        Assert.Empty(house.Fake.Stolen);
        Assert.All(await house.WindowsAsync(collector), w => Assert.NotEqual(WindowState.Fetched, w.State));
    }

    [Fact]
    public async Task Blob_OfAnotherTenant_IsNotFetched()
    {
        await using var house = await CollectHouse.StartAsync();
        var (mine, other) = (house.Fake.Tenant(), house.Fake.Tenant());
        var address = new ApiAddress(new Uri($"{house.Fake.Address}/api/v1.0/{mine.Id}/activity/feed/"));

        Assert.Throws<ApiException>(() => address.Follow($"{house.Fake.Address}/api/v1.0/{other.Id}/activity/feed/audit/x"));
        Assert.Throws<ApiException>(() => address.Follow($"{house.Fake.Address}/api/v1.0/{mine.Id}/activity/feed/../../{other.Id}/x"));
        Assert.Throws<ApiException>(() => address.Follow($"http://user@{new Uri(house.Fake.Address).Authority}/api/v1.0/{mine.Id}/activity/feed/audit/x"));
        address.Follow($"{house.Fake.Address}/api/v1.0/{mine.Id}/activity/feed/audit/x");
    }

    [Fact]
    public async Task Certificate_ProvesTheApplicationWithoutASecret()
    {
        await using var house = await CollectHouse.StartAsync();
        var tenant = house.Fake.Tenant();
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=collector", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(90));
        var directory = Path.Combine(house.Services.GetRequiredService<Watchhouse.Platform.Data.HouseDirectory>().Path, "secrets", "KNT");
        Directory.CreateDirectory(directory);
        await File.WriteAllTextAsync(Path.Combine(directory, "graph.pem"), certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        var made = await house.Services.GetRequiredService<CollectorOperations>().CreateAsync(CollectHouse.Officer(IngestHouse.Kent), new CollectorInput
        {
            Kind = CollectorKind.DirectoryAudits,
            Name = "x",
            Source = "x",
            TenantId = tenant.Id,
            ClientId = tenant.ClientId,
            CredentialFile = "graph.pem",
        }, null, IngestHouse.Now);
        Assert.True(made.Succeeded, made.Failure?.Message);

        Assert.Null((await house.RunAsync(made.Value)).Problem);

        var parts = Assert.Single(tenant.Assertions).Split('.');
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
        using var claims = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]));
        Assert.Equal($"{house.Fake.Address}/{tenant.Id}/oauth2/v2.0/token", claims.RootElement.GetProperty("aud").GetString());
        // When it lapses is known from the certificate, for a warning in time.
        Assert.Equal(certificate.NotAfter.ToUniversalTime(), made.Value.CredentialExpiresAt!.Value.UtcDateTime);
        // Another force reads no file of this one.
        var stranger = await house.Services.GetRequiredService<CollectorOperations>().CreateAsync(CollectHouse.Officer(IngestHouse.Essex), new CollectorInput
        {
            Kind = CollectorKind.DirectoryAudits,
            Name = "x",
            Source = "x",
            TenantId = tenant.Id,
            ClientId = tenant.ClientId,
            CredentialFile = "graph.pem",
        }, null, IngestHouse.Now);
        Assert.False(stranger.Succeeded);
    }

    [Fact]
    public async Task Alert_ThatChanges_IsDeliveredAgainAndSaysWhatItIs()
    {
        await using var house = await CollectHouse.StartAsync();
        var tenant = house.Fake.Tenant();
        var collector = await house.CollectorAsync(CollectorKind.DefenderAlerts, tenant, "defender");
        await house.RunAsync(collector);
        string Alert(DateTimeOffset at, string status) => $$"""{"id":"alert-1","status":"{{status}}","lastUpdateDateTime":"{{at:O}}"}""";
        foreach (var status in new[] { "new", "resolved" })
        {
            house.Clock.Advance(TimeSpan.FromMinutes(3));
            var at = house.Clock.GetUtcNow();
            tenant.Events.Add(new FakeEvent("all", at, at, Alert(at, status)));
            house.Clock.Advance(TimeSpan.FromMinutes(4));
            await house.RunAsync(collector);
        }

        Assert.Equal(2, house.Lines("defender").Count);
        Assert.Contains(await house.House.BatchesAsync(), b => b is { Owner: "KNT", Source: "defender", Format: "ndjson; collected=DefenderAlerts" });
    }

    [Fact]
    public async Task Tenants_AreNeverAskedMoreAtOnceThanIsAllowed()
    {
        await using var house = await CollectHouse.StartAsync(options => options.PerTenant = 2);
        var tenant = house.Fake.Tenant();
        var collector = await house.CollectorAsync(CollectorKind.Office365, tenant, "office", [Exchange]);
        await house.RunAsync(collector);
        var now = house.Clock.GetUtcNow();
        for (var i = 0; i < 40; i++) tenant.Blobs.Add(new FakeBlob($"b{i}", Exchange, now, now, now.AddDays(7), [$$"""{"Id":"{{i}}"}"""]));
        house.Clock.Advance(TimeSpan.FromMinutes(10));
        await house.RunAsync(collector);

        Assert.Equal(40, house.Lines("office").Distinct().Count());
        Assert.InRange(tenant.MostUnderWay, 1, 2);
    }

    [Fact]
    public async Task Forces_WriteOnlyAsThemselves()
    {
        await using var house = await CollectHouse.StartAsync();
        var (kent, essex) = (house.Fake.Tenant(), house.Fake.Tenant());
        var ofKent = await house.CollectorAsync(CollectorKind.DirectoryAudits, kent, "same-name", force: IngestHouse.Kent);
        var ofEssex = await house.CollectorAsync(CollectorKind.DirectoryAudits, essex, "same-name", force: IngestHouse.Essex);
        await house.RunAsync(ofKent);
        await house.RunAsync(ofEssex);
        var at = house.Clock.GetUtcNow();
        // What an event says of its owner changes nothing.
        kent.Events.Add(new FakeEvent("all", at, at, """{"id":"k","force":"ESX"}"""));
        essex.Events.Add(new FakeEvent("all", at, at, """{"id":"e","force":"KNT"}"""));
        house.Clock.Advance(TimeSpan.FromMinutes(10));
        await house.RunAsync(ofKent);
        await house.RunAsync(ofEssex);

        var batches = (await house.House.BatchesAsync()).Where(b => b.Source == "same-name").ToList();
        Assert.Equal(["ESX {\"id\":\"e\",\"force\":\"KNT\"}", "KNT {\"id\":\"k\",\"force\":\"ESX\"}"], batches.Select(b => $"{b.Owner} {b.Payload}").Order(StringComparer.Ordinal));
        var owners = await house.ReadAsync(db => db.Set<CoverageWindow>().Where(w => w.CollectorId == ofKent.Id).Select(w => w.ForceId).Distinct().ToListAsync());
        Assert.Equal([IngestHouse.Kent], owners);
        // A runner that is handed a row of another force under the wrong owner writes nothing.
        var forged = await house.FindAsync(ofEssex);
        forged.ForceId = IngestHouse.Kent;
        await Assert.ThrowsAnyAsync<Exception>(() => new CoverageLedger(
            house.Services.GetRequiredService<Watchhouse.Platform.Operations.IHouse>(), CollectorPrincipal.Of(forged), forged, house.Clock)
            .FailedAsync((house.WindowsAsync(ofEssex).GetAwaiter().GetResult())[0].Id, "forged", false, 0, IngestHouse.Now));
    }

    [Fact]
    public async Task Api_OfACollector_ShowsNoCredentialAndIsTheForcesAlone()
    {
        await using var house = await CollectHouse.StartAsync(options => options.Scheduled = true);
        var tenant = house.Fake.Tenant();
        house.Fake.Clock = TimeProvider.System;
        var officer = await house.House.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        var stranger = await house.House.House.PersonAsync(IngestHouse.Essex, Role.SecurityOfficer);
        var body = new
        {
            kind = "DirectoryAudits",
            name = "Audits",
            source = "entra-audits",
            tenantId = tenant.Id,
            clientId = tenant.ClientId,
            credentialKind = "Secret",
            credential = "the-secret",
            credentialExpiresAt = TimeProvider.System.GetUtcNow().AddDays(90),
        };
        async Task<(HttpStatusCode Code, string Text)> SendAsync(Watchhouse.Tests.Hosting.TestPerson who, HttpMethod method, string path, object? content = null)
        {
            using var answer = await house.House.House.SendAsync(who, method, "/api/v1/collectors" + path, content);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }

        var at = TimeProvider.System.GetUtcNow().AddHours(-1);
        tenant.Events.Add(new FakeEvent("all", at, at, """{"id":"by schedule"}"""));
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(officer, HttpMethod.Post, "", new { })).Code);
        var (code, text) = await SendAsync(officer, HttpMethod.Post, "", body);
        Assert.Equal(HttpStatusCode.Created, code);
        var id = JsonDocument.Parse(text).RootElement.GetProperty("id").GetGuid();
        foreach (var (method, path) in new[] { (HttpMethod.Get, ""), (HttpMethod.Get, "/coverage"), (HttpMethod.Put, ""), (HttpMethod.Delete, ""), (HttpMethod.Post, "/run") })
            Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(stranger, method, $"/{id}{path}", method == HttpMethod.Put ? new { } : null)).Code);
        Assert.Equal("[]", (await SendAsync(stranger, HttpMethod.Get, "")).Text);

        // The schedule of the house runs it.
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(officer, HttpMethod.Post, $"/{id}/run")).Code);
        var shown = "";
        for (var i = 0; i < 200 && !shown.Contains("\"lastSuccessAt\":\"", StringComparison.Ordinal); i++)
        {
            await Task.Delay(100);
            shown = (await SendAsync(officer, HttpMethod.Get, $"/{id}")).Text;
        }

        Assert.Contains("\"lastSuccessAt\":\"", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("sealed", shown, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"streams\":[{\"stream\":\"all\",\"coveredTo\":", (await SendAsync(officer, HttpMethod.Get, $"/{id}/coverage")).Text, StringComparison.Ordinal);
        Assert.Equal("[]", (await SendAsync(officer, HttpMethod.Get, "/gaps")).Text);
        Assert.Contains(await house.House.BatchesAsync(), b => b.Source == "entra-audits" && b.Payload == """{"id":"by schedule"}""");
        var kept = await house.ReadAsync(db => db.Set<Collector>().AsNoTracking().SingleAsync(c => c.Id == id));
        Assert.DoesNotContain("the-secret", kept.SealedCredential!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(officer, HttpMethod.Put, $"/{id}", new { version = 99, name = "y" })).Code);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(officer, HttpMethod.Put, $"/{id}", new { enabled = false })).Code);
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(officer, HttpMethod.Post, $"/{id}/run")).Code);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(officer, HttpMethod.Delete, $"/{id}")).Code);
        Assert.Equal(0, await house.ReadAsync(db => db.Set<CoverageWindow>().CountAsync(w => w.CollectorId == id)));
    }
}
