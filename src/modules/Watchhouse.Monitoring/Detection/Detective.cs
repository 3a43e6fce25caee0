using Watchhouse.Journal;
using Watchhouse.Monitoring.Alerts.Products;
using Watchhouse.Monitoring.Collect;
using Watchhouse.Monitoring.Collect.Running;
using Watchhouse.Monitoring.Exceptions;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.Rules.Programs;
using Watchhouse.Normalisation;
using Watchhouse.Sigma;
using Watchhouse.Telemetry;

namespace Watchhouse.Monitoring.Detection;

/// <summary>
/// Turns batches into findings: parses, detects, correlates. Holds the state of correlations and nothing else; no database,
/// no clock. Not thread-safe.
/// </summary>
internal sealed class Detective
{
    /// <summary>Bytes of an event that are kept as evidence; the whole of it stays with the force's archive.</summary>
    public const int MostRawBytes = 16 * 1024;

    private readonly CorrelationEngine[] _engines;
    private readonly DetectionSession _session;
    private readonly PayloadEvents _payload = new();
    private readonly EventNormaliser _normaliser = new(TableMappings.Default);
    private readonly NormalisedEvent _row = new();
    private readonly EvidenceCache _cache;
    private readonly Dictionary<int, IReadOnlyList<string>> _fields = [];
    private readonly List<CorrelationFiring> _firings = [];

    public Detective(RuleProgram program)
        : this(program, new())
    {
    }

    private Detective(RuleProgram program, EvidenceCache cache)
    {
        Program = program;
        _cache = cache;
        _engines = [.. program.Segments.Select(RuleProgram.Engine)];
        _session = program.Detector.CreateSession();
    }

    public RuleProgram Program { get; }

    /// <summary>Events looked at so far.</summary>
    public long Events { get; private set; }

    /// <summary>Lines that no event could be made of.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Whether correlations have changed since they were last saved.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>Groups of correlations that could not be taken up, because their correlation has changed or is gone.</summary>
    public long GroupsNotRestored => _engines.Sum(engine => engine.Counters.GroupsNotRestored);

    /// <summary>The state of correlations, for <see cref="Restore"/>.</summary>
    public byte[] Save()
    {
        HasChanged = false;
        return CorrelationState.Write(Program.Segments.Zip(_engines).Where(each => each.First.Set.Correlations.Count > 0)
            .Select(each => (each.First.Name, each.Second.Save())));
    }

    /// <summary>Takes a saved state up; groups of correlations that have changed are left out and counted.</summary>
    public void Restore(byte[] state)
    {
        var parts = CorrelationState.Read(state);
        for (var at = 0; at < _engines.Length; at++)
        {
            if (Program.Segments[at].Set.Correlations.Count > 0 && parts.TryGetValue(Program.Segments[at].Name, out var part)) _engines[at].Restore(part);
        }
    }

    /// <summary>A detective with other rules that goes on where this one stands: open windows stay open.</summary>
    public Detective With(RuleProgram program)
    {
        var next = new Detective(program, _cache) { Events = Events, Unreadable = Unreadable };
        next.Restore(Save());
        next.HasChanged = true;
        return next;
    }

    /// <summary>Looks at a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="exceptions">Exceptions as they are known at this moment.</param>
    /// <param name="now">The moment, by which exceptions end.</param>
    /// <param name="harvest">Takes what is found.</param>
    public void Look(JournalBatch batch, ExceptionBook exceptions, DateTimeOffset now, Harvest harvest)
    {
        var look = new Glance(batch.Owner, batch.Source, batch.ReceivedAt, exceptions, now, harvest)
        {
            AreAlerts = PayloadFormat.Parse(batch.Format)[EventSink.CollectedParameter] == nameof(CollectorKind.DefenderAlerts),
        };
        _payload.Read(batch.Format, batch.Payload, batch.ReceivedAt, record => Look(record, look));
        Unreadable += _payload.Unreadable;
    }

    private void Look(EventRecord record, in Glance look)
    {
        Events++;
        if (look.AreAlerts && GraphAlert.Read(record.Raw.ToArray(), look.Source) is { } said)
            look.Harvest.Products.Add(new(look.Owner, said, Keep(record, look)));
        var matches = _session.Detect(record);
        if (matches.Length == 0) return;
        Evidence? evidence = null;
        AlertEntity? entity = null;
        foreach (var match in matches)
        {
            if (!Program.CountsFor(match, look.Owner)) continue;
            evidence ??= Keep(record, look);
            entity ??= AlertEntity.Of(_session.FieldText, look.Source);
            var finding = new Finding(look.Owner, Program.Detector.Rules[match], entity, evidence.At, [evidence], 1);
            if (Suppresses(finding, _session.FieldText, look)) continue;
            var segment = Program.SegmentOf(match);
            if (_engines[segment].Uses(match - Program.Segments[segment].First)) Observe(segment, match, evidence, look);
            if (!Program.IsSilent(match)) Give(finding, Program.IsTesting(match), look.Harvest);
        }
    }

    private void Observe(int segment, int match, Evidence evidence, in Glance look)
    {
        var engine = _engines[segment];
        var local = match - Program.Segments[segment].First;
        if (!_fields.TryGetValue(match, out var names)) _fields.Add(match, names = engine.FieldsOf(local));
        var values = new Dictionary<string, string>();
        foreach (var name in names)
        {
            if (_session.FieldText(name) is { } text) values[name] = text;
        }

        HasChanged = true;
        _cache.Add(evidence);
        engine.Observe(new(look.Owner, local, evidence.At, values, EvidenceCache.Reference(evidence)), _firings);
        foreach (var firing in _firings)
        {
            if (Program.IsSilent(firing.Correlation) || !IsFor(segment, firing)) continue;
            var events = firing.References.Select(_cache.Find).ToList();
            var finding = new Finding(
                firing.Owner, firing.Correlation, AlertEntity.OfGroup(firing.Group, look.Source), firing.To, events, firing.EventCount);
            if (!Suppresses(finding, name => firing.Group.GetValueOrDefault(name), look))
                Give(finding, Program.IsTesting(firing.Correlation), look.Harvest);
        }

        _firings.Clear();
    }

    private bool IsFor(int segment, CorrelationFiring firing) =>
        Program.Segments[segment].Force is not null || Program.CountsFor(firing.Correlation, firing.Owner);

    private static bool Suppresses(Finding finding, Func<string, string?> field, in Glance look)
    {
        if (look.Exceptions.Find(finding, field, look.Source, look.Now) is not { } exception) return false;
        look.Harvest.AddSuppressed(exception, finding.Force, finding.At);
        return true;
    }

    private static void Give(Finding finding, bool isTesting, Harvest harvest)
    {
        if (isTesting) harvest.AddTesting(finding);
        else harvest.Findings.Add(finding);
    }

    private Evidence Keep(EventRecord record, in Glance look)
    {
        var raw = record.Raw;
        var isCut = raw.Length > MostRawBytes;
        // Few events match, so making the row that the archive makes too costs nothing, and both name the event alike.
        _normaliser.Normalise(record, new EventContext(look.Owner, look.Source, look.ReceivedAt), _row);
        return new(
            EvidenceId.Of(_row.Identity),
            _row.Table,
            _row.TimeGenerated,
            look.Source,
            raw[..Math.Min(raw.Length, MostRawBytes)].ToArray(),
            isCut);
    }

    private readonly record struct Glance(
        string Owner, string Source, DateTimeOffset ReceivedAt, ExceptionBook Exceptions, DateTimeOffset Now, Harvest Harvest)
    {
        /// <summary>Whether the events are alerts that a product raised, as the centre fetched them.</summary>
        public bool AreAlerts { get; init; }
    }
}
