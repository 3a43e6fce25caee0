using System.Data.Common;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Journal;
using Watchhouse.Monitoring.SetAside;
using Watchhouse.Monitoring.Tests.Archive;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Monitoring.Tests.Rules;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.SetAside;

public sealed class SetAsideTests
{
    private const string Id = "4e6f9c6e-6f0e-4a39-9a3b-0c6f0f5a1b11";

    [Theory]
    [InlineData(BatchSetAside.Detection, SetAsideNotes.NotWatched)]
    [InlineData(BatchSetAside.Archive, SetAsideNotes.NotRead)]
    public async Task Batch_ThatBreaksAConsumer_IsSetAsideOnceAndTheRestGoesOn(string consumer, string rule)
    {
        using var data = new TempDirectory();
        var probe = new BatchProbe { Before = (who, batch) => { if (who == consumer && Text(batch).Contains("poison", StringComparison.Ordinal)) throw new FormatException("An event that breaks the program."); } };
        await using (var house = await RuleHouse.StartAsync(data: data.FullName, adjust: services => services.AddSingleton(probe)))
        {
            await house.RuleAsync(house.Kent, RuleHouse.Rule(Id, 4625));
            await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "before"));
            await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "poison1"), RuleHouse.Event(4625, "beside it"));
            await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "poison2"));
            await house.PostAsync(IngestHouse.Essex, RuleHouse.Event(4625, "other force"));
            await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "after"));

            var alert = await NoteAsync(house, rule);
            Assert.Equal((3, "source", "hosts", "KNT"), (alert.GetProperty("events").GetInt32(), alert.GetProperty("entityKind").GetString(),
                alert.GetProperty("entity").GetString(), alert.GetProperty("force").GetString()));
            Assert.Empty(await house.AlertsAsync(house.Essex, rule));
            var watched = (await house.AlertsAsync(house.Kent, Id)).Select(each => each.GetProperty("entity").GetString()).Order();
            Assert.Equal(consumer == BatchSetAside.Detection ? ["after", "before"] : ["after", "before", "beside it", "poison1", "poison2"], watched);
        }

        // Whether it is set aside again after a restart.
        await using (var again = await RuleHouse.StartAsync(data: data.FullName, adjust: services => services.AddSingleton(probe)))
        {
            await again.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "later"));
            Assert.Equal(3, (await NoteAsync(again, rule)).GetProperty("events").GetInt32());
        }

        var rows = await ArchivedRow.ReadAsync(data.FullName);
        Assert.Equal(["after", "before", "beside it", "later", "other force", "poison1", "poison2"], rows.Select(row => UserOf(row.Text)).Order(StringComparer.Ordinal));
        var raw = rows.Where(row => row.Table == "Watchhouse_CL").Select(row => UserOf(row.Text)).Order(StringComparer.Ordinal);
        Assert.Equal(consumer == BatchSetAside.Archive ? ["beside it", "poison1", "poison2"] : [], raw);
    }

    [Theory]
    [InlineData(BatchSetAside.Detection)]
    [InlineData(BatchSetAside.Archive)]
    public async Task Batch_WhileTheDiskFails_IsTriedUntilItIsDone(string consumer)
    {
        using var data = new TempDirectory();
        var failures = 0;
        // More often than a batch may fail by its own fault. After a failure of the disk five seconds pass.
        var probe = new BatchProbe { Before = (who, _) => { if (who == consumer && Interlocked.Increment(ref failures) <= 2) throw new IOException("No space left on device."); } };
        await using (var house = await RuleHouse.StartAsync(data: data.FullName, adjust: services => services.AddSingleton(probe)))
        {
            await house.RuleAsync(house.Kent, RuleHouse.Rule(Id, 4625));
            await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "a"));
            Assert.Single(await house.AlertsAsync(house.Kent, Id));
            await ArchivedAsync(house);
            Assert.Empty(await house.AlertsAsync(house.Kent, SetAsideNotes.NotWatched));
            Assert.Empty(await house.AlertsAsync(house.Kent, SetAsideNotes.NotRead));
        }

        Assert.Equal("SecurityEvent", Assert.Single(await ArchivedRow.ReadAsync(data.FullName)).Table);
        Assert.True(failures > 2);
    }

    [Fact]
    public void Failed_EventsOfTheirOwnFault_AreSetAsideAfterAttemptsThatWaitLonger()
    {
        var guard = new BatchGuard(TimeProvider.System);
        var entry = Entry(7, "a");

        var waits = Enumerable.Range(0, BatchGuard.MostAttempts).Select(_ => guard.Failed(entry, new FormatException())).ToList();

        Assert.Null(waits[^1]);
        Assert.Equal(waits[..^1].Order(), waits[..^1]);
        Assert.True(guard.IsSetAside(entry));
        Assert.True(guard.IsFailing(Entry(6, "b").Position));
        Assert.False(guard.IsSetAside(Entry(8, "a")));
        guard.Done("KNT", "a");
        // Another of the same source, soon after, holds nobody up again; one of another source is tried as often.
        Assert.Null(guard.Failed(Entry(8, "a"), new FormatException()));
        Assert.NotNull(guard.Failed(Entry(9, "b"), new FormatException()));
    }

    [Fact]
    public void IsOfEvents_DisksDatabasesAndEnds_AreNot()
    {
        Exception[] others =
        [
            new IOException(), new UnauthorizedAccessException(), new DbUpdateException(), new FakeDbException(), new OperationCanceledException(), new OutOfMemoryException(),
            new TimeoutException(), new ObjectDisposedException("journal"), new EndOfStreamException(),
        ];
        Exception[] own = [new FormatException(), new IndexOutOfRangeException(), new ArgumentException(), new NullReferenceException(), new InvalidOperationException(), new OverflowException()];

        Assert.DoesNotContain(others, BatchGuard.IsOfEvents);
        Assert.All(own, failure => Assert.True(BatchGuard.IsOfEvents(failure)));
    }

    [Fact]
    public void RowsOf_AnyBatch_KeepsEveryByteOfEveryLine()
    {
        var batch = Entry(1, "a").Batch with { Payload = Encoding.UTF8.GetBytes("one\n\ntwo\r\n" + new string('x', 9 << 20) + "\n\0\xff") };

        var rows = BatchSetAside.RowsOf(batch);

        Assert.Equal(6, rows.Length);
        Assert.Equal("onetwo" + new string('x', 9 << 20) + "\0\xff", string.Concat(rows.Select(row => Encoding.UTF8.GetString(row.Raw.Span))));
        Assert.Equal([0, 2, 3, 3, 3, 4], rows.Select(row => row.Line));
        Assert.Equal(rows.Select(row => row.EventId).Distinct().Count(), rows.Length);
    }

    private static JournalEntry Entry(long sequence, string source) => new(new JournalPosition(sequence, sequence * 100), new JournalBatch
    {
        Id = Guid.NewGuid(), Owner = "KNT", Source = source, Format = "ndjson", ReceivedAt = TimeProvider.System.GetUtcNow(), Count = 1, Payload = "{}"u8.ToArray(),
    });

    private static string Text(JournalBatch batch) => Encoding.UTF8.GetString(batch.Payload.Span);

    private static string UserOf(string raw) => JsonDocument.Parse(raw).RootElement.GetProperty("TargetUserName").GetString()!;

    private static async Task<JsonElement> NoteAsync(RuleHouse house, string rule)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            await ArchivedAsync(house);
            if (await house.AlertsAsync(house.Kent, rule) is [var only]) return only;
            await Task.Delay(50, IngestHouse.Now);
        }

        throw new TimeoutException("Nothing was set aside.");
    }

    private static Task ArchivedAsync(RuleHouse house) => house.Services.GetRequiredService<Watchhouse.Monitoring.Archive.ArchiveProgress>()
        .StoredAsync(house.Services.GetRequiredService<IEventJournal>().Status.Tail.Sequence, TimeSpan.FromMinutes(1), IngestHouse.Now);

    private sealed class FakeDbException : DbException;
}
