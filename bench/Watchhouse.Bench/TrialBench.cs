using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Watchhouse.Journal;
using Watchhouse.Lake;
using Watchhouse.Monitoring.Archive;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Exceptions;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.Rules.Programs;
using Watchhouse.Monitoring.Rules.Trials;
using Watchhouse.Normalisation;
using Watchhouse.Platform.Ui;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Bench;

/// <summary>Archives one day of one force and tests a rule on it, as files of a backlog and merged. Prints lines of a Markdown table.</summary>
internal static class TrialBench
{
    private const int Batch = 1_000;

    private const string Rule = """
        title: A task
        id: 4e6f9c6e-6f0e-4a39-9a3b-0c6f0f5a1b21
        level: low
        logsource: {product: windows, service: security}
        detection:
          selection: {EventID: 4625, ProcessCommandLine|contains: "-s task77"}
          condition: selection
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        var root = Directory.CreateDirectory(Path.Combine(args.Length > 0 ? args[0] : Path.GetTempPath(), $"trial-bench-{Environment.ProcessId}")).FullName;
        var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000;
        try
        {
            var directory = new HouseDirectory(root);
            await using var journal = new JournalHost(directory, TimeProvider.System);
            await journal.OpenAsync(CancellationToken.None);
            await using var lake = new LakeHost(directory, new ArchiveBook(TimeProvider.System), new DemonstrationMode(On: false), TimeProvider.System);
            await ArchiveAsync(lake, count);
            using var progress = new ArchiveProgress();
            var history = new LakeHistory(lake, journal, progress, NullLogger<LakeHistory>.Instance);
            Console.WriteLine("| a day of | seconds | CPU s | events/s | matches | peak resident, MiB |");
            Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
            await LookAsync(history, count, "as archived");
            await CompactAsync(lake, args.Length > 2 ? long.Parse(args[2], CultureInfo.InvariantCulture) << 20 : ArchiveKeeper.MostMerged);
            await LookAsync(history, count, "merged");
            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task CompactAsync(LakeHost lake, long most)
    {
        await using var keeper = await lake.OpenKeeperAsync(CancellationToken.None);
        var watch = Stopwatch.StartNew();
        var done = await keeper.CompactAsync(new LakeCompactionOptions { ClosedBefore = LakeEvents.Day.AddDays(1), MaxContentBytes = most });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"merged {done.Read} files into {done.Written} of at most {most >> 20} MiB before packing; {done.TooLarge} sets were too large; {watch.Elapsed.TotalSeconds:0.0} s"));
    }

    private static async Task ArchiveAsync(LakeHost lake, int count)
    {
        await using var writer = await lake.OpenWriterAsync(CancellationToken.None);
        var maker = new RowMaker(TableMappings.Default);
        var events = new LakeEvents(1);
        using var payload = new MemoryStream();
        for (var done = 0; done < count; done += Batch)
        {
            payload.SetLength(0);
            for (var i = 0; i < Batch; i++)
            {
                var made = events.Make(done + i).Raw.Span;
                var time = LakeEvents.Start.AddMilliseconds((done + i) * 86.0);
                payload.Write(Encoding.UTF8.GetBytes($"{{\"Channel\":\"Security\",\"Provider_Name\":\"Microsoft-Windows-Security-Auditing\",\"EventRecordID\":{done + i},\"TimeCreated\":\"{time:O}\","));
                payload.Write(made[1..]);
                payload.WriteByte((byte)'\n');
            }

            await writer.AppendAsync((done / Batch) + 1, maker.Make(new JournalBatch
            {
                Id = Guid.NewGuid(), Owner = "KNT", Source = "hosts", Format = PayloadFormat.Ndjson, ReceivedAt = events.Make(done).ReceivedAt.AddSeconds(100),
                Count = Batch, Payload = payload.GetBuffer().AsMemory(0, (int)payload.Length),
            }, new ArchiveBook(TimeProvider.System)));
        }

        await writer.FlushAsync();
    }

    private static async Task LookAsync(LakeHistory history, int count, string what)
    {
        var program = RuleProgramBuilder.Build([new RuleUnit(Guid.NewGuid(), ForceId.Centre, false, [], [], Rule)], [], []);
        var (detective, harvest, matches) = (new Detective(program), new Harvest(), 0L);
        var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        await foreach (var batch in history.ReadAsync(new(new HashSet<ForceId> { ForceId.Of("KNT") }, LakeEvents.Start, TimeProvider.System.GetUtcNow()), CancellationToken.None))
        {
            detective.Look(new JournalBatch
            {
                Id = Guid.Empty, Owner = batch.Owner.Value, Source = batch.Source, Format = batch.Format, ReceivedAt = batch.ReceivedAt, Count = 0, Payload = batch.Payload,
            }, ExceptionBook.Empty, batch.ReceivedAt, harvest);
            matches += harvest.Findings.Count;
            harvest.Clear();
        }

        if (detective.Events != count) throw new InvalidOperationException($"{detective.Events} of {count} events were looked at.");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {count:n0} events, {what} | {watch.Elapsed.TotalSeconds:f1} | {(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:f1} | {count / watch.Elapsed.TotalSeconds:n0} | {matches:n0} | {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} |"));
    }
}
