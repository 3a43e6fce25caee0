using Watchhouse.Sigma;
using Watchhouse.Telemetry;

namespace Watchhouse.Commands.Detect;

/// <summary>One thread's part: takes blocks, parses, detects, and hands its results in when its turn comes.</summary>
internal sealed class DetectWorker : IDisposable
{
    private readonly DetectRun _run;
    private readonly DetectionSession? _session;
    private readonly MatchWriter _writer;
    private readonly EventRecord _record = new();
    private readonly EventBlock _block = new();
    private readonly List<CorrelationCandidate> _candidates = [];
    private readonly List<string> _problems = [];
    private BlockSource? _source;
    private EventParser? _parser;
    private string _file = "";

    public DetectWorker(DetectRun run)
    {
        _run = run;
        _session = run.Detector?.CreateSession();
        _writer = new(run.Options.Format, run.Colour);
    }

    public long Events { get; private set; }

    public long Rejected { get; private set; }

    public long Evaluations => _session?.Evaluations ?? 0;

    public void Work()
    {
        while (_run.Next(_block) is { } assignment)
        {
            if (!ReferenceEquals(assignment.Source, _source))
            {
                _source = assignment.Source;
                _file = assignment.File;
                _parser = assignment.Source.CreateParser();
            }

            var before = Events;
            Parse(_parser!);
            var read = Events - before;
            _run.Complete(assignment, () =>
            {
                _run.Accept(_file, _writer, _candidates, _problems, read);
            });
            _writer.Clear();
            _candidates.Clear();
            _problems.Clear();
        }
    }

    public void Dispose() => _writer.Dispose();

    private void Parse(EventParser parser)
    {
        parser.Start(_block);
        while (true)
        {
            var outcome = parser.Next(_record, out var reason);
            if (outcome == ParseOutcome.End) return;
            if (outcome == ParseOutcome.Rejected)
            {
                Rejected++;
                if (_problems.Count < 20) _problems.Add($"record {_record.Position}: {reason}");
                continue;
            }

            Events++;
            if (_session is null) continue;
            var matches = _session.Detect(_record, _run.Options.Labelled);
            if (matches.Length > 0) Report(matches);
        }
    }

    private void Report(ReadOnlySpan<int> matches)
    {
        var place = new MatchPlace(_file, _record.Position, EventTime.Of(_record), _run.Options.Labelled ? EventId() : null);
        foreach (var match in matches)
        {
            var rule = _run.Detector!.Rules[match];
            if (_run.Correlations is { } correlations && correlations.Uses(match))
                _candidates.Add(new(match, place, correlations.Capture(match, _session!)));
            if (!_run.Reports(match)) continue;
            _run.Count(match);
            _writer.Match(rule, place);
        }
    }

    private string? EventId()
    {
        var at = _record.Find("_id"u8);
        return at < 0 ? null : _record.ValueText(_record[at]);
    }
}
