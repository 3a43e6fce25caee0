namespace Watchhouse.Sigma;

/// <summary>How a detector is compiled.</summary>
public sealed record SigmaDetectorOptions
{
    /// <summary>The table of log sources; an event that no entry knows meets only rules without a log source.</summary>
    public IReadOnlyList<LogSourceEntry> LogSources { get; init; } = [];

    /// <summary>Every rule is asked of every event, whatever its log source. Costs five times as much, and gives false alarms.</summary>
    public bool IgnoreLogSources { get; init; }

    /// <summary>Fields that callers will ask <see cref="DetectionSession.FieldText"/> for, though no rule may test them.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];
}

/// <summary>
/// All rules compiled into one program. Immutable and thread-safe: sessions on any number of threads share it, and a new
/// set of rules is a new detector that takes the old one's place (<see cref="SigmaDetectorSlot"/>).
/// </summary>
public sealed class SigmaDetector
{
    private SigmaDetector(IReadOnlyList<SigmaRule> rules, SigmaDetectorOptions options)
    {
        Rules = rules;
        Options = options;
        Program = new(rules, options.LogSources, options.Fields);
        Router = new(Program, options.LogSources, options.IgnoreLogSources);
    }

    /// <summary>The rules; matches are indexes into this list.</summary>
    public IReadOnlyList<SigmaRule> Rules { get; }

    /// <summary>What the detector was compiled with.</summary>
    public SigmaDetectorOptions Options { get; }

    internal DetectorProgram Program { get; }

    internal SourceRouter Router { get; }

    /// <summary>Compiles rules. What cannot be compiled was rejected when it was read.</summary>
    public static SigmaDetector Compile(IReadOnlyList<SigmaRule> rules, SigmaDetectorOptions? options = null) =>
        new([.. rules], options ?? new());

    /// <summary>
    /// Makes the detector as quick for its first event as for its thousandth. Worth its tenth of a second before the
    /// detector takes another's place, or before a run.
    /// </summary>
    public void Prepare() => WarmUp.Run(this);

    /// <summary>What one thread needs to detect.</summary>
    public DetectionSession CreateSession() => new(this);
}

/// <summary>Holds the detector that is in use; another takes its place between two events of a session.</summary>
public sealed class SigmaDetectorSlot(SigmaDetector detector)
{
    private SigmaDetector _current = detector;

    /// <summary>The detector in use.</summary>
    public SigmaDetector Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }

    /// <summary>The session to use for the next event: the given one as long as its detector is in use, else a new one.</summary>
    public DetectionSession SessionFor(DetectionSession? session) =>
        session is not null && ReferenceEquals(session.Detector, Current) ? session : Current.CreateSession();
}
