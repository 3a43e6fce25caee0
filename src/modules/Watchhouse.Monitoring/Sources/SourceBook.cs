using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Sources;

/// <summary>
/// Counts what arrives and what is refused, in memory, until <see cref="SourceBookWriter"/> writes it down: one write for
/// many requests. A request with rejects waits for that write, because its answer says that they are kept.
/// </summary>
internal sealed class SourceBook : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private BookPage _page = new();

    public void Arrived(ActingPrincipal principal, IntakeBatch batch, DateTimeOffset now)
    {
        lock (_lock)
            _page.Add(principal.Home, batch.Source, new ArrivalCount
            {
                First = now,
                Last = now,
                Format = PayloadFormat.Parse(batch.Format).Word,
                Collector = principal.Subject,
                Events = batch.Count,
                Bytes = batch.Payload.Length,
            });
    }

    public void Rejected(ActingPrincipal principal, string source, RejectTally rejects, DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var group in rejects.Groups)
                _page.Add(principal.Home, source, group.Reason, Count(principal, group.Line, group.Count, group.Sample, group.Cut, now));
            AddRejects(principal, source, rejects.Total, now);
        }
    }

    public void Refused(ActingPrincipal principal, string source, Refusal refusal, ReadOnlySpan<byte> sample, DateTimeOffset now)
    {
        var kept = sample[..Math.Min(sample.Length, RejectTally.MostSampleBytes)].ToArray();
        lock (_lock)
        {
            _page.AddRefusal(principal.Home, principal.Subject, refusal.Kind, 1);
            if (Reason(refusal.Kind) is not { } reason) return;
            _page.Add(principal.Home, source, reason, Count(principal, refusal.Line ?? 1, 1, kept, kept.Length < sample.Length, now));
            AddRejects(principal, source, 1, now);
        }
    }

    /// <summary>Ends when everything counted so far is written, or writing failed, which is logged and tried again.</summary>
    public Task StoredAsync(CancellationToken cancellationToken)
    {
        Task written;
        lock (_lock)
        {
            written = _page.Written.Task;
            if (_wake.CurrentCount == 0) _wake.Release();
        }

        return written.WaitAsync(cancellationToken);
    }

    /// <summary>Waits for a request that wants a write, or for the time to pass.</summary>
    public Task WaitAsync(TimeSpan most, CancellationToken cancellationToken) => _wake.WaitAsync(most, cancellationToken);

    public BookPage Turn()
    {
        lock (_lock)
        {
            var page = _page;
            _page = new BookPage();
            return page;
        }
    }

    public void TakeBack(BookPage page)
    {
        lock (_lock) _page.Add(page);
    }

    public void Dispose() => _wake.Dispose();

    private void AddRejects(ActingPrincipal principal, string source, long count, DateTimeOffset now) => _page.Add(principal.Home, source,
        new ArrivalCount { First = now, Last = now, Collector = principal.Subject, Rejects = count });

    private static RejectCount Count(ActingPrincipal principal, long line, long count, byte[] sample, bool cut, DateTimeOffset now) => new()
    {
        First = now,
        Last = now,
        Count = count,
        Collector = principal.Subject,
        Line = line,
        Sample = sample,
        Cut = cut,
    };

    // What the sender keeps and sends again is no reject.
    private static string? Reason(RefusalKind kind) => kind switch
    {
        RefusalKind.Empty => "The whole request was refused: it had no events.",
        RefusalKind.Unreadable => "The whole request was refused: it could not be read.",
        RefusalKind.TooLarge => "The whole request was refused: it was over a limit.",
        RefusalKind.Unsupported => "The whole request was refused: its format, charset or coding is not read here.",
        RefusalKind.BrokenOff => "The whole request was refused: it came too slowly or broke off.",
        _ => null,
    };
}
