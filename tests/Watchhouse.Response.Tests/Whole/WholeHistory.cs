using System.Text.Json;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Playbooks;
using Watchhouse.Response.Tests.Playbooks;
using Watchhouse.Tests.Hosting;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Whole;

/// <summary>One history: people do anything at any time. Whatever is written bears the name of the force it is of, so that a leak is seen wherever it comes out.</summary>
internal sealed partial class WholeHistory(WholeHouse house, Random random)
{
    private const int Steps = 200;
    private static readonly string[] Playbooks = ["Stolen session token", "Wave of phishing", "Lost or stolen device"];
    private readonly List<Known> _all = [];
    private CancellationTokenSource _life = new();
    private int _number;

    /// <summary>Something whose it is; and words that everybody who sees it must find in it, as they were told that it was stored.</summary>
    private sealed record Known(string Kind, Guid Id, ForceId Force)
    {
        public List<string> Words { get; } = [];
    }

    /// <summary>Changes that were acknowledged, and must be found.</summary>
    public int Kept => _all.Sum(each => each.Words.Count);

    /// <summary>Answers that were looked through.</summary>
    public int Read { get; private set; }

    /// <summary>How often the program stopped and started again.</summary>
    public int Stops { get; private set; }

    /// <summary>How often it died in the middle of a call into an estate.</summary>
    public int Deaths { get; private set; }

    public async Task RunAsync()
    {
        house.Estate.Next = () => (Behaviour)random.Next((int)Behaviour.NeverAnswers);
        house.Estate.Sees = () => random.Next(3) > 0;
        house.Estate.Knows = () => random.Next(3) == 0;
        house.Estate.Die = () => _life.Cancel();
        foreach (var force in WholeHouse.Forces) await RaiseAsync(force);
        for (var step = 0; step < Steps; step++)
        {
            await ActAsync();
            await WorkAsync();
            if (random.Next(6) == 0) house.Clock.Move(TimeSpan.FromMinutes(random.Next(1, 4)));
            if (random.Next(60) == 0) await StopAsync();
        }

        await StopAsync();
        foreach (var person in house.People) await LookAsync(person);
        foreach (var operation in house.Estate.Done.GroupBy(each => each.Operation)) Assert.Single(operation);
    }

    private async Task ActAsync()
    {
        var words = $"words {++_number} of";
        switch (random.Next(24))
        {
            case 0:
                await RaiseAsync(One(WholeHouse.Forces));
                break;
            case < 3 when Any("alert") is { } alert:
                await DecideAsync(alert, Mine(words, alert));
                break;
            case 3 or 4:
                await OpenAsync(words);
                break;
            case < 8 when Any("incident") is { } incident:
                await WriteAsync(incident, Mine(words, incident));
                break;
            case 8 when Any("incident") is { } incident:
                await BeginAsync(incident);
                break;
            case < 16 when Any("run") is { } run:
                await GoOnAsync(run, Mine(words, run));
                break;
            case < 22 when Any("action") is { } action:
                await AnswerAsync(action, Mine(words, action));
                break;
            case 22:
                var person = One(house.People);
                await house.PostAsync(person, "/api/v1/authorities", new { purpose = $"secret-of-{person.Home}", kinds = (string[])[random.Next(2) == 0 ? "RevokeSessions" : "BlockAddress"], target = "*", mostPerDay = 2, leastSeverity = "Low", until = house.Clock.GetUtcNow().AddHours(random.Next(1, 3)) });
                break;
            default:
                await LookAtOneAsync(One(house.People));
                break;
        }
    }

    private async Task DecideAsync(Known alert, string reason)
    {
        var act = One((string[])["assign", "open", "wait", "close"]);
        await ChangeAsync(alert, $"/api/v1/alerts/{alert.Id}/triage", new { act, owner = act == "assign" ? "me" : null, verdict = act == "close" ? "falsePositive" : null, reason }, act == "close" ? reason : null);
    }

    private async Task AnswerAsync(Known action, string reason)
    {
        var what = random.Next(12) switch { 0 => "refuse", 1 => "withdraw", 2 => "undo", 3 => "unproven", _ => "approve" };
        var answer = await ChangeAsync(action, $"/api/v1/actions/{action.Id}/{what}", new { reason }, what is "approve" or "refuse" ? reason : null);
        if (what == "undo" && answer is { } undo) _all.Add(new("action", Id(undo), action.Force));
    }

    private async Task RaiseAsync(ForceId force)
    {
        // The same account and rule in several forces, now and then: then the one may learn a number of the others.
        var (number, at) = (++_number, house.Clock.GetUtcNow());
        var alert = new Alert
        {
            Id = Guid.CreateVersion7(at), ForceId = force, Rule = "rule", Title = $"secret-of-{force} {number}", Level = One((string[])["medium", "high", "critical"]), EntityKind = "user",
            Entity = random.Next(2) == 0 ? "shared@everywhere.example" : $"secret-of-{force}@police.example", Tags = ["attack.t1114.003", "attack.t1020"], Recommendation = $"secret-of-{force}",
            FalsePositives = [], Author = "Test", FirstAt = at, LastAt = at, RaisedAt = at, Events = 1,
        };
        await house.RaiseAsync(alert);
        var known = new Known("alert", alert.Id, force);
        known.Words.Add(alert.Title);
        _all.Add(known);
    }

    private async Task OpenAsync(string words)
    {
        var force = One((ForceId[])[.. WholeHouse.Forces, ForceId.Centre]);
        var person = Somebody(force);
        var alerts = _all.Where(each => each.Kind == "alert" && (each.Force == force || force == ForceId.Centre || random.Next(9) == 0)).Select(each => each.Id).Take(random.Next(3)).ToList();
        ForceId[] parts = force == ForceId.Centre ? [.. WholeHouse.Forces.Where(_ => random.Next(2) == 0)] : [];
        var title = force == ForceId.Centre ? $"National {words} all" : $"{words} secret-of-{force}";
        if (await house.PostAsync(person, $"/api/v1/forces/{force}/incidents", new { title, alerts, parts }) is not { } answer) return;
        Assert.True(WholeHouse.Sees(person, force), $"{person.Home} opened an incident of {force}.");
        var known = new Known("incident", Id(answer), force);
        known.Words.Add(title);
        _all.Add(known);
        var whole = JsonDocument.Parse((await house.GetAsync(person, $"/api/v1/incidents/{known.Id}"))!).RootElement;
        foreach (var part in whole.GetProperty("parts").EnumerateArray()) _all.Add(new("incident", Id(part), ForceId.Of(part.GetProperty("force").GetString()!)));
    }

    private async Task WriteAsync(Known incident, string words)
    {
        var (address, body, kept) = random.Next(8) switch
        {
            0 => ("tasks", new { title = words }, words),
            1 => ("entities", new { kind = "user", value = words, note = "" }, words),
            2 => ("review", new { review = words }, null),
            3 => ("owner", new { take = random.Next(3) > 0 }, null),
            4 => ("status", new { status = One((string[])["Open", "Contained", "Eradicated", "Recovered", "Closed"]), reason = words }, words),
            5 => ("assessment", new { impact = One((string[])["Minor", "Serious", "Major"]), urgency = "Today", reason = words }, words),
            // What the Centre shares bears nobody's mark: everybody of the incident may know it.
            6 => ("shared", new { words = $"shared {_number}" }, $"shared {_number}"),
            _ => ("notes", (object)new { words }, words),
        };
        await ChangeAsync(incident, $"/api/v1/incidents/{incident.Id}/{address}", body, kept);
    }

    private async Task BeginAsync(Known incident)
    {
        var force = incident.Force == ForceId.Centre ? One(WholeHouse.Forces) : incident.Force;
        var (person, secret) = (Somebody(force), $"secret-of-{force}-{_number}");
        if (await house.PostAsync(person, $"/api/v1/forces/{force}/runs", new { playbook = house.Playbook(One(Playbooks)), severity = "High", incident = incident.Id, variables = new Dictionary<string, string> { ["account"] = secret, ["address"] = secret } }) is not { } answer) return;
        Assert.True(WholeHouse.Sees(person, force), $"{person.Home} began a run of {force}.");
        var run = new Known("run", Id(answer), force);
        run.Words.Add(secret);
        _all.Add(run);
    }

    /// <summary>The steps that wait are done, decided, or asked for, by whoever.</summary>
    private async Task GoOnAsync(Known run, string words)
    {
        var seeing = house.People.First(each => WholeHouse.Sees(each, run.Force) && each.Roles[0] is Role.SecurityOfficer or Role.NmcAnalyst);
        var waiting = JsonDocument.Parse((await house.GetAsync(seeing, $"/api/v1/runs/{run.Id}"))!).RootElement.GetProperty("waiting").EnumerateArray().ToList();
        if (waiting.Count == 0) return;
        var step = One(waiting);
        var address = $"/api/v1/runs/{run.Id}/steps/{step.GetProperty("step").GetString()}";
        if (step.GetProperty("choices").EnumerateArray().Select(each => each.GetString()).ToList() is { Count: > 0 } choices)
            await ChangeAsync(run, $"{address}/decide", new { choice = One(choices), reason = words }, words);
        else if (step.GetProperty("action").ValueKind == JsonValueKind.Null || random.Next(9) == 0)
            await ChangeAsync(run, $"{address}/complete", new { note = words }, words);
        else if (await ChangeAsync(run, $"{address}/ask", new { reason = words }, words) is { } asked)
            _all.Add(new("action", Id(asked), run.Force));
    }

    private async Task<JsonElement?> ChangeAsync(Known on, string address, object body, string? kept)
    {
        var person = Somebody(on.Force);
        var answer = await house.PostAsync(person, address, body);
        if (answer is null) return null;
        Assert.True(WholeHouse.Sees(person, on.Force), $"{person.Home} changed what is of {on.Force}: {address}");
        if (kept is not null) on.Words.Add(kept);
        return answer;
    }

    private async Task WorkAsync()
    {
        foreach (var id in await house.Work.DueAsync(20, Now))
        {
            var known = house.Estate.Done.Count + house.Estate.Undone.Count;
            try
            {
                await house.Work.StepAsync(id, _life.Token);
            }
            catch (OperationCanceledException) when (_life.IsCancellationRequested)
            {
                // Of the work that was under way nothing is left but what was stored; now and then the rest of the program is new, too.
                _life = new CancellationTokenSource();
                Deaths++;
                if (random.Next(3) == 0) await StopAsync();
            }

            if (house.Estate.Done.Count + house.Estate.Undone.Count == known) continue;
            await using var session = await house.OpenAsync();
            await Agreement.HoldsAsync(session, id, house.Clock.GetUtcNow(), (request, person) =>
                house.People.Single(each => each.Id.ToString() == person) is var found && found.Home == request.ForceId && found.Roles[0] is Role.SecurityOfficer or Role.Siro);
        }
    }

    private async Task StopAsync()
    {
        Stops++;
        await house.AgainAsync();
    }

    /// <summary>Mostly one of the newest, about which the most is still to be done.</summary>
    private Known? Any(string kind) => _all.Where(each => each.Kind == kind).ToList() is { Count: > 0 } found ? One(found[^(random.Next(4) > 0 ? Math.Min(4, found.Count) : found.Count)..]) : null;

    /// <summary>Mostly somebody who sees the force, so that much happens; and anybody else, so that everything is tried.</summary>
    private TestPerson Somebody(ForceId force) => One(random.Next(5) == 0 ? house.People : [.. house.People.Where(each => WholeHouse.Sees(each, force))]);

    private T One<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];

    private static string Mine(string words, Known of) => $"{words} secret-of-{of.Force}";

    private static Guid Id(JsonElement of) => of.GetProperty("id").GetGuid();
}
