using Watchhouse.Monitoring.Exceptions;
using Watchhouse.Monitoring.Rules.Programs;

namespace Watchhouse.Monitoring.Detection;

/// <summary>What runs, and how the last change of it went.</summary>
/// <param name="Asked">Number of the latest change that was asked for.</param>
/// <param name="Running">Number of the latest change that runs; behind 'asked' while it is compiled.</param>
/// <param name="Rules">Rules that match events, those with value lists once for each force.</param>
/// <param name="Correlations">Correlations.</param>
/// <param name="CompiledAt">When what runs was compiled; null before the first time.</param>
/// <param name="Seconds">How long reading and compiling took.</param>
/// <param name="Failure">Why the last change does not run and the rules of before do; null where all is well.</param>
internal sealed record RuleBookStatus(
    long Asked, long Running, int Rules, int Correlations, DateTimeOffset? CompiledAt, double Seconds, string? Failure);

/// <summary>The rules and exceptions that are in use. A change is a new program that takes the old one's place between two batches.</summary>
internal sealed class RuleBook
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RuleProgram _program = RuleProgram.Empty;
    private ExceptionBook _exceptions = ExceptionBook.Empty;
    private RuleBookStatus _status = new(0, 0, 0, 0, null, 0, null);
    private long _asked;

    public RuleProgram Program => Volatile.Read(ref _program);

    public ExceptionBook Exceptions
    {
        get => Volatile.Read(ref _exceptions);
        set => Volatile.Write(ref _exceptions, value);
    }

    public RuleBookStatus Status => Volatile.Read(ref _status) with { Asked = Interlocked.Read(ref _asked) };

    /// <summary>Ends when the first program is there; before that nothing must be looked at.</summary>
    public Task FirstAsync(CancellationToken cancellationToken) => _first.Task.WaitAsync(cancellationToken);

    /// <summary>Number of a change that was just stored.</summary>
    public long Ask() => Interlocked.Increment(ref _asked);

    /// <summary>Puts a program to use.</summary>
    public void Take(RuleProgram program, long change, DateTimeOffset at, double seconds)
    {
        Volatile.Write(ref _program, program);
        Volatile.Write(ref _status, new(0, change, program.Rules, program.Correlations, at, seconds, null));
        _first.TrySetResult();
    }

    /// <summary>Notes that a change could not be compiled: what was in use stays in use.</summary>
    public void Refuse(string why) => Volatile.Write(ref _status, Volatile.Read(ref _status) with { Failure = why });
}
