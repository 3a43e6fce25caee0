using System.Diagnostics;
using System.Text.Json;

namespace Watchhouse.Commands.Detect;

/// <summary>
/// What a run cost. Wall and CPU seconds are those of reading, parsing and detecting; loading the rules is stated apart,
/// and so is the whole process. CPU seconds count all threads.
/// </summary>
internal sealed record DetectStats
{
    public long Events { get; init; }

    public long Detections { get; init; }

    public int RulesLoaded { get; init; }

    public int RulesRejected { get; init; }

    public double WallSeconds { get; init; }

    public double CpuSeconds { get; init; }

    public double LoadSeconds { get; init; }

    public long PeakMemoryBytes { get; init; }

    public double LoadCpuSeconds { get; init; }

    public double ProcessCpuSeconds { get; init; }

    public long RecordsRejected { get; init; }

    public long ConditionsEvaluated { get; init; }

    public int Threads { get; init; }

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static (double Cpu, long PeakMemory) Measure()
    {
        using var process = Process.GetCurrentProcess();
        return (process.TotalProcessorTime.TotalSeconds, process.PeakWorkingSet64);
    }
}
