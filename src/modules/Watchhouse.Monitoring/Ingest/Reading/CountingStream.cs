namespace Watchhouse.Monitoring.Ingest.Reading;

/// <summary>Counts what is read through it, so that packed and unpacked can be compared.</summary>
/// <param name="inner">The request's body.</param>
/// <param name="end">Bytes to give behind its end; they are not counted.</param>
internal sealed class CountingStream(Stream inner, ReadOnlyMemory<byte> end) : Stream
{
    private ReadOnlyMemory<byte> _end = end;

    public long Count { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => Count;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Count += read;
        if (read > 0 || buffer.IsEmpty || _end.IsEmpty) return read;
        var more = _end[..Math.Min(_end.Length, buffer.Length)];
        more.CopyTo(buffer);
        _end = _end[more.Length..];
        return more.Length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A request is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
