using System.Security.Cryptography;
using Watchhouse.Monitoring.Ingest;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Platform.Acting;

namespace Watchhouse.Monitoring.Collect.Running;

/// <summary>The journal takes no events at present.</summary>
internal sealed class SinkBusyException(string message, TimeSpan retryAfter) : Exception(message)
{
    public TimeSpan RetryAfter => retryAfter;
}

/// <summary>
/// Gives lines to the journal as the collector of one force, and answers when they are durable. The key of a batch is made of its
/// bytes: what is given again after a crash is known as a repeat, and nothing else ever is.
/// </summary>
internal sealed class EventSink(IEventIntake intake, ActingPrincipal principal, Collector collector, IngestLimits limits)
{
    /// <summary>Name of the parameter of the payload's format that says what was collected: <c>ndjson; collected=DefenderAlerts</c>.</summary>
    public const string CollectedParameter = "collected";

    private const int MostBytes = 4 << 20;
    private const int MostLines = 10_000;
    private readonly string _format = new PayloadFormat(PayloadFormat.Ndjson, [new(CollectedParameter, collector.Kind.ToString())]).ToString();

    /// <param name="lines">Events, one a line.</param>
    /// <param name="place">Where they come from, when they have nothing of their own that tells them apart.</param>
    /// <param name="stop">Stops it.</param>
    /// <returns>How many events were written; what is no event is kept as a reject.</returns>
    public async Task<int> WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> lines, string place, CancellationToken stop)
    {
        var written = 0;
        for (var next = 0; next < lines.Count;)
        {
            var payload = new MemoryStream();
            var count = 0;
            var rejects = new RejectTally();
            for (; next < lines.Count && count < MostLines && (count == 0 || payload.Length + lines[next].Length < MostBytes); next++)
            {
                if (lines[next].Length > limits.MaxEventBytes)
                {
                    rejects.Add(next + 1, "It is larger than one event may be.", lines[next].Span);
                    continue;
                }

                if (count++ > 0) payload.WriteByte((byte)'\n');
                payload.Write(lines[next].Span);
            }

            await DeliverAsync(payload, count, rejects, place, stop);
            written += count;
        }

        return written;
    }

    private async Task DeliverAsync(MemoryStream payload, int count, RejectTally rejects, string place, CancellationToken stop)
    {
        var bytes = payload.GetBuffer().AsMemory(0, (int)payload.Length);
        var result = await intake.AcceptAsync(principal, new Delivery
        {
            Source = collector.Source,
            Batches = count == 0 ? [] : [new IntakeBatch(collector.Source, _format, count, bytes)],
            Rejects = rejects,
            Key = $"{collector.Source}\n{place}\n{Convert.ToHexString(SHA256.HashData(bytes.Span))}",
        }, stop);
        if (result.Refusal is { } refusal) throw new SinkBusyException(refusal.Message, refusal.RetryAfter ?? TimeSpan.FromSeconds(30));
    }
}
