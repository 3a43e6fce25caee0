using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Hosting;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Alerts.Triage;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Correlation;
using Watchhouse.Response.Incidents;
using Watchhouse.Response.Notices;

namespace Watchhouse.Bench;

/// <summary>
/// What the pages of the queue and of incidents ask, over 200,000 alerts and 5,000 incidents of 43 forces, on SQLite or, where
/// WATCHHOUSE_POSTGRES names an empty database, on PostgreSQL. The gate and the audit trail are the real ones.
/// </summary>
internal static class ResponseBench
{
    private const int Alerts = 200_000;
    private const int Incidents = 5_000;
    private const int Forces = 43;
    private const int Runs = 100;
    private static IReadOnlyList<ForceId> _forces = [];
    private static readonly CancellationToken None = CancellationToken.None;

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("watchhouse-response-");
        try
        {
            await using var app = await HouseApp.CreateAsync(new ServeOptions { Data = folder.FullName, Urls = "http://127.0.0.1:0" }, None);
            var started = Stopwatch.GetTimestamp();
            var big = await FillAsync(app.Services, [.. Enumerable.Range(0, Forces).Select(Tag)]);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Alerts:N0} alerts and {Incidents:N0} incidents were made in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s."));
            var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
            await MeasureAsync(app.Services, "national", Person(ForceId.Centre, Role.DutyManager, now), big);
            await MeasureAsync(app.Services, "one force", Person(Tag(0), Role.SecurityOfficer, now), big);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(IServiceProvider services, string who, ActingPrincipal actor, Guid big)
    {
        var alerts = services.GetRequiredService<AlertQueries>();
        var triage = services.GetRequiredService<TriageQueries>();
        var incidents = services.GetRequiredService<IncidentQueries>();
        var candidates = services.GetRequiredService<CandidateQueries>();
        var first = await alerts.PageAsync(actor, new AlertFilter(), None);
        var list = await incidents.ListAsync(actor, new IncidentFilter { Statuses = [], Take = 100 }, None);
        await TimeAsync(who, "queue", async () => (await alerts.PageAsync(actor, new AlertFilter { Status = AlertStatusFilter.Unclosed }, None)).Rows.Count);
        await TimeAsync(who, "queue, later page", async () => (await alerts.PageAsync(actor, new AlertFilter { Before = first.Next }, None)).Rows.Count);
        await TimeAsync(who, "queue, figures", async () => (await triage.CountsAsync(actor, null, null, None)).Unclosed);
        await TimeAsync(who, "an alert whole", async () => (await alerts.FindAsync(actor, first.Rows[0].Id, null, None)).Succeeded ? 1 : 0);
        await TimeAsync(who, "similar of an alert", async () => (await triage.SimilarAsync(actor, first.Rows[0].Id, null, None)).Value!.SameTitle.Count);
        await TimeAsync(who, "incidents, open", async () => (await incidents.ListAsync(actor, new IncidentFilter { Take = 100 }, None)).Count);
        await TimeAsync(who, "incidents, all", async () => (await incidents.ListAsync(actor, new IncidentFilter { Statuses = [], Take = 100 }, None)).Count);
        await TimeAsync(who, "incidents, later page", async () => (await incidents.ListAsync(actor, new IncidentFilter { Statuses = [], Take = 100, Before = list[^1].Id }, None)).Count);
        await TimeAsync(who, "incidents, closed", async () => (await incidents.ListAsync(actor, new IncidentFilter { Statuses = [IncidentStatus.Closed], Take = 100 }, None)).Count);
        await TimeAsync(who, "incidents of an alert", async () => (await incidents.ListAsync(actor, new IncidentFilter { Alert = first.Rows[0].Id }, None)).Count);
        await TimeAsync(who, "an incident of 20 alerts", async () => (await incidents.FindAsync(actor, list[0].Id, null, None)).Value!.Alerts.Count);
        await TimeAsync(who, "an incident of 200 alerts, 900 entries", async () => (await incidents.FindAsync(actor, big, null, None)).Value!.Entries.Count);
        await TimeAsync(who, "outbox", async () => (await services.GetRequiredService<Outbox>().ListAsync(actor, true, null, None)).Count);
        if (actor.IsCentre) await TimeAsync(who, "candidates", async () => (await candidates.ListAsync(actor, null, null, false, None)).Count);
    }

    private static async Task TimeAsync(string who, string what, Func<Task<int>> ask)
    {
        var rows = await ask();
        var times = new double[Runs];
        for (var run = 0; run < Runs; run++)
        {
            var started = Stopwatch.GetTimestamp();
            await ask();
            times[run] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        Array.Sort(times);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {who} | {what} | {rows} | {times[Runs / 2]:0.0} | {times[(int)(Runs * 0.95)]:0.0} |"));
    }

    // The first force has a third of all. A year; a fifth of the alerts and a fiftieth of the incidents are not closed.
    internal static async Task<Guid> FillAsync(IServiceProvider services, IReadOnlyList<ForceId> forces)
    {
        _forces = forces;
        var gate = services.GetRequiredService<IHouse>();
        var random = new Random(7);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var made = new List<(Guid Id, ForceId Force)>();
        for (var from = 0; from < Alerts; from += 4_000)
        {
            await using var session = await EnterAsync(gate);
            session.Db.ChangeTracker.AutoDetectChangesEnabled = false;
            for (var number = from; number < from + 4_000; number++)
            {
                var alert = Alert(number, now.AddMinutes(-525_600.0 * (Alerts - number) / Alerts), random);
                made.Add((alert.Id, alert.ForceId));
                session.Db.Add(alert);
                foreach (var technique in AlertTechnique.Found(alert.Tags)) session.Db.Add(new AlertTechnique { AlertId = alert.Id, Technique = technique, ForceId = alert.ForceId, RaisedAt = alert.RaisedAt });
            }

            await session.CommitAsync(None);
        }

        var byForce = made.GroupBy(each => each.Force).ToDictionary(group => group.Key, group => group.Select(each => each.Id).ToArray());
        var big = Guid.Empty;
        for (var from = 0; from < Incidents; from += 250)
        {
            await using var session = await EnterAsync(gate);
            session.Db.ChangeTracker.AutoDetectChangesEnabled = false;
            for (var number = from; number < from + 250; number++)
            {
                var isBig = number == Incidents / 2;
                var incident = Incident(number, isBig ? forces[0] : Drawn(random), now.AddMinutes(-525_600.0 * (Incidents - number) / Incidents));
                if (isBig) big = incident.Id;
                session.Db.Add(incident);
                Belongings(session, incident, byForce[incident.ForceId], isBig ? 200 : 20, isBig ? 900 : 40, random);
            }

            await session.CommitAsync(None);
        }

        await using (var session = await EnterAsync(gate))
        {
            if (session.Db.Database.IsNpgsql()) await session.Db.Database.ExecuteSqlRawAsync("VACUUM ANALYZE", None);
            else await session.Db.Database.ExecuteSqlRawAsync("PRAGMA optimize", None);
        }

        return big;
    }

    private static Alert Alert(int number, DateTimeOffset at, Random random)
    {
        var rule = random.Next(200);
        var force = Drawn(random);
        var isClosed = number % 5 != 0;
        return new()
        {
            Id = Guid.CreateVersion7(at),
            ForceId = force,
            Rule = $"rule-{rule}",
            Title = $"Mailbox rule {rule} sends mail outside the organisation",
            Level = (rule % 10) switch { 1 => "critical", 2 or 3 => "high", 4 => "low", _ => "medium" },
            EntityKind = "user",
            Entity = $"officer{random.Next(5_000)}@{force.Value}.example",
            Tags = ["attack.collection", $"attack.t{1000 + (rule % 50)}.003"],
            Recommendation = "Ask the person. Remove the rule.",
            FalsePositives = [],
            Author = "Watchhouse",
            FirstAt = at,
            LastAt = at,
            RaisedAt = at,
            Events = 1,
            Status = isClosed ? TriageStates.Closed : TriageStates.New,
            Verdict = isClosed ? Verdicts.FalsePositive : "",
            Owner = isClosed ? $"person{number % 40}" : "",
            Steps = 1,
            AcknowledgedAfter = isClosed ? 60 : null,
            TriagedAfter = isClosed ? 300 : null,
        };
    }

    private static Incident Incident(int number, ForceId force, DateTimeOffset at)
    {
        var id = Guid.CreateVersion7(at);
        var isOpen = number % 50 == 0;
        return new()
        {
            Id = id,
            ForceId = force,
            Reference = IncidentRules.Reference(id, at),
            Title = $"Incident {number} of mail that goes outside",
            Summary = new string('s', 600),
            Impact = IncidentImpact.Major,
            Urgency = IncidentUrgency.Today,
            Severity = Severity.High,
            Status = isOpen ? IncidentStatus.Open : IncidentStatus.Closed,
            Handling = IncidentHandling.OfficialSensitive,
            Instructions = "",
            Review = isOpen ? "" : new string('r', 1_200),
            OpenedAt = at,
            OpenedBy = "Bench",
            ChangedAt = at,
            ContainedAt = isOpen ? null : at.AddHours(5),
            ClosedAt = isOpen ? null : at.AddDays(2),
        };
    }

    private static void Belongings(HouseSession session, Incident incident, Guid[] alerts, int held, int entries, Random random)
    {
        foreach (var alert in random.GetItems(alerts, held).Distinct())
        {
            session.Db.Add(new IncidentAlert
            {
                Id = Guid.NewGuid(), ForceId = incident.ForceId, IncidentId = incident.Id, AlertId = alert, Title = "Mailbox rule sends mail outside", Level = "high", EntityKind = "user",
                Entity = $"officer{random.Next(5_000)}", Techniques = ["T1114.003"], FirstAt = incident.OpenedAt,
            });
        }

        for (var number = 0; number < entries; number++)
        {
            session.Db.Add(new IncidentEntry
            {
                Id = Guid.NewGuid(), ForceId = incident.ForceId, IncidentId = incident.Id, Kind = "note", Words = new string('w', 200), By = "Bench", HappenedAt = incident.OpenedAt.AddMinutes(number), WrittenAt = incident.OpenedAt.AddMinutes(number),
            });
        }

        for (var number = 0; number < 5; number++)
            session.Db.Add(new IncidentTask { Id = Guid.NewGuid(), ForceId = incident.ForceId, IncidentId = incident.Id, Title = "Look for the rule in all mailboxes", Owner = "IT" });
    }

    private static Task<HouseSession> EnterAsync(IHouse gate) => gate.EnterAsync(ActingPrincipal.ForJob("bench"), new Access(Permissions.IncidentsWork) { Logged = false }, None);

    private static ForceId Drawn(Random random) => _forces[random.Next(3) == 0 ? 0 : 1 + random.Next(_forces.Count - 1)];

    private static ForceId Tag(int force) => ForceId.Of(string.Create(CultureInfo.InvariantCulture, $"F{force:00}"));

    private static ActingPrincipal Person(ForceId home, Role role, DateTimeOffset now) => new()
    {
        Kind = PrincipalKind.Person,
        Subject = "bench",
        Name = "Somebody (bench)",
        Home = home,
        Roles = [role],
        Delegations = home == ForceId.Centre
            ? [.. Enumerable.Range(0, Forces).SelectMany(force => new[] { DelegationScope.Monitoring, DelegationScope.Response }.Select(scope => new DelegatedAccess(Guid.CreateVersion7(now), Tag(force), scope, now.AddDays(1))))]
            : [],
    };
}
