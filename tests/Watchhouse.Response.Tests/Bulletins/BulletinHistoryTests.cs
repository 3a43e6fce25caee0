using CsCheck;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Bulletins;
using Watchhouse.Response.Tests.Playbooks;
using Watchhouse.Testing;
using static Watchhouse.Response.Tests.Bulletins.BulletinHouse;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Bulletins;

/// <summary>
/// Generated histories of 42 forces that answer, a Centre that corrects, chases and withdraws, time that passes and a program that stops in
/// the middle: nothing is answered twice, the numbers are right, and only those who have not answered are chased.
/// </summary>
public sealed class BulletinHistoryTests
{
    private const int Forces = 42;
    private const int Steps = 60;

    [Fact]
    public async Task Histories_OfAnyOperations_CountRightAndChaseOnlyTheRest()
    {
        using var directory = new TempDirectory();
        var lives = new Lives(directory.FullName);
        await lives.StartAsync();
        var (answers, chased, stops) = (0, 0, 0);
        Gen.Int[0, int.MaxValue - 1].Sample(seed =>
        {
            var history = new History(lives, new Random(seed));
            history.RunAsync().GetAwaiter().GetResult();
            (answers, chased, stops) = (answers + history.Answers, chased + history.Chased, stops + history.Stops);
        }, iter: 12, threads: 1);
        await lives.DisposeAsync();
        Assert.True(answers > 100 && chased > 200 && stops > 3, $"The histories did too little to show anything: {answers} answers, {chased} chases, {stops} stops.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{answers} answers were taken, forces were chased {chased} times, the program stopped {stops} times.");
    }

    private sealed class Lives(string data) : IAsyncDisposable
    {
        private readonly HandClock _clock = new();

        public BulletinHouse House { get; private set; } = default!;

        public async Task StartAsync() => House = await BulletinHouse.StartAsync(data: data, clock: _clock);

        public async Task AgainAsync()
        {
            await House.DisposeAsync();
            await StartAsync();
        }

        public ValueTask DisposeAsync() => House.DisposeAsync();
    }

    /// <summary>What a force is expected to have said in this round.</summary>
    private sealed record Said(BulletinReply Reply, bool IsAnswered, bool IsLate);

    private sealed class History(Lives lives, Random random)
    {
        private readonly Dictionary<ForceId, Said> _said = [];
        private readonly Dictionary<ForceId, int> _steps = [];
        private readonly HashSet<(ForceId, string)> _notices = [];
        private ForceId[] _forces = [];
        private Guid _id;
        private int _round = 1;
        private int _actions;
        private DateTimeOffset _answerBy;
        private DateTimeOffset? _due;
        private bool _isOver;

        public int Answers { get; private set; }

        public int Chased { get; private set; }

        public int Stops { get; private set; }

        private BulletinHouse House => lives.House;

        private DateTimeOffset At => House.Clock.GetUtcNow();

        private List<ForceId> Silent => [.. _forces.Where(force => !_said[force].IsAnswered)];

        public async Task RunAsync()
        {
            _forces = [.. (await House.ForcesAsync()).Take(Forces)];
            foreach (var force in _forces) (_said[force], _steps[force]) = (new(BulletinReply.Unseen, false, false), 0);
            var options = Options();
            _id = Ok(await House.Bulletins.DraftAsync(Manager, options, Now));
            await StoppedAsync(() => House.Bulletins.PublishAsync(Manager, _id, null, Now));
            if (!_isPublished) Ok(await House.Bulletins.PublishAsync(Manager, _id, null, Now));
            _due = ChaseSchedule.First(At, _answerBy);
            await AddedAsync(_forces);
            for (var step = 0; step < Steps; step++)
            {
                await ActAsync();
                if (step % 6 == 5) await CheckAsync();
            }

            await CheckAsync();
            // What is left waits for no other history.
            if (!_isOver) Ok(await House.Bulletins.WithdrawAsync(Manager, _id, "The history is over.", Now));
        }

        private bool _isPublished;

        private async Task ActAsync()
        {
            switch (random.Next(20))
            {
                case < 11:
                    await AnswerAsync();
                    break;
                case < 13:
                    House.Clock.Move(TimeSpan.FromHours(random.Next(1, 20)));
                    break;
                case < 15:
                    await ChaseAsync();
                    break;
                case < 17:
                    await RoundAsync();
                    break;
                case 17:
                    await CorrectAsync();
                    break;
                case 18 when random.Next(4) == 0:
                    Stops++;
                    await lives.AgainAsync();
                    break;
                case 19 when random.Next(12) == 0 && !_isOver:
                    Ok(await House.Bulletins.WithdrawAsync(Manager, _id, "It is over.", Now));
                    (_isOver, _due) = (true, null);
                    await AddedAsync(_forces);
                    break;
            }
        }

        private async Task AnswerAsync()
        {
            var force = _forces[random.Next(Forces)];
            var (who, before) = (Person($"{force}-{random.Next(2)}", force, random.Next(2) == 0 ? Role.SecurityOfficer : Role.Siro), _said[force]);
            var to = (BulletinReply)random.Next(1, 5);
            var round = random.Next(6) == 0 ? _round - 1 : _round;
            var words = random.Next(5) == 0 ? "" : "As it is here.";
            var done = to switch
            {
                BulletinReply.Seen => await House.Bulletins.SeeAsync(who, _id, Now),
                BulletinReply.Acknowledged => await House.Bulletins.AcknowledgeAsync(who, _id, round, Now),
                _ => await House.Bulletins.AnswerAsync(who, _id, to, words, round, Now),
            };
            var expected = to == BulletinReply.Seen
                ? !_isOver && before.Reply == BulletinReply.Unseen
                : !_isOver && round == _round && (to == BulletinReply.Acknowledged ? before.Reply < BulletinReply.Acknowledged : before.Reply != to)
                    && (words.Length > 0 || to == BulletinReply.Acknowledged || (to == BulletinReply.Acted && before.Reply != BulletinReply.NotAffected));
            Assert.Equal(expected || to == BulletinReply.Seen, done.Succeeded);
            if (!expected) return;
            Answers++;
            _steps[force]++;
            var answers = to >= BulletinReply.Acted || (to == BulletinReply.Acknowledged && _actions == 0);
            _said[force] = new(to, before.IsAnswered || answers, before.IsAnswered ? before.IsLate : answers && At > _answerBy);
        }

        private async Task ChaseAsync()
        {
            var silent = Silent;
            var done = await House.Bulletins.ChaseAsync(Manager, _id, Now);
            if (!done.Succeeded) return;
            Assert.False(_isOver);
            Assert.Equal(silent.Count, done.Value);
            Chased += done.Value;
            await AddedAsync(silent);
        }

        private async Task RoundAsync()
        {
            var (silent, isDue) = (Silent, _due <= At);
            var count = 0;
            if (await StoppedAsync(async () => count = await House.Chaser.RoundAsync(Now))) count = await House.Chaser.RoundAsync(Now);
            Assert.Equal(isDue ? silent.Count : 0, count);
            if (isDue) _due = ChaseSchedule.After(At, _answerBy);
            Chased += count;
            await AddedAsync(isDue ? silent : []);
        }

        private async Task CorrectAsync()
        {
            var isMaterial = random.Next(2) == 0;
            var (actions, by) = (_actions, _answerBy);
            var done = await House.Bulletins.CorrectAsync(Manager, _id, Options(), new("Something was put right.", isMaterial), null, Now);
            var isOther = !isMaterial && (actions == 0) != (_actions == 0);
            Assert.Equal(!_isOver && !isOther, done.Succeeded);
            if (!done.Succeeded)
            {
                (_actions, _answerBy) = (actions, by);
                return;
            }

            _due = ChaseSchedule.First(At, _answerBy);
            if (!isMaterial) return;
            _round++;
            foreach (var force in _forces) _said[force] = new(BulletinReply.Unseen, false, false);
            await AddedAsync(_forces);
        }

        /// <summary>Now and then the program stops before all of it is stored; then nothing of it is.</summary>
        private async Task<bool> StoppedAsync(Func<Task> act)
        {
            if (random.Next(2) == 0) House.Fragile.BreaksAfter = random.Next(Forces);
            try
            {
                await act();
                _isPublished = true;
                House.Fragile.BreaksAfter = null;
                return false;
            }
            catch (ProgramStoppedException)
            {
                Stops++;
                await AddedAsync([]);
                return true;
            }
        }

        private BulletinOptions Options()
        {
            _actions = random.Next(3);
            _answerBy = new DateTimeOffset(At.UtcTicks, TimeSpan.Zero).AddHours(random.Next(2, 60)) is var at ? at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMillisecond)) : default;
            return House.Options() with { Actions = [.. Enumerable.Range(0, _actions).Select(number => $"Do thing {number}")], AnswerBy = _answerBy, Addressed = _forces };
        }

        /// <summary>These forces, and no others, were told something since the last look.</summary>
        private async Task AddedAsync(IReadOnlyCollection<ForceId> forces)
        {
            var now = (await House.NoticesAsync()).Where(each => each.Key.Contains(_id.ToString(), StringComparison.Ordinal)).ToList();
            Assert.Equal(now.Count, now.Distinct().Count());
            var added = now.Where(each => !_notices.Contains(each)).ToList();
            Assert.Equal(forces.Order(), added.Select(each => each.Force).Order());
            _notices.UnionWith(now);
        }

        private async Task CheckAsync()
        {
            var found = await House.FindAsync(_id);
            Assert.Equal(Forces, found.Receipts.Count);
            Assert.All(found.Receipts, each => Assert.Equal(_said[each.Force], new Said(Enum.Parse<BulletinReply>(each.Reply), each.IsAnswered, each.IsLate)));
            Assert.Equal(
                new BulletinCounts(Forces, Of(BulletinReply.Unseen), Of(BulletinReply.Seen), Of(BulletinReply.Acknowledged), Of(BulletinReply.Acted), Of(BulletinReply.NotAffected), Forces - Silent.Count, _said.Values.Count(each => each.IsLate)),
                found.Bulletin.Counts);
            var force = _forces[random.Next(Forces)];
            var own = await House.FindAsync(_id, OfficerOf(force));
            Assert.Equal(_said[force], new Said(Enum.Parse<BulletinReply>(own.Bulletin.Own!.Reply), own.Bulletin.Own.IsAnswered, own.Bulletin.Own.IsLate));
            // All that it ever said is kept, also before a correction that asked anew.
            Assert.Equal(_steps[force], own.Steps.Count);
            Assert.Equal(new AnsweredCount(Forces - Silent.Count, Forces), own.Bulletin.Answered);

            int Of(BulletinReply reply) => _said.Values.Count(each => each.Reply == reply);
        }
    }
}
