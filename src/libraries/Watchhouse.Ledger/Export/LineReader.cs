namespace Watchhouse.Ledger.Export;

/// <summary>Reads lines of bytes with their offsets; a fixed buffer, so a line has a greatest length.</summary>
internal sealed class LineReader(Stream stream, int maxLength)
{
    private readonly byte[] _buffer = new byte[Math.Max(maxLength + 1, 1 << 17)];
    private int _start;
    private int _filled;

    /// <summary>Offset of the line that <see cref="TryRead"/> gave last.</summary>
    public long Offset { get; private set; }

    /// <summary>Offset after that line.</summary>
    public long End { get; private set; }

    /// <summary>Whether that line ended in a newline and was not too long.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The next line without its newline; false at the end of the file.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        Offset = End;
        int length;
        while ((length = _buffer.AsSpan(_start, _filled - _start).IndexOf((byte)'\n')) < 0)
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _filled - _start).CopyTo(_buffer);
                (_start, _filled) = (0, _filled - _start);
            }

            var read = _filled == _buffer.Length ? 0 : stream.Read(_buffer.AsSpan(_filled));
            if (read == 0)
                break;
            _filled += read;
        }

        IsWhole = length >= 0;
        line = _buffer.AsSpan(_start, IsWhole ? length : _filled - _start);
        var taken = line.Length + (IsWhole ? 1 : 0);
        _start += taken;
        End += taken;
        return taken > 0;
    }
}
