using FASTER.core;
using Watchhouse.Journal.Framing;

namespace Watchhouse.Journal.Writing;

/// <summary>
/// One append on its way. The log engine asks it to write its frame straight into the page, without a copy between.
/// </summary>
internal sealed class AppendRequest(JournalBatch batch, int frameLength, uint seed) : ILogEnqueueEntry
{
    // The caller goes on elsewhere: the writer's thread must not run what it does with the answer.
    private readonly TaskCompletionSource<JournalPosition> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<JournalPosition> Task => _done.Task;

    public int PayloadLength { get; } = batch.Payload.Length;

    public int SerializedLength => frameLength;

    /// <summary>The number that the batch gets; set before it is written.</summary>
    public long Sequence { get; set; }

    /// <summary>Where its record ends.</summary>
    public long End { get; set; }

    /// <summary>Whether the caller has been told the outcome; its payload must not be touched any more.</summary>
    public bool IsAnswered => _done.Task.IsCompleted;

    public void SerializeTo(Span<byte> dest)
    {
        if (IsAnswered)
            BatchFrame.WriteVoid(Sequence, seed, dest);
        else
            BatchFrame.Write(batch, Sequence, seed, dest);
    }

    public void Complete() => _done.TrySetResult(new JournalPosition(Sequence, End));

    public void Fail(Exception cause) => _done.TrySetException(cause);
}
