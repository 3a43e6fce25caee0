namespace Watchhouse.Monitoring.Collect.Coverage;

/// <summary>What a stretch of time looks like on screen.</summary>
internal enum StretchKind
{
    /// <summary>Everything that was listed is in the journal.</summary>
    Covered,

    /// <summary>Not fetched yet, and in good time.</summary>
    Open,

    /// <summary>Not fetched yet, although its time has come an hour ago or more.</summary>
    Late,

    /// <summary>Something of it is lost, or could be.</summary>
    Gap,
}

/// <summary>A stretch of time that looks the same from its beginning to its end.</summary>
/// <param name="Why">Why it is late or a gap; null where there is nothing to be said.</param>
internal sealed record CoverageStretch(StretchKind Kind, DateTimeOffset From, DateTimeOffset To, string? Why);

/// <summary>What the drawing needs of a line of the ledger.</summary>
internal readonly record struct CoverageLine(DateTimeOffset From, DateTimeOffset To, WindowState State, string? Reason, string? Problem);

/// <summary>Draws a stream's coverage: thousands of windows become a few stretches. Pure.</summary>
internal static class CoverageStretches
{
    /// <summary>A window that is not fetched so long after its end is late.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private const string NotYet = "It is not fetched yet.";

    /// <param name="lines">The lines of one stream, the oldest first.</param>
    /// <param name="since">Where the drawing begins.</param>
    /// <param name="now">Where it ends.</param>
    /// <param name="coveredTo">
    /// To which moment nothing more was to be fetched although the ledger ends before it, such as an event hub without messages.
    /// </param>
    /// <param name="after">Why what follows the last line is not fetched, once that is late; null where the stream is fetched no more.</param>
    public static IReadOnlyList<CoverageStretch> Draw(
        IEnumerable<CoverageLine> lines, DateTimeOffset since, DateTimeOffset now, DateTimeOffset? coveredTo, string? after)
    {
        var drawn = new List<CoverageStretch>();
        DateTimeOffset? end = null;
        foreach (var line in lines)
        {
            end = end is { } before && before > line.To ? before : line.To;
            Add(drawn, Of(line, now), since, now);
        }

        if (after is null || end is not { } last) return drawn;
        if (coveredTo is { } covered && covered > last)
        {
            Add(drawn, new(StretchKind.Covered, last, covered, null), since, now);
            last = covered;
        }

        if (last < now) Add(drawn, new(now - last >= Grace ? StretchKind.Late : StretchKind.Open, last, now, now - last >= Grace ? after : null), since, now);
        return drawn;
    }

    /// <summary>How much of the time since the first stretch is covered, from 0 to 1; null while nothing is known.</summary>
    public static double? Share(IReadOnlyList<CoverageStretch> stretches)
    {
        var all = stretches.Where(s => s.Kind != StretchKind.Open).Sum(s => (s.To - s.From).TotalSeconds);
        return all <= 0 ? null : stretches.Where(s => s.Kind == StretchKind.Covered).Sum(s => (s.To - s.From).TotalSeconds) / all;
    }

    private static CoverageStretch Of(CoverageLine line, DateTimeOffset now) => line.State switch
    {
        WindowState.Gap => new(StretchKind.Gap, line.From, line.To, line.Reason ?? "The reason is not known."),
        WindowState.Planned or WindowState.Listed when now - line.To >= Grace => new(StretchKind.Late, line.From, line.To, line.Problem ?? NotYet),
        WindowState.Planned or WindowState.Listed => new(StretchKind.Open, line.From, line.To, line.Problem),
        _ => new(StretchKind.Covered, line.From, line.To, line.Reason),
    };

    private static void Add(List<CoverageStretch> drawn, CoverageStretch next, DateTimeOffset since, DateTimeOffset now)
    {
        if (next.To < since || next.From > now) return;
        next = next with { From = next.From < since ? since : next.From, To = next.To > now ? now : next.To };
        // An event hub's gap can lie between two messages of the same moment; it is a gap all the same.
        if (next.To <= next.From && next.Kind != StretchKind.Gap) return;
        if (drawn.Count > 0 && drawn[^1] is var last && last.Kind == next.Kind && last.Why == next.Why && last.To == next.From)
            drawn[^1] = last with { To = next.To };
        else drawn.Add(next);
    }
}
