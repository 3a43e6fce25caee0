using ZstdSharp;

namespace Watchhouse.Telemetry;

/// <summary>Unpacks zstd, frame after frame (RFC 8878), and says of damage what gzip's stream says of it.</summary>
internal sealed class ZstdStream(Stream inner) : ForwardStream
{
    private readonly DecompressionStream _unpacked = new(inner, leaveOpen: false);

    /// <exception cref="InvalidDataException">The content is damaged or ends too early.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _unpacked.Read(buffer);
        }
        catch (Exception e) when (e is ZstdException or EndOfStreamException)
        {
            throw new InvalidDataException($"The zstd content is damaged or cut off: {e.Message}.", e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _unpacked.Dispose();
        base.Dispose(disposing);
    }
}
