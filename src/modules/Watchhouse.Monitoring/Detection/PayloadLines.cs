namespace Watchhouse.Monitoring.Detection;

/// <summary>
/// The lines of a payload and which of them events were made of, so that each line is accounted for. Kept between batches.
/// </summary>
internal sealed class PayloadLines
{
    private readonly List<Range> _ranges = [];
    private bool[] _isRead = new bool[1024];
    private ReadOnlyMemory<byte> _payload;

    public int Count => _ranges.Count;

    /// <summary>Where a line lies, without its end.</summary>
    public Range this[int number] => _ranges[number];

    public ReadOnlySpan<byte> BytesOf(int number) => _payload.Span[_ranges[number]];

    public void Clear()
    {
        _ranges.Clear();
        _payload = default;
    }

    public IReadOnlyList<Range> Split(ReadOnlyMemory<byte> payload)
    {
        Clear();
        _payload = payload;
        var bytes = payload.Span;
        for (var start = 0; start < bytes.Length;)
        {
            var length = bytes[start..].IndexOf((byte)'\n');
            var next = length < 0 ? bytes.Length : start + length + 1;
            var end = length < 0 ? bytes.Length : start + length;
            if (end > start && bytes[end - 1] == (byte)'\r') end--;
            _ranges.Add(start..end);
            start = next;
        }

        if (_isRead.Length < _ranges.Count) _isRead = new bool[Math.Max(_ranges.Count, _isRead.Length * 2)];
        Array.Clear(_isRead, 0, _ranges.Count);
        return _ranges;
    }

    /// <summary>Says that an event was made of a line.</summary>
    public void Mark(int number) => _isRead[number] = true;

    /// <summary>Whether a line holds something that no event was made of.</summary>
    public bool IsUnread(int number) => !_isRead[number] && !BytesOf(number).Trim(" \t"u8).IsEmpty;

    public long CountUnread()
    {
        var count = 0L;
        for (var number = 0; number < Count; number++)
        {
            if (IsUnread(number)) count++;
        }

        return count;
    }

    /// <summary>The first line from a number on with which a record begins, or -1.</summary>
    public int Find(ReadOnlySpan<byte> raw, int from)
    {
        var end = raw.IndexOf((byte)'\n');
        var first = (end < 0 ? raw : raw[..end]).TrimEnd((byte)'\r');
        for (var number = from; number < Count; number++)
        {
            if (BytesOf(number).SequenceEqual(first)) return number;
        }

        return -1;
    }
}
