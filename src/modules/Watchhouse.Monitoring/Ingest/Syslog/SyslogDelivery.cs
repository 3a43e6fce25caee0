using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Platform.Acting;

namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>Gives batches to the intake as the listener's force, and waits where the journal is busy.</summary>
internal sealed partial class SyslogDelivery(IEventIntake intake, SyslogStates states, SyslogLimits limits, TimeProvider clock, ILogger<SyslogDelivery> log)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private Dictionary<ListenerPlan, RejectTally> _refused = [];
    private long _held;

    /// <summary>The force of what a listener takes is its owner's, which its record says and nothing else.</summary>
    public static ActingPrincipal PrincipalOf(ListenerPlan plan) => new()
    {
        Kind = PrincipalKind.Client,
        Subject = $"syslog/{plan.Id}",
        Name = $"Syslog listener of {plan.Source}",
        Home = plan.Force,
        Roles = [Role.Collector],
    };

    /// <summary>Ends when the batch is durable, or when it was given up after the patience ended; the batch is empty then.</summary>
    public async Task DeliverAsync(ListenerPlan plan, MessageBatch batch, IPAddress? peer, CancellationToken patience)
    {
        if (batch.IsEmpty) return;
        var principal = PrincipalOf(plan);
        var delivery = batch.ToDelivery(plan.Source, peer);
        while (true)
        {
            var result = await intake.AcceptAsync(principal, delivery, CancellationToken.None);
            if (result.Receipt is { } receipt)
            {
                states.Of(plan.Id).Took(receipt.Accepted);
                break;
            }

            // What was rejected has been counted the first time.
            delivery = delivery with { Rejects = new RejectTally() };
            var refusal = result.Refusal!;
            if (refusal.Kind is RefusalKind.Busy or RefusalKind.Unavailable && await WaitedAsync(refusal, patience)) continue;
            GivenUp(log, batch.Count, plan.Id, refusal.Message);
            Refuse(plan, "The centre was closed before it could write the message down.", default, batch.Count);
            break;
        }

        batch.Clear();
    }

    /// <summary>Counts what did not come so far as to be in a batch; written down every few seconds.</summary>
    public void Refuse(ListenerPlan plan, string reason, ReadOnlySpan<byte> sample, int count = 1)
    {
        lock (_lock)
        {
            if (!_refused.TryGetValue(plan, out var tally)) _refused[plan] = tally = new RejectTally();
            for (var each = 0; each < count; each++) tally.Add(1, reason, sample);
        }
    }

    public void Refuse(ListenerPlan plan, string reason, IPAddress peer) => Refuse(plan, reason, Encoding.ASCII.GetBytes($"from {peer}"));

    public async Task WriteRefusedAsync()
    {
        Dictionary<ListenerPlan, RejectTally> refused;
        lock (_lock) (refused, _refused) = (_refused, []);
        foreach (var (plan, tally) in refused)
            await intake.AcceptAsync(PrincipalOf(plan), new Delivery { Batches = [], Rejects = tally, Source = plan.Source }, CancellationToken.None);
    }

    /// <summary>Bytes of all connections together.</summary>
    public bool TryHold(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= limits.MaxBytes || bytes <= 0) return true;
        Interlocked.Add(ref _held, -bytes);
        return false;
    }

    private async Task<bool> WaitedAsync(Refusal refusal, CancellationToken patience)
    {
        var wait = refusal.RetryAfter ?? TimeSpan.FromSeconds(1);
        await Task.Delay(wait < LongestWait ? wait : LongestWait, clock, patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !patience.IsCancellationRequested;
    }

    [LoggerMessage(4152, LogLevel.Error, "{Count} messages of listener {Listener} are lost: the house closed and the journal took none. {Why}")]
    private static partial void GivenUp(ILogger logger, int count, Guid listener, string why);
}
