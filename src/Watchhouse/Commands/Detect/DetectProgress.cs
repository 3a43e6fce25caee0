using System.Diagnostics;
using System.Globalization;

namespace Watchhouse.Commands.Detect;

/// <summary>A progress bar on a terminal's error stream: bytes read of all files. Nothing where the stream goes elsewhere.</summary>
internal sealed class DetectProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly bool _shown = !Console.IsErrorRedirected;
    private readonly long _total;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();
    private long _read;
    private long _events;
    private long _drawn;

    public DetectProgress(IEnumerable<string> files)
    {
        if (_shown) _total = files.Sum(file => file == "-" ? 0 : new FileInfo(file) is { Exists: true } info ? info.Length : 0);
    }

    /// <summary>So many more bytes of the files have been read.</summary>
    public void Read(long bytes)
    {
        if (_shown) Interlocked.Add(ref _read, bytes);
    }

    public void Events(long count)
    {
        if (!_shown) return;
        lock (_lock)
        {
            _events += count;
            if (_drawn != 0 && Stopwatch.GetElapsedTime(_drawn) < Interval) return;
            _drawn = Stopwatch.GetTimestamp();
            Draw();
        }
    }

    public void End()
    {
        // Back to the line's start, and clear it: the summary follows.
        if (_shown) Console.Error.Write("\r\e[K");
    }

    private void Draw()
    {
        const int width = 30;
        var part = _total == 0 ? 1 : Math.Min(1.0, (double)Interlocked.Read(ref _read) / _total);
        var filled = (int)(part * width);
        var rate = _events / Math.Max(0.001, Stopwatch.GetElapsedTime(_started).TotalSeconds);
        Console.Error.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"\r\e[K[{new string('#', filled)}{new string('.', width - filled)}] {part * 100:0} %  {_events:N0} events  {rate:N0}/s"));
    }
}
