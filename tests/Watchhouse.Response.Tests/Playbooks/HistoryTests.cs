using CsCheck;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Cacao;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Estate;
using Watchhouse.Response.Playbooks;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Playbooks;

/// <summary>
/// Generated histories of people who do anything at any time, an estate that fails in any way, and a program that dies in the middle of
/// calls: nothing is done without the force's agreement, nothing twice, and nothing that was decided is forgotten.
/// </summary>
public sealed class HistoryTests
{
    private static readonly ActingPrincipal[] Everybody = [Officer, Second, Owner, Lead, Stranger, Analyst];
    private static readonly string[] Playbooks = ["Ransomware precursor", "Stolen session token", "Wave of phishing"];

    [Fact]
    public async Task Histories_OfAnyOperations_KeepTheLaw()
    {
        await using var house = await RunHouse.StartAsync();
        var (done, died) = (0, 0);
        Gen.Int[0, int.MaxValue - 1].Sample(seed =>
        {
            var (acted, deaths) = HistoryAsync(house, seed).GetAwaiter().GetResult();
            (done, died) = (done + acted, died + deaths);
        }, iter: 60, threads: 1);
        Assert.True(done > 40 && died > 15, $"The histories did too little to show anything: {done} actions, {died} deaths.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{done} actions were done; the program died {died} times in a call.");
    }

    private static async Task<(int Acted, int Deaths)> HistoryAsync(RunHouse house, int seed)
    {
        var random = new Random(seed);
        var (before, deaths) = (house.Estate.Done.Count, 0);
        var life = new CancellationTokenSource();
        house.Estate.Next = () => (Behaviour)random.Next((int)Behaviour.NeverAnswers);
        house.Estate.Sees = () => random.Next(3) > 0;
        house.Estate.Knows = () => random.Next(3) == 0;
        house.Estate.Die = () => life.Cancel();
        var run = Ok(await house.Runs.StartAsync(random.Next(2) == 0 ? Analyst : Officer, new(house.Playbook(Playbooks[random.Next(Playbooks.Length)]), Kent, (Severity)random.Next(1, 5))
        {
            Variables = new Dictionary<string, string> { ["account"] = $"u{seed}@kent.example", ["address"] = $"h{seed}" },
        }, Now));
        // The steps before the first action are the same in each.
        for (var step = 0; step < 2; step++) Ok(await house.Runs.CompleteAsync(Officer, run, (await house.WaitingAsync(run))[0], true, "Done.", null, Now));
        var kept = new Kept();
        for (var operation = 0; operation < 100; operation++)
        {
            await ActAsync(house, random, run, kept);
            foreach (var id in await house.Work.DueAsync(20, Now))
            {
                var known = house.Estate.Done.Count + house.Estate.Undone.Count;
                try
                {
                    await house.Work.StepAsync(id, life.Token);
                }
                catch (OperationCanceledException) when (life.IsCancellationRequested)
                {
                    life = new CancellationTokenSource();
                    deaths++;
                }

                if (house.Estate.Done.Count + house.Estate.Undone.Count > known) await AgreedAsync(house, id);
            }

            if (random.Next(4) == 0) house.Clock.Move(TimeSpan.FromMinutes(random.Next(1, random.Next(6) == 0 ? 400 : 3)));
            await kept.CheckAsync(house, run);
        }

        foreach (var operation in house.Estate.Done.GroupBy(each => each.Operation)) Assert.Single(operation);
        Assert.All(house.Estate.Done, each => Assert.Equal(Kent, each.Force));
        return (house.Estate.Done.Count - before, deaths);
    }

    private static async Task ActAsync(RunHouse house, Random random, Guid run, Kept kept)
    {
        var who = Everybody[random.Next(Everybody.Length)];
        var found = await house.FindAsync(run);
        var waiting = found.State.Waiting.ToList();
        var step = waiting.Count > 0 && random.Next(8) > 0 ? waiting[random.Next(waiting.Count)].Step : found.Playbook.Steps.Keys.ElementAt(random.Next(found.Playbook.Steps.Count));
        // Mostly what can be done now, so that much happens; and anything else, so that everything is tried.
        var acting = waiting.Where(each => EstateCommand.Of(found.Playbook.Steps[each.Step]) is not null).ToList();
        var asked = acting.Count > 0 && random.Next(4) > 0 ? acting[random.Next(acting.Count)].Step : step;
        var undecided = found.Requests.Where(each => each.State == RequestState.Waiting).ToList();
        var request = undecided.Count > 0 && random.Next(5) > 0 ? undecided[random.Next(undecided.Count)].Id
            : found.Requests.Count > 0 ? found.Requests[random.Next(found.Requests.Count)].Id : Guid.Empty;
        try
        {
            switch (random.Next(20))
            {
                case < 3 when EstateCommand.Of(found.Playbook.Steps[step]) is null || random.Next(5) == 0:
                    if ((await house.Runs.CompleteAsync(who, run, step, random.Next(5) > 0, "As written.", null, Now)).Succeeded) kept.Passed(step);
                    break;
                case < 4:
                    var choices = CacaoInterpreter.ChoicesOf(found.Playbook.Steps[step]);
                    await house.Runs.DecideAsync(who, run, step, choices.Count > 0 ? choices[random.Next(choices.Count)] : "true", "As seen.", null, Now);
                    break;
                case 4:
                    await house.Runs.AssignAsync(who, run, "device", $"PC-{random.Next(3)}", null, Now);
                    break;
                case < 10:
                    await house.Requests.AskAsync(who, run, asked, "It is needed.", Now);
                    break;
                case < 16:
                    var agrees = random.Next(9) > 0;
                    if ((await house.Requests.DecideAsync(who, request, agrees, "As judged.", Now)).Succeeded) kept.Decided(request, who.Subject, agrees);
                    break;
                case 16:
                    await house.Requests.WithdrawAsync(who, request, "Not needed.", Now);
                    break;
                case 17:
                    await house.Requests.AskUndoAsync(who, request, "It is clean.", Now);
                    break;
                case 18:
                    await house.Authorities.GrantAsync(who, new() { Purpose = "At night", Kinds = [((EstateActionKind)random.Next(1, 7)).ToString()], Target = "*", MostPerDay = 1 + random.Next(2), LeastSeverity = (Severity)random.Next(1, 5), Until = house.Clock.GetUtcNow().AddHours(1 + random.Next(3)) }, Now);
                    break;
                default:
                    foreach (var authority in await house.Get<RunQueries>().AuthoritiesAsync(Officer, null, null, Now))
                    {
                        if (random.Next(2) == 0) await house.Authorities.ConfirmAsync(who, authority.Id, null, Now);
                        else if (random.Next(3) == 0) await house.Authorities.RevokeAsync(who, authority.Id, "No longer.", Now);
                    }

                    break;
            }
        }
        catch (AccessRefusedException)
        {
            // Their role does not include it.
        }
    }

    private static async Task AgreedAsync(RunHouse house, Guid id)
    {
        await using var session = await house.OpenAsync();
        await Agreement.HoldsAsync(session, id, house.Clock.GetUtcNow(), (request, person) => request.ForceId == Kent && (person == Officer.Subject || person == Second.Subject || person == Owner.Subject));
    }

    /// <summary>What was answered with success, which must be found from then on.</summary>
    private sealed class Kept
    {
        private readonly HashSet<string> _passed = [];
        private readonly HashSet<(Guid, string, bool)> _decisions = [];
        private readonly Dictionary<Guid, RequestState> _over = [];
        private int _entries;

        public void Passed(string step) => _passed.Add(step);

        public void Decided(Guid request, string person, bool agrees) => _decisions.Add((request, person, agrees));

        public async Task CheckAsync(RunHouse house, Guid run)
        {
            await using var session = await house.OpenAsync();
            var found = await session.Db.Set<PlaybookRun>().AsNoTracking().SingleAsync(each => each.Id == run, Now);
            Assert.Subset(CacaoRun.FromJson(found.State).Passed.Keys.ToHashSet(), _passed);
            var decisions = await session.Db.Set<EstateDecision>().AsNoTracking().ToListAsync(Now);
            Assert.Subset(decisions.Select(each => (each.RequestId, each.PersonId, each.Agrees)).ToHashSet(), _decisions);
            var entries = await session.Db.Set<RunEntry>().CountAsync(each => each.RunId == run, Now);
            Assert.True(entries >= _entries);
            _entries = entries;
            foreach (var request in await session.Db.Set<EstateRequest>().AsNoTracking().Where(each => each.RunId == run).ToListAsync(Now))
            {
                if (_over.TryGetValue(request.Id, out var end)) Assert.Equal(end, request.State);
                else if (request.IsOver) _over[request.Id] = request.State;
            }
        }
    }
}
