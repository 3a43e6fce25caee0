using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Sources;

/// <summary>What a source delivered since the last writing.</summary>
internal sealed class ArrivalCount
{
    public required DateTimeOffset First { get; init; }

    public DateTimeOffset Last { get; set; }

    public string Format { get; set; } = "";

    public string Collector { get; set; } = "";

    public long Events { get; set; }

    public long Bytes { get; set; }

    public long Rejects { get; set; }

    public void Add(ArrivalCount other)
    {
        if (other.Last >= Last) (Last, Format, Collector) = (other.Last, other.Format.Length > 0 ? other.Format : Format, other.Collector);
        Events += other.Events;
        Bytes += other.Bytes;
        Rejects += other.Rejects;
    }
}

/// <summary>Rejects of one reason since the last writing, with the first of them.</summary>
internal sealed class RejectCount
{
    public required DateTimeOffset First { get; init; }

    public DateTimeOffset Last { get; set; }

    public long Count { get; set; }

    public required string Collector { get; init; }

    public required long Line { get; init; }

    public required byte[] Sample { get; init; }

    public required bool Cut { get; init; }
}

/// <summary>What happened between two writings of the book. Its size is bounded: what is too much is put together.</summary>
internal sealed class BookPage
{
    /// <summary>The name under which what is too much is put together. It is no source name.</summary>
    public const string Other = "(other)";
    private const int MostKeys = 4000;

    public Dictionary<(ForceId Force, string Source), ArrivalCount> Arrivals { get; } = [];

    public Dictionary<(ForceId Force, string Source, string Reason), RejectCount> Rejects { get; } = [];

    public Dictionary<(ForceId Force, string Collector, RefusalKind Kind), long> Refusals { get; } = [];

    /// <summary>Ends when the page is written, or could not be.</summary>
    public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsEmpty => Arrivals.Count == 0 && Rejects.Count == 0 && Refusals.Count == 0;

    public void Add(ForceId force, string source, ArrivalCount arrival)
    {
        if (Arrivals.Count >= MostKeys && !Arrivals.ContainsKey((force, source))) source = Other;
        if (Arrivals.TryGetValue((force, source), out var known)) known.Add(arrival);
        else Arrivals[(force, source)] = arrival;
    }

    public void Add(ForceId force, string source, string reason, RejectCount reject)
    {
        if (Rejects.Count >= MostKeys && !Rejects.ContainsKey((force, source, reason))) source = Other;
        if (!Rejects.TryGetValue((force, source, reason), out var known)) Rejects[(force, source, reason)] = reject;
        else
        {
            known.Count += reject.Count;
            if (reject.Last > known.Last) known.Last = reject.Last;
        }
    }

    public void AddRefusal(ForceId force, string collector, RefusalKind kind, long count) =>
        Refusals[(force, collector, kind)] = Refusals.GetValueOrDefault((force, collector, kind)) + count;

    /// <summary>Takes up what another page could not write.</summary>
    public void Add(BookPage other)
    {
        foreach (var (key, arrival) in other.Arrivals) Add(key.Force, key.Source, arrival);
        foreach (var (key, reject) in other.Rejects) Add(key.Force, key.Source, key.Reason, reject);
    }
}
