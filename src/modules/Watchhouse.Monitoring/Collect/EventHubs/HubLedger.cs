using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Monitoring.Collect.EventHubs;

/// <summary>Messages of one partition that are in the journal.</summary>
internal sealed record HubStretch(int Partition, long First, long Next, DateTimeOffset From, DateTimeOffset To, int Messages, int Events);

/// <summary>
/// The coverage of an event hub: a line for each partition and day, and a gap where messages are missing between those that came.
/// The hub deletes what nobody read in time, and begins with the oldest that it has.
/// </summary>
internal sealed class HubLedger(IHouse house, ActingPrincipal principal, Collector collector, TimeProvider clock)
{
    /// <summary>Writes stretches down whose events are in the journal.</summary>
    public async Task AddAsync(IReadOnlyList<HubStretch> stretches, CancellationToken stop)
    {
        await using var session = await house.EnterAsync(principal, new Access(Permissions.TelemetryWrite) { Logged = false }, stop);
        foreach (var stretch in stretches)
        {
            var name = $"{collector.Streams[0]}/{stretch.Partition.ToString(CultureInfo.InvariantCulture)}";
            var stream = await session.Db.Set<CollectorStream>().SingleOrDefaultAsync(s => s.CollectorId == collector.Id && s.Name == name, stop);
            if (stream is null)
            {
                stream = new CollectorStream { Id = NewId(), ForceId = collector.ForceId, CollectorId = collector.Id, Name = name };
                session.Db.Add(stream);
            }

            var last = await session.Db.Set<CoverageWindow>().Where(w => w.CollectorId == collector.Id && w.Stream == name)
                .OrderByDescending(w => w.To).FirstOrDefaultAsync(stop);
            if (stream.NextOffset is { } expected && stretch.First > expected)
            {
                var missing = Window(name, last?.To ?? stretch.From, stretch.From);
                missing.State = WindowState.Gap;
                missing.Reason = $"Messages {expected} to {stretch.First - 1} of partition {stretch.Partition} were deleted by the event hub before they were read. Run the collector more often, or let the hub keep messages longer.";
                session.Db.Add(missing);
                last = null;
            }

            var repeats = stream.NextOffset is { } next && stretch.First < next;
            stream.NextOffset = stream.NextOffset > stretch.Next ? stream.NextOffset : stretch.Next;
            stream.PlannedTo = stretch.To;
            if (last is not { State: WindowState.Reconciled } || last.From.UtcDateTime.Date != stretch.To.UtcDateTime.Date)
            {
                last = Window(name, last?.To ?? stretch.From, stretch.To);
                last.State = WindowState.Reconciled;
                session.Db.Add(last);
            }

            // What is delivered again after a crash was counted, or was not: the count of events is of what went into the journal.
            last.Listed += repeats ? 0 : stretch.Messages;
            last.Fetched += repeats ? 0 : stretch.Messages;
            last.Events += stretch.Events;
            if (stretch.To > last.To) last.To = stretch.To;
            last.FetchedAt = last.ReconciledAt = clock.GetUtcNow();
        }

        var done = await session.CommitAsync(stop);
        if (!done.Succeeded) throw new InvalidOperationException(done.Failure.Message);
    }

    private CoverageWindow Window(string stream, DateTimeOffset from, DateTimeOffset to) => new()
    {
        Id = NewId(),
        ForceId = collector.ForceId,
        CollectorId = collector.Id,
        Stream = stream,
        From = from,
        To = to < from ? from : to,
    };

    private Guid NewId() => Guid.CreateVersion7(clock.GetUtcNow());
}
