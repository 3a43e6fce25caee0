using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Watchhouse.Journal;
using Watchhouse.Monitoring.Sources;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Monitoring.Ingest.Intake;

internal sealed partial class EventIntake(
    IEventJournal journal, SourceBook book, TimeProvider clock, ILogger<EventIntake> log) : IEventIntake
{
    private readonly RecentReceipts _recent = new();

    public async Task<IntakeResult> AcceptAsync(ActingPrincipal principal, Delivery delivery, CancellationToken cancellationToken)
    {
        // The endpoint has checked it; the force of what is written rests on it, so it is checked where it is written.
        if (!principal.May(Permissions.TelemetryWrite, principal.Home))
            throw new AccessRefusedException(Failure.Refused("Only a collector of a force delivers events."));
        var now = clock.GetUtcNow();
        var id = delivery.Key is { } key ? IdOf(principal, key) : Guid.CreateVersion7(now);
        if (delivery.Key is not null && _recent.Find(id) is { } before) return before;

        var rejected = delivery.Rejects.Total > 0;
        if (rejected) book.Rejected(principal, delivery.Source, delivery.Rejects, now);
        var accepted = 0;
        for (var i = 0; i < delivery.Batches.Count; i++)
        {
            var batch = delivery.Batches[i];
            if (await AppendAsync(principal, batch, i == 0 ? id : Part(id, i), now, cancellationToken) is { } refusal)
            {
                book.Refused(principal, batch.Source, refusal, default, now);
                return refusal;
            }

            accepted += batch.Count;
            book.Arrived(principal, batch, now);
        }

        if (rejected) await book.StoredAsync(cancellationToken);
        var receipt = new Receipt(id, accepted, delivery.Rejects.Total, delivery.Rejects.Listed);
        if (delivery.Key is not null) _recent.Keep(receipt);
        return receipt;
    }

    public void Refused(ActingPrincipal principal, string source, Refusal refusal, ReadOnlySpan<byte> sample) =>
        book.Refused(principal, source, refusal, sample, clock.GetUtcNow());

    private async Task<Refusal?> AppendAsync(
        ActingPrincipal principal, IntakeBatch batch, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await journal.AppendAsync(new JournalBatch
            {
                Id = id,
                Owner = principal.Home.Value,
                Source = batch.Source,
                Collector = principal.Subject,
                ReceivedAt = now,
                Format = batch.Format,
                Count = batch.Count,
                Payload = batch.Payload,
            }, cancellationToken);
            return null;
        }
        catch (JournalBusyException busy)
        {
            return new Refusal(RefusalKind.Busy, busy.Shortage == JournalShortage.Disk
                ? "The centre's disk has no room for more events at present. Keep them and send them again later."
                : "More events arrive than can be written down. Keep these and send them again in a moment.", busy.RetryAfter);
        }
        catch (JournalBatchTooLargeException large)
        {
            return new Refusal(RefusalKind.TooLarge,
                $"The events have {large.Bytes} bytes and {large.Limit} are taken at once. Send smaller batches.");
        }
        catch (Exception e) when (e is JournalStoppedException or ObjectDisposedException)
        {
            Stopped(log, e);
            return new Refusal(RefusalKind.Unavailable,
                "The centre cannot write events down at present. Keep these and send them again later; its operator must look.",
                TimeSpan.FromSeconds(30));
        }
    }

    // Two collectors may use the same word, and no two of them share a batch.
    private static Guid IdOf(ActingPrincipal principal, string key) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{principal.Home.Value}\n{principal.Subject}\n{key}")).AsSpan(0, 16));

    private static Guid Part(Guid id, int number) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{id:N}\n{number}")).AsSpan(0, 16));

    [LoggerMessage(4101, LogLevel.Error, "Events are refused because the journal takes none.")]
    private static partial void Stopped(ILogger logger, Exception exception);
}
