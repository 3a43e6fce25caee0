using FASTER.core;

namespace Watchhouse.Journal.Storage;

/// <summary>
/// The disk as the log engine sees it. A write that fails is tried again until it succeeds, on the thread that asked:
/// the engine can then never come to a half-written state, and goes on when there is space again. Appends are refused
/// meanwhile.
/// </summary>
internal sealed class LogDevice(SegmentFiles files, string directory, Action<Exception?> trouble)
    : StorageDeviceBase(Path.Combine(directory, "log"), LogGeometry.SectorSize, -1)
{
    private const uint Failed = 1;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);

    private readonly ManualResetEventSlim _abandon = new();

    /// <summary>Gives up the writes that are being tried again: the journal closes.</summary>
    public void Abandon() => _abandon.Set();

    public override unsafe void WriteAsync(
        IntPtr sourceAddress, int segmentId, ulong destinationAddress, uint numBytesToWrite,
        DeviceIOCompletionCallback callback, object context)
    {
        var failed = false;
        while (true)
        {
            try
            {
                files.Write(
                    segmentId, (long)destinationAddress, new ReadOnlySpan<byte>((void*)sourceAddress, (int)numBytesToWrite));
                break;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failed = true;
                trouble(e);
                if (!_abandon.Wait(_pause))
                    continue;
                callback(Failed, 0, context);
                return;
            }
        }

        if (failed)
            trouble(null);
        callback(0, numBytesToWrite, context);
    }

    public override unsafe void ReadAsync(
        int segmentId, ulong sourceAddress, IntPtr destinationAddress, uint readLength,
        DeviceIOCompletionCallback callback, object context)
    {
        // The engine reads the last page when it opens, no more. What was never written is zero.
        var to = new Span<byte>((void*)destinationAddress, (int)readLength);
        var total = 0;
        try
        {
            using var handle = files.OpenRead(segmentId);
            for (int read; total < to.Length
                && (read = RandomAccess.Read(handle, to[total..], (long)sourceAddress + total)) > 0;)
                total += read;
        }
        catch (FileNotFoundException)
        {
            // The log ends where a segment begins that was not needed yet.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            callback(Failed, 0, context);
            return;
        }

        to[total..].Clear();
        callback(0, readLength, context);
    }

    public override void RemoveSegment(int segment) => files.RemoveBefore(segment + 1);

    public override void RemoveSegmentAsync(int segment, AsyncCallback callback, IAsyncResult result)
    {
        RemoveSegment(segment);
        callback(result);
    }

    public override void Dispose() => _abandon.Set();
}
