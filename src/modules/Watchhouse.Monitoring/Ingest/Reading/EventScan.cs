using Watchhouse.Monitoring.Ingest.Intake;

namespace Watchhouse.Monitoring.Ingest.Reading;

/// <summary>What was found in a body: where its events lie and what was rejected, or why it is refused whole.</summary>
internal sealed class EventScan(IngestLimits limits)
{
    public List<EventRange> Events { get; } = [];

    public RejectTally Rejects { get; } = new();

    public Refusal? Refusal { get; private set; }

    /// <summary>The bytes that a refusal is about.</summary>
    public EventRange At { get; private set; }

    /// <returns>False when the body is refused and need not be read on.</returns>
    public bool Take(EventRange range)
    {
        if (Events.Count < limits.MaxEvents)
        {
            Events.Add(range);
            return true;
        }

        return Refuse(new Refusal(RefusalKind.TooLarge, $"There are more than {limits.MaxEvents} events. Send smaller batches."), default);
    }

    /// <inheritdoc cref="Take"/>
    public bool Reject(long line, string reason, ReadOnlySpan<byte> sample)
    {
        Rejects.Add(line, reason, sample);
        return Rejects.Total <= limits.MaxRejects || Refuse(new Refusal(RefusalKind.Unreadable,
            $"More than {limits.MaxRejects} lines are no events; the first is line {Rejects.Listed[0].Line}: {Rejects.Listed[0].Reason} "
            + "Check the format that the sender writes."), default);
    }

    public bool Refuse(Refusal refusal, EventRange at)
    {
        (Refusal, At) = (refusal, at);
        return false;
    }
}
