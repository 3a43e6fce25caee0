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

/// <summary>What came within an hour.</summary>
/// <param name="Hour">Its start in UTC.</param>
internal sealed record HourCount(DateTimeOffset Hour, long Events, long Bytes, long Rejects);

/// <summary>A source with its counts of the last day, hours without any left out.</summary>
internal sealed record SourceDay(SourceAnswer Source, IReadOnlyList<HourCount> Hours);

/// <summary>Reads the book of sources and rejects, within the reader's sight.</summary>
internal sealed class SourceQueries(IHouse house)
{
    public const int MostRejects = 500;

    public async Task<IReadOnlyList<SourceAnswer>> SourcesAsync(ActingPrincipal actor, ForceId? force, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.SourcesRead) { Force = force }, cancellationToken);
        return await SourcesAsync(session, cancellationToken);
    }

    /// <summary>Every source in sight with its last day, and the forces that are left out because they demand a reason.</summary>
    /// <param name="actor">Who looks.</param>
    /// <param name="force">One force, or null for all.</param>
    /// <param name="now">The end of the day.</param>
    /// <param name="again">Whether the same screen looks once more by the clock; the look was written down when it was opened.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<(IReadOnlyList<SourceDay> Sources, IReadOnlyList<ForceId> Withheld)> DayAsync(
        ActingPrincipal actor, ForceId? force, DateTimeOffset now, bool again, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.SourcesRead) { Force = force, Logged = !again }, cancellationToken);
        var sources = await SourcesAsync(session, cancellationToken);
        var since = SourceHour.Of(now) - TimeSpan.FromHours(23);
        var hours = (await session.Db.Set<SourceHour>().AsNoTracking().Where(h => h.Hour >= since)
                .Select(h => new { h.ForceId, h.Source, Count = new HourCount(h.Hour, h.Events, h.Bytes, h.Rejects) }).ToListAsync(cancellationToken))
            .ToLookup(h => (h.ForceId, h.Source), h => h.Count);
        return ([.. sources.Select(s => new SourceDay(s, [.. hours[(s.Force, s.Name)].OrderBy(h => h.Hour)]))], session.Withheld);
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

    /// <summary>What one source delivered hour by hour, oldest first, hours without anything left out.</summary>
    public async Task<Outcome<IReadOnlyList<HourCount>>> HoursAsync(
        ActingPrincipal actor, ForceId force, string source, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.SourcesRead) { Force = force, Subject = $"source/{source}" }, cancellationToken);
        if (!await session.Db.Set<IngestSource>().AnyAsync(s => s.ForceId == force && s.Name == source, cancellationToken)) return Failure.NotFound;
        return await session.Db.Set<SourceHour>().AsNoTracking().Where(h => h.ForceId == force && h.Source == source && h.Hour >= since)
            .OrderBy(h => h.Hour).Select(h => new HourCount(h.Hour, h.Events, h.Bytes, h.Rejects)).ToListAsync(cancellationToken);
    }

    private static async Task<IReadOnlyList<SourceAnswer>> SourcesAsync(HouseSession session, CancellationToken cancellationToken) =>
        await session.Db.Set<IngestSource>().AsNoTracking().OrderBy(s => s.ForceId).ThenBy(s => s.Name)
            .Select(s => new SourceAnswer(s.ForceId, s.Name, s.Format, s.FirstReceivedAt, s.LastReceivedAt, s.Events, s.Bytes, s.Rejects, s.LastCollector))
            .ToListAsync(cancellationToken);
}
