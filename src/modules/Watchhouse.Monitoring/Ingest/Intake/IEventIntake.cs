using Watchhouse.Platform.Acting;

namespace Watchhouse.Monitoring.Ingest.Intake;

/// <summary>Events of one source, one a line.</summary>
/// <param name="Source">Name of the source; see <see cref="SourceName"/>.</param>
/// <param name="Format">How a line reads; see <see cref="PayloadFormat"/>.</param>
/// <param name="Count">Number of lines.</param>
/// <param name="Payload">The lines, without a last line feed. It must not change until the intake answers.</param>
internal sealed record IntakeBatch(string Source, string Format, int Count, ReadOnlyMemory<byte> Payload);

/// <summary>What one request brings.</summary>
internal sealed record Delivery
{
    /// <summary>Events by source; usually of one.</summary>
    public required IReadOnlyList<IntakeBatch> Batches { get; init; }

    /// <summary>What was not taken of it.</summary>
    public RejectTally Rejects { get; init; } = new();

    /// <summary>The source under which rejects are kept.</summary>
    public required string Source { get; init; }

    /// <summary>
    /// The sender's own word for this request. The same word again within a short time gets the same answer and
    /// writes nothing; later, consumers drop the repeat by the batch's id, which is made from it.
    /// </summary>
    public string? Key { get; init; }
}

/// <summary>What was taken; it is durable.</summary>
internal sealed record Receipt(Guid BatchId, int Accepted, long Rejected, IReadOnlyList<Reject> Rejects);

/// <summary>A receipt or a refusal, never both.</summary>
internal readonly record struct IntakeResult(Receipt? Receipt, Refusal? Refusal)
{
    public static implicit operator IntakeResult(Receipt receipt) => new(receipt, null);

    public static implicit operator IntakeResult(Refusal refusal) => new(null, refusal);
}

/// <summary>
/// Takes events in. The force is that of the principal: there is no way to say another, in no address and in no body.
/// </summary>
internal interface IEventIntake
{
    /// <summary>Answers when the events are durable, and what was rejected is kept.</summary>
    Task<IntakeResult> AcceptAsync(ActingPrincipal principal, Delivery delivery, CancellationToken cancellationToken);

    /// <summary>Writes down that a whole request was refused.</summary>
    /// <param name="principal">Who sent it.</param>
    /// <param name="source">The source, as far as it is known.</param>
    /// <param name="refusal">Why.</param>
    /// <param name="sample">The bytes at fault, if there are any.</param>
    void Refused(ActingPrincipal principal, string source, Refusal refusal, ReadOnlySpan<byte> sample = default);
}
