using System.Text;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Sources;

/// <summary>A source and what it has delivered.</summary>
internal sealed record SourceAnswer(
    ForceId Force, string Name, string Format, DateTimeOffset FirstReceivedAt, DateTimeOffset? LastReceivedAt,
    long Events, long Bytes, long Rejects, string LastCollector);

/// <summary>Events that were not taken. The sample is text; bytes that are no UTF-8 show as replacement characters.</summary>
internal sealed record RejectAnswer(
    ForceId Force, string Source, string Reason, long Count, DateOnly Day, DateTimeOffset FirstAt, DateTimeOffset LastAt,
    string Collector, long Line, string Sample, bool SampleCut);

/// <summary>Reads the book of sources and rejects, within the reader's sight.</summary>
internal sealed class SourceQueries(IHouse house)
{
    public const int MostRejects = 500;

    public async Task<IReadOnlyList<SourceAnswer>> SourcesAsync(ActingPrincipal actor, ForceId? force, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.SourcesRead) { Force = force }, cancellationToken);
        return await session.Db.Set<IngestSource>().AsNoTracking().OrderBy(s => s.ForceId).ThenBy(s => s.Name)
            .Select(s => new SourceAnswer(s.ForceId, s.Name, s.Format, s.FirstReceivedAt, s.LastReceivedAt, s.Events, s.Bytes, s.Rejects, s.LastCollector))
            .ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<RejectAnswer>> RejectsAsync(
        ActingPrincipal actor, ForceId? force, string? source, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.SourcesRead) { Force = force }, cancellationToken);
        var rows = await session.Db.Set<IngestReject>().AsNoTracking().Where(r => source == null || r.Source == source)
            .OrderByDescending(r => r.LastAt).Take(MostRejects).ToListAsync(cancellationToken);
        return [.. rows.Select(r => new RejectAnswer(r.ForceId, r.Source, r.Reason, r.Count, r.Day, r.FirstAt, r.LastAt,
            r.Collector, r.Line, Encoding.UTF8.GetString(r.Sample), r.SampleCut))];
    }
}
