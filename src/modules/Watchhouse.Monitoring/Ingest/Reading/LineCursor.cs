namespace Watchhouse.Monitoring.Ingest.Reading;

/// <summary>Walks the lines of a body. A carriage return before the line feed belongs to the end of the line. Pure.</summary>
internal ref struct LineCursor(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>Number of the line, from 1.</summary>
    public long Line { get; private set; }

    public EventRange Range { get; private set; }

    public readonly ReadOnlySpan<byte> Bytes => _bytes.Slice(Range.Start, Range.Length);

    public bool Next()
    {
        if (_at >= _bytes.Length) return false;
        var length = _bytes[_at..].IndexOf((byte)'\n');
        var start = _at;
        if (length < 0) length = _bytes.Length - _at;
        _at += length + 1;
        if (length > 0 && _bytes[start + length - 1] == (byte)'\r') length--;
        Range = new EventRange(start, length);
        Line++;
        return true;
    }

    /// <summary>The next line that is not blank.</summary>
    public bool NextFilled()
    {
        while (Next())
            if (Bytes.ContainsAnyExcept((byte)' ', (byte)'\t'))
                return true;
        return false;
    }
}
