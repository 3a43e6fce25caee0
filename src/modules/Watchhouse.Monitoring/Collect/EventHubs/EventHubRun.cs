using System.Globalization;
using System.Text.Json;
using Watchhouse.Monitoring.Collect.Pulling;
using Watchhouse.Monitoring.Collect.Running;

namespace Watchhouse.Monitoring.Collect.EventHubs;

/// <summary>
/// Reads an event hub until nothing comes, and commits its place only when the journal has the events: a crash repeats messages and
/// loses none.
/// </summary>
internal sealed class EventHubRun(IMessageSource messages, HubLedger ledger, EventSink sink, TimeProvider clock)
{
    private const int MostMessages = 2_000;
    private const int MostBytes = 4 << 20;

    // The first message of a partition is on its way for some seconds.
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    // A read blocks its thread.
    public Task<RunEnd> RunAsync(CancellationToken stop) => Task.Run(() => ReadAsync(stop), stop);

    private async Task<RunEnd> ReadAsync(CancellationToken stop)
    {
        var begin = clock.GetTimestamp();
        var wait = First;
        while (clock.GetElapsedTime(begin) < Longest)
        {
            stop.ThrowIfCancellationRequested();
            var taken = new List<HubMessage>();
            var bytes = 0;
            while (taken.Count < MostMessages && bytes < MostBytes && messages.Read(taken.Count == 0 ? wait : TimeSpan.FromMilliseconds(250), stop) is { } message)
            {
                taken.Add(message);
                bytes += message.Body.Length;
            }

            if (taken.Count == 0) return new RunEnd(null, null, false);
            wait = Idle;
            await StoreAsync(taken, stop);
        }

        return new RunEnd(null, null, true);
    }

    private async Task StoreAsync(List<HubMessage> taken, CancellationToken stop)
    {
        var stretches = new List<HubStretch>();
        foreach (var partition in taken.GroupBy(message => message.Partition))
        {
            // A hole between offsets ends a stretch, so that it is seen.
            foreach (var run in Runs(partition))
            {
                var lines = run.SelectMany(message => Lines(message.Body)).ToList();
                var place = string.Create(CultureInfo.InvariantCulture, $"{partition.Key}/{run[0].Offset}-{run[^1].Offset}");
                var written = lines.Count == 0 ? 0 : await sink.WriteAsync(lines, place, stop);
                stretches.Add(new HubStretch(partition.Key, run[0].Offset, run[^1].Offset + 1, run.Min(m => m.At), run.Max(m => m.At), run.Count, written));
            }
        }

        await ledger.AddAsync(stretches, stop);
        messages.Commit(stretches.GroupBy(s => s.Partition).ToDictionary(g => g.Key, g => g.Max(s => s.Next)));
    }

    private static IEnumerable<List<HubMessage>> Runs(IEnumerable<HubMessage> partition)
    {
        var run = new List<HubMessage>();
        foreach (var message in partition.OrderBy(m => m.Offset).DistinctBy(m => m.Offset))
        {
            if (run.Count > 0 && message.Offset != run[^1].Offset + 1)
            {
                yield return run;
                run = [];
            }

            run.Add(message);
        }

        if (run.Count > 0) yield return run;
    }

    /// <summary>Diagnostic settings send <c>{"records":[…]}</c>: each record is an event. Anything else is one event as it came.</summary>
    private static IReadOnlyList<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonPage.Read(body, "records", "") is { Strange: 0 } page ? page.Elements : Whole(body);
        }
        catch (JsonException)
        {
            return Whole(body);
        }
    }

    private static ReadOnlyMemory<byte>[] Whole(ReadOnlyMemory<byte> body)
    {
        if (body.Span.Trim(" \t\r\n"u8).IsEmpty) return [];
        if (!body.Span.ContainsAny((byte)'\n', (byte)'\r')) return [body];
        var line = body.ToArray();
        foreach (ref var each in line.AsSpan())
            if (each is (byte)'\n' or (byte)'\r')
                each = (byte)' ';
        return [line];
    }
}
