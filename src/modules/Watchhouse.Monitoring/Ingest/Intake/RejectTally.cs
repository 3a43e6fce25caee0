namespace Watchhouse.Monitoring.Ingest.Intake;

/// <summary>One event that was not taken.</summary>
/// <param name="Line">Its line, or its place in an array, from 1.</param>
/// <param name="Reason">A sentence from a fixed set: it names no content, so it can be counted and logged.</param>
internal sealed record Reject(long Line, string Reason);

/// <summary>How many events were not taken for one reason, and the first of them.</summary>
internal sealed record RejectGroup(string Reason, long Line, byte[] Sample, bool Cut)
{
    public long Count { get; set; } = 1;
}

/// <summary>What was rejected of one request: all of it counted, the first hundred listed, one sample kept for each reason.</summary>
internal sealed class RejectTally
{
    public const int MostListed = 100;
    public const int MostSampleBytes = 2048;

    private readonly List<Reject> _listed = [];
    private readonly Dictionary<string, RejectGroup> _groups = new(StringComparer.Ordinal);

    public long Total { get; private set; }

    public IReadOnlyList<Reject> Listed => _listed;

    public IReadOnlyCollection<RejectGroup> Groups => _groups.Values;

    public void Add(long line, string reason, ReadOnlySpan<byte> sample)
    {
        Total++;
        if (_listed.Count < MostListed) _listed.Add(new Reject(line, reason));
        if (_groups.TryGetValue(reason, out var group)) group.Count++;
        else _groups[reason] = new RejectGroup(reason, line,
            sample[..Math.Min(sample.Length, MostSampleBytes)].ToArray(), sample.Length > MostSampleBytes);
    }
}
