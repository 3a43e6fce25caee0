using System.Diagnostics;
using System.Globalization;

namespace Watchhouse.Commands.Import;

/// <summary>A bar on a terminal's error stream; where the stream goes elsewhere, a plain line every few seconds.</summary>
internal sealed class ImportProgress
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan InFile = TimeSpan.FromSeconds(5);

    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private long _shown = Stopwatch.GetTimestamp();

    public void Show(string what, double part, long events)
    {
        if (Stopwatch.GetElapsedTime(_shown) < (_isTerminal ? OnTerminal : InFile)) return;
        _shown = Stopwatch.GetTimestamp();
        part = Math.Clamp(part, 0, 1);
        const int width = 30;
        var filled = (int)(part * width);
        Console.Error.Write(_isTerminal
            ? string.Create(CultureInfo.InvariantCulture,
                $"\r\e[K{what} [{new string('#', filled)}{new string('.', width - filled)}] {part * 100:0} %  {events:N0} events")
            : string.Create(CultureInfo.InvariantCulture, $"{what}: {part * 100:0} %, {events:N0} events\n"));
    }

    /// <summary>Makes room for a line of text.</summary>
    public void Clear()
    {
        if (_isTerminal) Console.Error.Write("\r\e[K");
    }
}
