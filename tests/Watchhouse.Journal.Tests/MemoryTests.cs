namespace Watchhouse.Journal.Tests;

/// <summary>Measures what the whole process allocates, so nothing else may run beside it.</summary>
[Collection(nameof(MemoryTests))]
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTests
{
    [Fact]
    public async Task AppendAndRead_InTheLong_AllocateLittle()
    {
        using var scratch = new Scratch();
        await using var journal = await scratch.OpenAsync(o => o with { SegmentBytes = 1 << 20 });
        await using var reader = journal.OpenReader("lake");
        var batch = Scratch.Batch(1, 2000);
        await RunAsync(200);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await RunAsync(1000);
        // Requests, tasks, names and the engine's own notes, but no copy of a payload: that alone would be 4,000.
        Assert.InRange((GC.GetTotalAllocatedBytes(precise: true) - before) / 1000, 0, 3500);

        async Task RunAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await journal.AppendAsync(batch);
                Assert.Equal(2000, (await reader.ReadAsync()).Batch.Payload.Length);
            }
        }
    }
}
