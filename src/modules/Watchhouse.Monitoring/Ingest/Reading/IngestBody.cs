using System.Buffers;

namespace Watchhouse.Monitoring.Ingest.Reading;

/// <summary>Where an event lies in a body.</summary>
internal readonly record struct EventRange(int Start, int Length)
{
    public int End => Start + Length;
}

/// <summary>The unpacked bytes of one request, in rented memory that counts against <see cref="IngestMemory"/>.</summary>
internal sealed class IngestBody(IngestMemory memory) : IDisposable
{
    private readonly List<byte[]> _rented = [];
    private byte[] _bytes = [];
    private long _charged;

    /// <summary>How much is filled.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>Room to read into.</summary>
    public Memory<byte> Room => _bytes.AsMemory(Length);

    public void Filled(int count) => Length += count;

    /// <summary>Forgets the first bytes.</summary>
    public void Skip(int count)
    {
        Bytes[count..].CopyTo(_bytes);
        Length -= count;
    }

    /// <summary>Forgets the last bytes.</summary>
    public void Shorten(int count) => Length -= count;

    /// <summary>Makes room for at least so many bytes in all; false when memory is short.</summary>
    public bool TryGrow(int size)
    {
        if (size <= _bytes.Length) return true;
        if (TryRent(size) is not { } larger) return false;
        Bytes.CopyTo(larger);
        Return(_bytes);
        _bytes = larger;
        return true;
    }

    /// <summary>
    /// The events one a line. Where they lie so already, this is the body itself; null when memory is short.
    /// </summary>
    /// <param name="events">Where they lie, in order.</param>
    /// <param name="flatten">
    /// Whether line feeds inside an event become spaces. Only for JSON, where they can stand nowhere but between tokens.
    /// </param>
    public ReadOnlyMemory<byte>? TryCompose(IReadOnlyList<EventRange> events, bool flatten)
    {
        if (events.Count == 0) return ReadOnlyMemory<byte>.Empty;
        if (AreLines(events)) return _bytes.AsMemory(events[0].Start, events[^1].End - events[0].Start);
        var size = events.Sum(static e => (long)e.Length + 1) - 1;
        if (size > int.MaxValue || TryRent((int)size) is not { } lines) return null;
        var at = 0;
        foreach (var range in events)
        {
            if (at > 0) lines[at++] = (byte)'\n';
            var line = lines.AsSpan(at, range.Length);
            _bytes.AsSpan(range.Start, range.Length).CopyTo(line);
            if (flatten) Flatten(line);
            at += range.Length;
        }

        return lines.AsMemory(0, at);
    }

    /// <summary>Counts memory that is used besides for this request; false when memory is short.</summary>
    public bool TryCharge(long bytes)
    {
        if (!memory.TryTake(bytes)) return false;
        _charged += bytes;
        return true;
    }

    public void Dispose()
    {
        memory.GiveBack(_charged);
        _charged = 0;
        foreach (var buffer in _rented.ToArray()) Return(buffer);
        _bytes = [];
    }

    private bool AreLines(IReadOnlyList<EventRange> events)
    {
        for (var i = 1; i < events.Count; i++)
            if (events[i].Start != events[i - 1].End + 1 || _bytes[events[i].Start - 1] != (byte)'\n')
                return false;
        // An event that was read as JSON may hold line feeds between its tokens.
        return _bytes.AsSpan(events[0].Start, events[^1].End - events[0].Start).Count((byte)'\n') == events.Count - 1;
    }

    private static void Flatten(Span<byte> line)
    {
        while (line.IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var at)
        {
            line[at] = (byte)' ';
            line = line[(at + 1)..];
        }
    }

    private byte[]? TryRent(int size)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        if (!memory.TryTake(buffer.Length))
        {
            ArrayPool<byte>.Shared.Return(buffer);
            return null;
        }

        _rented.Add(buffer);
        return buffer;
    }

    private void Return(byte[] buffer)
    {
        if (!_rented.Remove(buffer)) return;
        memory.GiveBack(buffer.Length);
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
