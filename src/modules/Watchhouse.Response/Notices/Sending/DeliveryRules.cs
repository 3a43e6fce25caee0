using Watchhouse.Platform.Ui;
using Watchhouse.Response.Notices.Channels;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Notices.Sending;

/// <summary>What follows from an answer. Pure.</summary>
internal static class DeliveryRules
{
    /// <summary>So often it is tried: about four hours with the waits between.</summary>
    public const int MostAttempts = 10;

    /// <summary>The lowest NCSC category that wakes people.</summary>
    public const int LeastUrgentCategory = 3;

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstLook = TimeSpan.FromMinutes(1);

    /// <summary>Notify keeps trying for three days; after that no answer comes.</summary>
    private static readonly TimeSpan LooksFor = TimeSpan.FromDays(3);

    /// <summary>Whether quiet hours give way: categories C1 to C3, and the severity that corresponds to them.</summary>
    public static bool IsUrgent(Severity severity, int? category) => severity >= Severity.Critical || category is >= 1 and <= LeastUrgentCategory;

    /// <summary>The wait before the next attempt: what the service asks for, or twice as long each time, never the same for two.</summary>
    /// <param name="attempts">Attempts so far, from 1.</param>
    /// <param name="asked">What the service asks for; at most a day.</param>
    /// <param name="jitter">From 0 to 1.</param>
    public static TimeSpan Wait(int attempts, TimeSpan? asked, double jitter)
    {
        var doubled = TimeSpan.FromSeconds(30 * Math.Pow(2, Math.Clamp(attempts - 1, 0, 10)));
        var own = (doubled < LongestWait ? doubled : LongestWait) * (0.5 + (jitter / 2));
        if (asked is not { } wait || wait <= own) return own;
        return (wait < TimeSpan.FromDays(1) ? wait : TimeSpan.FromDays(1)) + TimeSpan.FromSeconds(jitter * 5);
    }

    /// <summary>After it was sent.</summary>
    public static void Sent(Delivery delivery, SendAnswer answer, bool canLook, DateTimeOffset now, double jitter)
    {
        switch (answer.Outcome)
        {
            case SendOutcome.Unclear when canLook:
                (delivery.State, delivery.NextAt, delivery.FailedAt, delivery.Looks) = (DeliveryState.Unclear, now + FirstLook, now, 0);
                delivery.Words = Cut(answer.Words);
                break;
            case SendOutcome.Unclear:
                Failed(delivery, answer with { Words = $"{answer.Words} It may have arrived; it is sent again under the same reference." }, now, jitter);
                break;
            default:
                Take(delivery, answer, canLook, now, jitter);
                break;
        }
    }

    /// <summary>After the service was asked what became of it.</summary>
    public static void Looked(Delivery delivery, SendAnswer answer, DateTimeOffset now, double jitter)
    {
        switch (answer.Outcome)
        {
            case SendOutcome.NotThere when delivery.State == DeliveryState.Sent:
                // Notify forgets after a week; it had taken it.
                (delivery.NextAt, delivery.Words) = (null, "The service took it, and no longer says what became of it.");
                break;
            case SendOutcome.NotThere:
                Failed(delivery, answer with { Words = "The service never got it, so it is sent again." }, now, jitter);
                break;
            case SendOutcome.Unclear:
                Ask(delivery, now);
                if (delivery.State == DeliveryState.Unclear && delivery.NextAt is null)
                    Die(delivery, "It may have been sent: the service gave no answer for three days. Ask the person before you send it again.", now);
                break;
            default:
                Take(delivery, answer, canLook: true, now, jitter);
                break;
        }
    }

    /// <summary>Begins anew, because a person decided so.</summary>
    public static void Again(Delivery delivery, DateTimeOffset now)
    {
        (delivery.State, delivery.Attempts, delivery.Looks, delivery.NextAt) = (DeliveryState.Waiting, 0, 0, now);
        delivery.Words = "Somebody sent it again.";
    }

    public static void Cancel(Delivery delivery, string words)
    {
        (delivery.State, delivery.NextAt, delivery.Words) = (DeliveryState.Cancelled, null, Cut(words));
    }

    private static void Take(Delivery delivery, SendAnswer answer, bool canLook, DateTimeOffset now, double jitter)
    {
        delivery.ProviderId = answer.ProviderId ?? delivery.ProviderId;
        switch (answer.Outcome)
        {
            case SendOutcome.Delivered:
                (delivery.State, delivery.NextAt, delivery.Words) = (DeliveryState.Delivered, null, Cut(answer.Words));
                delivery.SentAt ??= now;
                delivery.DeliveredAt = now;
                break;
            case SendOutcome.Sent:
                if (delivery.State != DeliveryState.Sent) (delivery.SentAt, delivery.Looks) = (now, 0);
                (delivery.State, delivery.Words, delivery.NextAt) = (DeliveryState.Sent, Cut(answer.Words), null);
                if (canLook) Ask(delivery, now);
                break;
            case SendOutcome.Refused:
                Die(delivery, answer.Words, now);
                break;
            default:
                Failed(delivery, answer, now, jitter);
                break;
        }
    }

    private static void Failed(Delivery delivery, SendAnswer answer, DateTimeOffset now, double jitter)
    {
        if (delivery.Attempts >= MostAttempts)
        {
            Die(delivery, answer.Words, now);
            return;
        }

        (delivery.State, delivery.FailedAt, delivery.Words) = (DeliveryState.Retrying, now, Cut(answer.Words));
        delivery.NextAt = now + Wait(Math.Max(delivery.Attempts, 1), answer.RetryAfter, jitter);
    }

    private static void Die(Delivery delivery, string words, DateTimeOffset now) =>
        (delivery.State, delivery.NextAt, delivery.FailedAt, delivery.Words) = (DeliveryState.Dead, null, now, Cut(words));

    private static void Ask(Delivery delivery, DateTimeOffset now)
    {
        var wait = TimeSpan.FromSeconds(30 * Math.Pow(2, Math.Min(delivery.Looks++, 8)));
        if (wait > LongestWait) wait = LongestWait;
        delivery.NextAt = now + wait;
        var since = delivery.State == DeliveryState.Unclear ? delivery.FailedAt : delivery.SentAt;
        if (now - (since ?? delivery.CreatedAt) > LooksFor) delivery.NextAt = null;
    }

    private static string Cut(string words) => RunOperations.Cut(words, Delivery.LongestWords);
}
