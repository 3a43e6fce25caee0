using Watchhouse.Journal;
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

    private readonly SigmaDetector _detector;
    private readonly CorrelationEngine _correlations;
    private readonly DetectionSession _session;
    private readonly PayloadEvents _payload = new();
    private readonly EventNormaliser _normaliser = new(TableMappings.Default);
    private readonly NormalisedEvent _row = new();
    private readonly EvidenceCache _cache = new();
    private readonly Dictionary<int, IReadOnlyList<string>> _fields = [];
    private readonly List<CorrelationFiring> _firings = [];

    public Detective(SigmaDetector detector, CorrelationEngine correlations)
    {
        _detector = detector;
        _correlations = correlations;
        _session = detector.CreateSession();
    }

    /// <summary>Events looked at so far.</summary>
    public long Events { get; private set; }

    /// <summary>Lines that no event could be made of.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Whether correlations have changed since they were last saved.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>The state of correlations, for <see cref="Restore"/>.</summary>
    public byte[] Save()
    {
        HasChanged = false;
        return _correlations.Save();
    }

    /// <summary>Takes a saved state up; groups of correlations that have changed are left out and counted.</summary>
    public void Restore(byte[] state) => _correlations.Restore(state);

    public void Look(JournalBatch batch, List<Finding> findings)
    {
        _payload.Read(batch.Format, batch.Payload, batch.ReceivedAt, record => Look(record, batch, findings));
        Unreadable += _payload.Unreadable;
    }

    private void Look(EventRecord record, JournalBatch batch, List<Finding> findings)
    {
        Events++;
        var matches = _session.Detect(record);
        if (matches.Length == 0) return;
        var evidence = Keep(record, batch);
        var entity = AlertEntity.Of(_session.FieldText, batch.Source);
        foreach (var match in matches)
        {
            if (_correlations.Uses(match)) Observe(match, evidence, batch, findings);
            if (!_correlations.Suppresses(match))
                findings.Add(new(batch.Owner, _detector.Rules[match], entity, evidence.At, [evidence], 1));
        }
    }

    private void Observe(int rule, Evidence evidence, JournalBatch batch, List<Finding> findings)
    {
        if (!_fields.TryGetValue(rule, out var names)) _fields.Add(rule, names = _correlations.FieldsOf(rule));
        var values = new Dictionary<string, string>();
        foreach (var name in names)
        {
            if (_session.FieldText(name) is { } text) values[name] = text;
        }

        HasChanged = true;
        _cache.Add(evidence);
        _correlations.Observe(new(batch.Owner, rule, evidence.At, values, EvidenceCache.Reference(evidence)), _firings);
        foreach (var firing in _firings)
        {
            if (_correlations.Suppresses(firing.Correlation)) continue;
            var events = firing.References.Select(_cache.Find).ToList();
            findings.Add(new(firing.Owner, firing.Correlation, AlertEntity.OfGroup(firing.Group, batch.Source), firing.To, events, firing.EventCount));
        }

        _firings.Clear();
    }

    private Evidence Keep(EventRecord record, JournalBatch batch)
    {
        var raw = record.Raw;
        var isCut = raw.Length > MostRawBytes;
        // Few events match, so making the row that the archive makes too costs nothing, and both name the event alike.
        _normaliser.Normalise(record, new EventContext(batch.Owner, batch.Source, batch.ReceivedAt), _row);
        return new(
            EvidenceId.Of(_row.Identity),
            _row.Table,
            _row.TimeGenerated,
            batch.Source,
            raw[..Math.Min(raw.Length, MostRawBytes)].ToArray(),
            isCut);
    }
}
