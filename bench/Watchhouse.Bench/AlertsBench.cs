using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Hosting;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Alerts.Measures;
using Watchhouse.Monitoring.Alerts.Triage;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Bench;

/// <summary>
/// The alert queue over a million alerts of 43 forces: first page, later pages and counts, with each filter, as the duty
/// manager of the Centre and as the security officer of the smallest force ask. The gate, the audit trail (flushed to disk)
/// and the database are the real ones.
/// </summary>
internal static class AlertsBench
{
    private const int Alerts = 1_000_000;
    private const int Forces = 43;
    private const int Runs = 60;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var folder = arguments is [var given, ..] ? Directory.CreateDirectory(given) : Directory.CreateTempSubdirectory("watchhouse-alerts-");
        try
        {
            await using var app = await HouseApp.CreateAsync(
                new ServeOptions { Data = folder.FullName, Urls = "http://127.0.0.1:0" }, CancellationToken.None);
            var clock = app.Services.GetRequiredService<TimeProvider>();
            Fill(Path.Combine(folder.FullName, "watchhouse.db"), clock.GetUtcNow());
            var queries = app.Services.GetRequiredService<AlertQueries>();
            foreach (var (who, principal) in new[] { ("national", National(clock.GetUtcNow())), ("one force", Officer()) })
                await MeasureAsync(app.Services, queries, clock, who, principal);
            return 0;
        }
        finally
        {
            if (arguments.Length == 0) folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(IServiceProvider services, AlertQueries queries, TimeProvider clock, string who, ActingPrincipal principal)
    {
        var now = clock.GetUtcNow();
        var first = await queries.PageAsync(principal, new AlertFilter(), CancellationToken.None);
        var seen = first.Rows[0];
        var filters = new (string Name, AlertFilter Filter)[]
        {
            ("no filter", new()),
            ("later page", new() { Before = first.Next }),
            ("level critical", new() { Levels = ["critical"] }),
            ("levels critical, high", new() { Levels = ["critical", "high"] }),
            ("rule, frequent", new() { Rule = Rule(0) }),
            ("rule, rare", new() { Rule = Rule(199) }),
            ("entity", new() { Entity = seen.Entity }),
            ("technique", new() { Technique = "T1007" }),
            ("since 24 h", new() { Since = now.AddHours(-24) }),
            ("until 300 days ago", new() { Until = now.AddDays(-300) }),
            ("text, frequent", new() { Text = "rule 0 " }),
            ("text, none has it", new() { Text = "nowhere" }),
            ("critical, technique, 7 d", new() { Levels = ["critical"], Technique = "T1007", Since = now.AddDays(-7) }),
            ("to do", new() { Status = AlertStatusFilter.Unclosed }),
            ("to do, critical and high", new() { Status = AlertStatusFilter.Unclosed, Levels = ["critical", "high"] }),
            ("to do, critical, text", new() { Status = AlertStatusFilter.Unclosed, Levels = ["critical"], Text = "officer1" }),
            ("nobody's", new() { Owner = "" }),
            ("mine, to do", new() { Owner = "bench", Status = AlertStatusFilter.Unclosed }),
            ("waiting", new() { Status = new("waiting") }),
            ("closed", new() { Status = new("closed") }),
            ("closed, critical", new() { Status = new("closed"), Levels = ["critical"] }),
            ("verdict true positive", new() { Verdict = "truePositive" }),
            ("rule frequent, to do", new() { Rule = Rule(0), Status = AlertStatusFilter.Unclosed }),
            ("rule frequent, critical (none)", new() { Rule = Rule(0), Levels = ["critical"] }),
        };
        foreach (var (name, filter) in filters)
            await TimeAsync(who, name, async () => (await queries.PageAsync(principal, filter, CancellationToken.None)).Rows.Count);
        await TimeAsync(who, "an alert whole", async () => (await queries.FindAsync(principal, seen.Id, null, CancellationToken.None)).Succeeded ? 1 : 0);
        var tenth = first.Rows[9];
        await TimeAsync(who, "count of new", () => queries.NewerAsync(principal, new AlertFilter(), tenth.RaisedAt, tenth.Id, CancellationToken.None));
        var triage = services.GetRequiredService<TriageQueries>();
        await TimeAsync(who, "figures to do", async () => (await triage.CountsAsync(principal, null, null, CancellationToken.None)).Unclosed);
        await TimeAsync(who, "similar of an alert", async () => (await triage.SimilarAsync(principal, seen.Id, null, CancellationToken.None)).Value!.SameTitle.Count);
        var measures = services.GetRequiredService<MeasureQueries>();
        await TimeAsync(who, "measures of 30 days", async () => (await measures.ReadAsync(principal, null, 30, null, CancellationToken.None)).Value!.Forces.Count);
        await TimeAsync(who, "worst of 24 h", async () => (await queries.WorstAsync(principal, new AlertFilter(), now.AddHours(-24), CancellationToken.None)).Values.Sum());
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
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {who} | {what} | {rows} | {times[Runs / 2]:0.0} | {times[(int)(Runs * 0.95)]:0.0} |"));
    }

    // The first force has a third of all alerts, the last one in two thousand; rules likewise. A year of them, a fifth of which is not closed.
    private static void Fill(string path, DateTimeOffset now)
    {
        var started = Stopwatch.GetTimestamp();
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Run(connection, "PRAGMA synchronous=OFF");
        if (Convert.ToInt64(Scalar(connection, "SELECT count(*) FROM \"Alerts\""), CultureInfo.InvariantCulture) >= Alerts) return;
        var step = TimeSpan.FromDays(365).Ticks / Alerts;
        Run(connection, $"""
            CREATE TEMP TABLE Made AS
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {Alerts}),
            drawn AS (SELECT n, abs(random() % 2000) AS f, abs(random() % 1000) AS r, abs(random() % 5000) AS e, abs(random() % 100) AS l FROM numbers)
            SELECT n, upper(printf('%08x-0000-4000-8000-%012x', n * 2654435761 % 4294967296, n)) AS Id,
                   'F' || printf('%02d', CASE WHEN f < 700 THEN 0 WHEN f = 1999 THEN {Forces - 1} ELSE 1 + f % {Forces - 2} END) AS Force,
                   CASE WHEN r < 300 THEN 0 ELSE r % 200 END AS R, e AS E,
                   {now.UtcTicks} - ({Alerts} - n) * {step} AS At
            FROM drawn;
            INSERT INTO "Alerts" ("Id","ForceId","Rule","Title","Level","EntityKind","Entity","Tags","Recommendation","FalsePositives","Author","FirstAt","LastAt","RaisedAt","Events",
                "Status","Owner","OwnerName","Verdict","Steps","AcknowledgedAfter","TriagedAfter")
            SELECT Id, Force, printf('00000000-0000-4000-8000-%012d', R), 'Mailbox rule ' || R || ' sends mail outside the organisation',
                   CASE R % 10 WHEN 1 THEN 'critical' WHEN 2 THEN 'high' WHEN 3 THEN 'high' WHEN 4 THEN 'low' ELSE 'medium' END,
                   'user', 'officer' || E || '@' || lower(Force) || '.police.example',
                   '["attack.collection","attack.t' || (1000 + R % 50) || '.003"]', 'Ask the person. Remove the rule.', '[]', 'Watchhouse',
                   At - 600000000, At - 10000000, At, 1 + n % 7,
                   CASE WHEN n % 50 = 0 THEN 'waiting' WHEN n % 50 = 1 THEN 'open' WHEN n % 50 < 10 THEN 'new' ELSE 'closed' END,
                   CASE WHEN n % 50 BETWEEN 2 AND 9 THEN '' WHEN n % 7 = 0 THEN 'bench' ELSE 'person' || n % 40 END, '',
                   CASE WHEN n % 50 < 10 THEN '' WHEN n % 50 = 10 THEN 'truePositive' WHEN n % 50 < 20 THEN 'benignTruePositive' WHEN n % 50 < 45 THEN 'falsePositive'
                     ELSE 'undetermined' END,
                   1, CASE WHEN n % 50 BETWEEN 2 AND 9 THEN NULL ELSE 60 + E * 2 END, CASE WHEN n % 50 < 10 THEN NULL ELSE 300 + E * 9 END
            FROM Made;
            INSERT INTO "AlertTechniques" ("AlertId","Technique","ForceId","RaisedAt")
            SELECT Id, 'T' || (1000 + R % 50), Force, At FROM Made UNION ALL SELECT Id, 'T' || (1000 + R % 50) || '.003', Force, At FROM Made;
            """);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Alerts:N0} alerts were made in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s; the database holds {new FileInfo(path).Length / 1e6:N0} MB."));
    }

    private static ActingPrincipal National(DateTimeOffset now) => new()
    {
        Kind = PrincipalKind.Person,
        Subject = "bench",
        Name = "Duty manager (bench)",
        Home = ForceId.Centre,
        Roles = [Role.DutyManager],
        Delegations = [.. Enumerable.Range(0, Forces).Select(force => new DelegatedAccess(Guid.CreateVersion7(now), Tag(force), DelegationScope.Monitoring, now.AddDays(1)))],
    };

    private static ActingPrincipal Officer() => new()
    {
        Kind = PrincipalKind.Person,
        Subject = "bench",
        Name = "Security officer (bench)",
        Home = Tag(Forces - 1),
        Roles = [Role.SecurityOfficer],
        Delegations = ImmutableArray<DelegatedAccess>.Empty,
    };

    private static ForceId Tag(int force) => ForceId.Of(string.Create(CultureInfo.InvariantCulture, $"F{force:00}"));

    private static string Rule(int number) => string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{number:000000000000}");

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
