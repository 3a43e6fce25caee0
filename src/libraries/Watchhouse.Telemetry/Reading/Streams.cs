namespace Watchhouse.Telemetry;

/// <summary>A forward-only stream over another; the base of the small ones here.</summary>
internal abstract class ForwardStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>A stream whose first bytes can be looked at before they are read.</summary>
internal sealed class PeekStream(Stream inner) : ForwardStream
{
    private byte[] _head = [];
    private int _at;
    private int _length;

    /// <summary>The first bytes, up to so many; fewer only where the stream is shorter. Before anything has been read.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        if (_head.Length < count) Array.Resize(ref _head, count);
        while (_length < count)
        {
            var read = inner.Read(_head, _length, count - _length);
            if (read == 0) break;
            _length += read;
        }

        return _head.AsSpan(0, Math.Min(count, _length));
    }

    public override int Read(Span<byte> buffer)
    {
        if (_at == _length) return inner.Read(buffer);
        var count = Math.Min(buffer.Length, _length - _at);
        _head.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Tells of every byte that is read, for a progress bar.</summary>
internal sealed class CountingStream(Stream inner, Action<long> read) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        if (count > 0) read(count);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
