using Watchhouse.Journal.Storage;

namespace Watchhouse.Journal.Tests;

/// <summary>A directory for one test, with room for a journal of small pages: 4 KiB, four a segment.</summary>
internal sealed class Scratch : IDisposable
{
    public const int SegmentBytes = 16 << 10;

    public Scratch() => Root = Directory.CreateTempSubdirectory("journal-test-").FullName;

    public string Root { get; }

    public string Journal => Path.Combine(Root, "journal");

    public static JournalOptions Options(string directory) => new()
    {
        Directory = directory,
        Time = TimeProvider.System,
        MaxBatchBytes = 2000,
        MaxPendingBytes = 4 << 20,
        MaxBytes = 64L << 20,
        MinFreeDiskBytes = 0,
        SegmentBytes = SegmentBytes,
    };

    public JournalOptions Options() => Options(Journal);

    public Task<EventJournal> OpenAsync(Func<JournalOptions, JournalOptions>? with = null) =>
        EventJournal.OpenAsync(with is null ? Options() : with(Options()));

    public static JournalBatch Batch(int n, int size = 300) => new()
    {
        Id = new Guid(n, 0, 7, [1, 2, 3, 4, 5, 6, 7, 8]),
        Owner = $"force-{n % 43}",
        Source = "firewall",
        Collector = n % 2 == 0 ? null : "édge 1",
        ReceivedAt = new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.FromHours(n % 3)).AddTicks(n),
        Format = "ndjson",
        Count = n,
        Payload = Bytes(n, size),
    };

    public static byte[] Bytes(int seed, int size)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static void AssertSame(JournalBatch expected, JournalBatch actual)
    {
        Assert.Equal(expected with { Payload = default }, actual with { Payload = default });
        Assert.Equal(expected.ReceivedAt.Offset, actual.ReceivedAt.Offset);
        Assert.True(expected.Payload.Span.SequenceEqual(actual.Payload.Span), "the payload is not the one appended");
    }

    /// <summary>Appends one by one and closes.</summary>
    public async Task FillAsync(int count, int from = 0, int size = 300)
    {
        await using var journal = await OpenAsync();
        for (var n = from; n < from + count; n++)
            await journal.AppendAsync(Batch(n, size));
    }

    public static List<int> ReadAll(IJournalReader reader)
    {
        var read = new List<int>();
        while (reader.TryRead() is { } entry)
        {
            AssertSame(Batch(entry.Batch.Count, entry.Batch.Payload.Length), entry.Batch);
            read.Add(entry.Batch.Count);
        }

        return read;
    }

    public string Segment(int n) => Path.Combine(Journal, SegmentFiles.NameOf(n));

    public int Segments => Directory.GetFiles(Journal, "*.log").Length;

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
