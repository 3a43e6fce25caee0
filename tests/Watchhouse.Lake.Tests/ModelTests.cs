using CsCheck;

namespace Watchhouse.Lake.Tests;

/// <summary>
/// Any sequence of appends, repeats, crashes, merges, expiries, holds and releases leaves what a plain set of rows says.
/// </summary>
public sealed class ModelTests
{
    private const int Days = 4;
    private static readonly DateOnly First = new(2026, 3, 11);

    private enum Act { Append, Repeat, Flush, Crash, Compact, Close, Expire, Hold, HoldFile, Release, Sweep, Wait }

    [Fact]
    public void AnyHistory_AgreesWithTheModel() => Gen.Select(
            // Three times as many appends as anything else.
            Gen.Int[-2, (int)Act.Wait].Select(act => (Act)Math.Max(0, act)),
            Gen.Int[0, 999])
        .Array[1, 40].Sample(history => RunAsync(history).GetAwaiter().GetResult(), iter: 30, threads: 1);

    private static async Task RunAsync((Act Act, int Value)[] history)
    {
        await using var lake = await TestLake.CreateAsync();
        var model = new Model();
        foreach (var (act, value) in history)
            await StepAsync(lake, model, act, value);
        await FlushAsync(lake, model);
        await model.RestoreAsync(lake, model.IsAgain);
        foreach (var owner in new[] { "force-0", "force-1" })
            Assert.Equal(model.Names(owner), await lake.AllRawAsync(owner));
        var report = await (await lake.KeeperAsync()).VerifyAsync();
        Assert.True(report.IsOk, report.Faults.Count > 0 ? report.Faults[0].Message : "");
        foreach (var row in model.Stored.Take(5))
            Assert.Single(await lake.Reader.FindAsync(row.Owner, [row.EventId]));
    }

    private static async Task StepAsync(TestLake lake, Model model, Act act, int value)
    {
        var keeper = await lake.KeeperAsync();
        switch (act)
        {
            case Act.Append:
                await AppendAsync(lake, model, [.. Enumerable.Range(0, 1 + (value % 5)).Select(i => model.NewRow(value + i))]);
                break;
            case Act.Repeat when model.Journal.Count > 0:
                await AppendAsync(lake, model, model.Journal[value % model.Journal.Count].Rows);
                break;
            case Act.Flush:
                await FlushAsync(lake, model);
                break;
            case Act.Crash:
                await lake.DropWriterAsync();
                await lake.DropKeeperAsync();
                var writer = await lake.WriterAsync();
                foreach (var (position, rows) in model.Journal.Where(entry => entry.Position > writer.DurablePosition))
                    await writer.AppendAsync(position, rows);
                break;
            case Act.Compact:
                await keeper.CompactAsync(new LakeCompactionOptions { MinFiles = 2 });
                break;
            case Act.Close:
                await keeper.CompactAsync(new LakeCompactionOptions { ClosedBefore = First.AddDays(value % 6), MaxRows = 1 + (value % 9) });
                break;
            case Act.Expire:
                // Everything is in files first: what still waits has no file that could expire.
                await FlushAsync(lake, model);
                var today = First.AddDays(value % 6);
                await keeper.ExpireAsync([new LakeRetention("force-0", null, 1)], today);
                await model.ExpireAsync(lake, today.AddDays(-1));
                break;
            case Act.Hold:
                var from = new DateTimeOffset(First.ToDateTime(default), TimeSpan.Zero).AddHours(value % 96);
                await keeper.HoldAsync("force-0", value % 2 == 0 ? TestLake.Table : null, from, from.AddHours(1 + (value % 30)), "test");
                await model.RestoreAsync(lake, _ => true);
                break;
            case Act.HoldFile:
                var files = await lake.Manifest.ListAsync(new LakeFileQuery { Owners = ["force-0"] });
                if (files.Count > 0) await keeper.HoldFileAsync("force-0", files[value % files.Count].Id, "test");
                break;
            case Act.Release:
                var holds = await lake.Manifest.ListHoldsAsync();
                if (holds.Count > 0) await keeper.ReleaseAsync(holds[value % holds.Count].Id, "test");
                break;
            case Act.Sweep:
                await keeper.SweepAsync();
                break;
            case Act.Wait:
                lake.Time.Advance(TimeSpan.FromMinutes(value % 20));
                await AppendAsync(lake, model, []);
                break;
        }
    }

    private static async Task AppendAsync(TestLake lake, Model model, LakeRow[] rows)
    {
        var writer = await lake.WriterAsync();
        model.Journal.Add((model.Journal.Count + 1, rows));
        await writer.AppendAsync(model.Journal.Count, rows);
        foreach (var row in rows) model.Add(row);
    }

    private static async Task FlushAsync(TestLake lake, Model model) =>
        Assert.Equal(model.Journal.Count, await (await lake.WriterAsync()).FlushAsync());

    /// <summary>What should be in the lake. A file is held or expires whole, so the model asks which rows share a file.</summary>
    private sealed class Model
    {
        private readonly List<LakeRow> _expired = [];
        private readonly HashSet<Guid> _again = [];
        private int _made;

        public List<(long Position, LakeRow[] Rows)> Journal { get; } = [];

        public List<LakeRow> Stored { get; } = [];

        public LakeRow NewRow(int value) => TestLake.Row(
            $"row {_made++}", $"force-{value % 2}", value % 3 == 0 ? "Syslog" : TestLake.Table,
            new DateTimeOffset(First.ToDateTime(default), TimeSpan.Zero).AddHours(value * 7 % (24 * Days)).AddTicks(value));

        public bool IsAgain(LakeRow row) => _again.Contains(row.EventId);

        /// <summary>
        /// An event that has expired and comes again is passed over while its file is there, and stored anew after that.
        /// </summary>
        public void Add(LakeRow row)
        {
            if (_expired.Any(each => each.EventId == row.EventId))
                _again.Add(row.EventId);
            else if (!Stored.Any(each => each.EventId == row.EventId)) Stored.Add(row);
        }

        public IEnumerable<string> Names(string owner) => Stored.Where(row => row.Owner == owner)
            .Select(row => TestLake.Text(row.Raw)).Order(StringComparer.Ordinal);

        /// <summary>Of the days before, rows stay only in files that a hold in force covers; and all those must stay.</summary>
        public async Task ExpireAsync(TestLake lake, DateOnly before)
        {
            var holds = await lake.Manifest.ListHoldsAsync();
            var left = await lake.AllRawAsync("force-0");
            foreach (var row in Stored.Where(row => row.Owner == "force-0" && DateOnly.FromDateTime(row.Time.UtcDateTime) < before).ToList())
            {
                var isLeft = left.Contains(TestLake.Text(row.Raw));
                var isHeld = holds.Any(hold => hold.FileId is null && (hold.Table is null || hold.Table == row.Table)
                    && row.Time >= hold.From && row.Time < hold.To);
                Assert.True(isLeft || !isHeld, "A row that is held has expired.");
                Assert.True(!isLeft || holds.Count > 0, "A row without a hold has survived.");
                if (isLeft) continue;
                Stored.Remove(row);
                _expired.Add(row);
            }
        }

        /// <summary>A hold may bring rows back whose files are not deleted yet, and so may an append; nothing else does.</summary>
        public async Task RestoreAsync(TestLake lake, Func<LakeRow, bool> mayReturn)
        {
            var left = await lake.AllRawAsync("force-0");
            foreach (var row in _expired.Where(mayReturn).Where(row => left.Contains(TestLake.Text(row.Raw))).ToList())
            {
                _expired.Remove(row);
                if (!Stored.Any(each => each.EventId == row.EventId)) Stored.Add(row);
            }
        }
    }
}
