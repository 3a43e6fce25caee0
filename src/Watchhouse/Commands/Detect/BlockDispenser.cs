using Watchhouse.Telemetry;

namespace Watchhouse.Commands.Detect;

/// <summary>A block that a worker took, with the input it belongs to.</summary>
internal sealed record Assignment(string File, BlockSource Source, long Sequence);

/// <summary>
/// Hands the blocks of many inputs to workers, one input after the other, each block under the next number. A worker
/// reads its own block while the others parse theirs; nothing is queued.
/// </summary>
internal sealed class BlockDispenser(IReadOnlyList<string> files, Func<string, BlockSource> open, Action<string, string> problem) : IDisposable
{
    private readonly Lock _lock = new();
    private int _nextFile;
    private long _sequence;
    private BlockSource? _current;
    private string _file = "";

    /// <summary>Inputs that could be opened.</summary>
    public int Opened { get; private set; }

    /// <summary>Fills the block with what comes next; null when everything has been read.</summary>
    public Assignment? Next(EventBlock block)
    {
        lock (_lock)
        {
            while (true)
            {
                if (_current is null && !OpenNext()) return null;
                try
                {
                    if (_current!.Read(block)) return new(_file, _current, _sequence++);
                }
                catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
                {
                    problem(_file, $"Reading stopped: {e.Message}");
                }

                CloseCurrent();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock) CloseCurrent();
    }

    private bool OpenNext()
    {
        while (_nextFile < files.Count)
        {
            _file = files[_nextFile++];
            try
            {
                _current = open(_file);
                Opened++;
                return true;
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException)
            {
                problem(_file, e.Message);
            }
        }

        return false;
    }

    private void CloseCurrent()
    {
        if (_current is null) return;
        foreach (var skipped in _current.Skipped) problem(_file, skipped);
        // Parsers of earlier blocks hold no stream, so the source may go while they work.
        _current.Dispose();
        _current = null;
    }
}
