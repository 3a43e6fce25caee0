using CsCheck;

namespace Watchhouse.Journal.Tests;

/// <summary>Random histories against a list in memory.</summary>
public sealed class ModelTests
{
    private enum Act
    {
        Append,
        AppendTogether,
        Read,
        Commit,
        CloseReader,
        Reopen,
    }

    private static readonly Gen<(Act Act, int Consumer, int Size)[]> _history = Gen.Select(
        Gen.Frequency(
            (6, Gen.Const(Act.Append)), (2, Gen.Const(Act.AppendTogether)), (8, Gen.Const(Act.Read)),
            (4, Gen.Const(Act.Commit)), (1, Gen.Const(Act.CloseReader)), (1, Gen.Const(Act.Reopen))),
        Gen.Int[0, 2], Gen.Frequency((3, Gen.Int[0, 2000]), (1, Gen.Int[1900, 2000]))).Array[1, 120];

    [Fact]
    public void AnyHistory_BehavesLikeAList() =>
        _history.Sample(history => RunAsync(history).GetAwaiter().GetResult(), iter: 60, threads: 1);

    private static async Task RunAsync((Act Act, int Consumer, int Size)[] history)
    {
        using var scratch = new Scratch();
        var model = new List<JournalBatch>();
        var places = new List<JournalPosition>();
        var (read, committed) = (new int[3], new int[3]);
        var readers = new IJournalReader?[3];
        var journal = await scratch.OpenAsync();
        foreach (var (act, c, size) in history)
        {
            switch (act)
            {
                case Act.Append:
                    await AppendAsync(1);
                    break;
                case Act.AppendTogether:
                    await AppendAsync(1 + (size % 12));
                    break;
                case Act.Read:
                    if (Reader().TryRead() is { } entry)
                    {
                        Scratch.AssertSame(model[read[c]], entry.Batch);
                        Assert.Equal(places[read[c]++], entry.Position);
                    }
                    else
                    {
                        Assert.Equal(model.Count, read[c]);
                    }

                    break;
                case Act.Commit when read[c] > committed[c]:
                    // Anywhere between what is committed and what was read.
                    committed[c] = read[c] - (size % (read[c] - committed[c]));
                    await Reader().CommitAsync(places[committed[c] - 1]);
                    break;
                case Act.CloseReader:
                    await CloseAsync(c);
                    break;
                case Act.Reopen:
                    await journal.DisposeAsync();
                    journal = await scratch.OpenAsync();
                    Assert.Equal((0, 0), (journal.Recovery.KeptBatches, journal.Recovery.TornBytes));
                    for (var i = 0; i < 3; i++)
                        (readers[i], read[i]) = (null, committed[i]);
                    break;
            }

            Check();
            continue;

            IJournalReader Reader()
            {
                if (readers[c] is null)
                {
                    readers[c] = journal.OpenReader("consumer-" + c);
                    // One that comes new begins with what is still there.
                    if (committed[c] == 0)
                        read[c] = committed[c] = (int)readers[c]!.Committed.Sequence;
                    Assert.Equal(committed[c], readers[c]!.Committed.Sequence);
                }

                return readers[c]!;
            }

            async Task CloseAsync(int consumer)
            {
                if (readers[consumer] is { } reader)
                    await reader.DisposeAsync();
                (readers[consumer], read[consumer]) = (null, committed[consumer]);
            }

            async Task AppendAsync(int count)
            {
                var batches = Enumerable.Range(model.Count, count).Select(n => Scratch.Batch(n, (size + (n * 7)) % 2001)).ToList();
                var tasks = batches.Select(b => journal.AppendAsync(b).AsTask()).ToList();
                model.AddRange(batches);
                places.AddRange(await Task.WhenAll(tasks));
            }
        }

        await journal.DisposeAsync();
        return;

        void Check()
        {
            var status = journal.Status;
            Assert.Equal(model.Count, status.Tail.Sequence);
            foreach (var consumer in status.Consumers)
            {
                Assert.Equal(committed[consumer.Name[^1] - '0'], consumer.Committed.Sequence);
                Assert.True(status.Begin <= consumer.Committed);
                Assert.Equal(model.Count - consumer.Committed.Sequence, consumer.LagBatches);
            }
        }
    }
}
