using Watchhouse.Sigma;
using Watchhouse.Telemetry;

namespace Watchhouse.Commands.Detect;

/// <summary>One run over many files: workers take blocks, results come out in the order of the input.</summary>
internal sealed class DetectRun : IDisposable
{
    private const int MostProblemsShown = 20;

    private readonly BlockDispenser _dispenser;
    private readonly OrderedOutput _order = new();
    private readonly Stream _output;
    private readonly MatchWriter _firings;
    private readonly DetectProgress _progress;
    private readonly bool[] _reports;
    private readonly long[] _hits;
    private readonly Lock _problemLock = new();
    private long _problems;

    public DetectRun(DetectOptions options, SigmaDetector? detector, CorrelationFeed? correlations, IReadOnlyList<string> files, Stream output, bool colour)
    {
        Options = options;
        Detector = detector;
        Correlations = correlations;
        Colour = colour;
        _output = output;
        _firings = new(options.Format, colour);
        _progress = new(files);
        _reports = [.. (detector?.Rules ?? []).Select((rule, index) => rule.Level >= options.Level && correlations?.Suppresses(index) != true)];
        _hits = new long[_reports.Length];
        _dispenser = new(files, file => EventFiles.Open(file, new EventFileOptions { Progress = _progress.Read }), Problem);
    }

    public DetectOptions Options { get; }

    public SigmaDetector? Detector { get; }

    public CorrelationFeed? Correlations { get; }

    public bool Colour { get; }

    public long Events { get; private set; }

    public long Detections { get; private set; }

    public long Rejected { get; private set; }

    public long Evaluations { get; private set; }

    public int FilesOpened => _dispenser.Opened;

    /// <summary>Greatest level of a match that was reported, or null.</summary>
    public SigmaLevel? Greatest { get; private set; }

    /// <summary>Rules by how often they matched, with their numbers.</summary>
    public IEnumerable<(SigmaDocument Rule, long Count)> Busiest => _hits
        .Select((count, index) => ((SigmaDocument)Detector!.Rules[index], count))
        .Concat(Correlations?.Fired ?? [])
        .Where(each => each.Item2 > 0)
        .OrderByDescending(each => each.Item2).ThenBy(each => each.Item1.Title, StringComparer.Ordinal);

    public void Execute(CancellationToken cancellationToken)
    {
        var workers = Enumerable.Range(0, Options.Threads).Select(_ => new DetectWorker(this)).ToArray();
        var failures = new Exception?[workers.Length];
        var threads = workers.Skip(1).Select((worker, index) =>
        {
            var thread = new Thread(() => Guard(worker, index + 1)) { IsBackground = true, Name = $"detect {index + 1}" };
            thread.Start();
            return thread;
        }).ToArray();
        using (cancellationToken.Register(() => _order.Fail(new OperationCanceledException())))
        {
            Guard(workers[0], 0);
            foreach (var thread in threads) thread.Join();
        }

        foreach (var worker in workers)
        {
            Events += worker.Events;
            Rejected += worker.Rejected;
            Evaluations += worker.Evaluations;
            worker.Dispose();
        }

        _progress.End();
        cancellationToken.ThrowIfCancellationRequested();
        if (failures.FirstOrDefault(failure => failure is not null and not OperationCanceledException) is { } first)
            throw new InvalidOperationException("Detection stopped: " + first.Message, first);
        EndCorrelations();
        _output.Flush();
        if (_problems > MostProblemsShown)
            Console.Error.WriteLine($"… and {_problems - MostProblemsShown} more of that kind.");

        void Guard(DetectWorker worker, int index)
        {
            try
            {
                worker.Work();
            }
#pragma warning disable CA1031 // Whatever it is, the other threads must not wait for this one for ever; it is thrown again above.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failures[index] = e;
                _order.Fail(e);
            }
        }
    }

    public Assignment? Next(EventBlock block) => _dispenser.Next(block);

    public bool Reports(int rule) => _reports[rule];

    /// <summary>Counts a match that is reported. Called in the worker; the sum need not be in order.</summary>
    public void Count(int rule) => Interlocked.Increment(ref _hits[rule]);

    public void Complete(Assignment assignment, Action action) => _order.Run(assignment.Sequence, action);

    /// <summary>Takes the results of a block, in the order of the input.</summary>
    public void Accept(string file, MatchWriter writer, List<CorrelationCandidate> candidates, List<string> problems, long events)
    {
        _output.Write(writer.Written);
        foreach (var problem in problems) Problem(file, problem);
        if (Correlations is not null)
        {
            foreach (var candidate in candidates) Write(Correlations.Observe(candidate));
        }

        _progress.Events(events);
    }

    public void Dispose()
    {
        _dispenser.Dispose();
        _firings.Dispose();
    }

    /// <summary>Sums up what was counted.</summary>
    public void Summarise()
    {
        for (var rule = 0; rule < _hits.Length; rule++) Sum(Detector!.Rules[rule].Level, _hits[rule]);
        foreach (var (rule, count) in Correlations?.Fired ?? []) Sum(rule.Level, count);

        void Sum(SigmaLevel level, long count)
        {
            Detections += count;
            if (count > 0 && !(Greatest >= level)) Greatest = level;
        }
    }

    private void EndCorrelations()
    {
        if (Correlations is not null) Write(Correlations.End());
        Summarise();
    }

    private void Write(IEnumerable<CorrelationReport> firings)
    {
        foreach (var firing in firings)
        {
            if (firing.Rule.Level < Options.Level) continue;
            Correlations!.Count(firing.Rule);
            _firings.Firing(firing.Rule, firing.Place, firing.Group, firing.Value, firing.EventCount, firing.Events);
        }

        _output.Write(_firings.Written);
        _firings.Clear();
    }

    private void Problem(string file, string reason)
    {
        lock (_problemLock)
        {
            if (++_problems <= MostProblemsShown) Console.Error.WriteLine($"{file}: {reason}");
        }
    }
}
