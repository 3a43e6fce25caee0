using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Watchhouse.Lake;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Monitoring.Archive;

/// <summary>
/// Keeps the lake in order: merges small files, lets go what each force's own rules no longer keep, and deletes what was let go.
/// What a legal hold covers stays, whatever the rules say.
/// </summary>
internal sealed partial class ArchiveKeeper(IHouse house, LakeHost lake, TimeProvider clock, ILogger<ArchiveKeeper> log) : BackgroundService
{
    /// <summary>Most bytes, before packing, of a merged file: what the engine sorts within the memory that <see cref="LakeHost"/> gives it.</summary>
    public const long MostMerged = 128L << 20;

    private const long LeastMerged = 8L << 20;

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan First = TimeSpan.FromMinutes(2);
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("archive");

    private long _most = MostMerged;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wait = First;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(wait, clock, stoppingToken);
                wait = Every;
                await KeepAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Failed(log, e);
            }
        }
    }

    /// <summary>One round of it.</summary>
    internal async Task KeepAsync(CancellationToken cancellationToken)
    {
        // Opened for each round: the engine's memory is given back in between.
        await using var keeper = await lake.OpenKeeperAsync(cancellationToken);
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var expired = await keeper.ExpireAsync(await RulesAsync(cancellationToken), today, cancellationToken);
        // Before merging: a merge that fails must not keep what was let go on the disk.
        var swept = await keeper.SweepAsync(cancellationToken);
        // Days are closed when late events have come; what comes later still is merged with them in the next round.
        var merged = await keeper.CompactAsync(new LakeCompactionOptions { ClosedBefore = today.AddDays(-2), MaxContentBytes = _most }, cancellationToken);
        if (merged.TooLarge > 0 && _most > LeastMerged)
        {
            // Events of many or very long columns need more memory to sort than their bytes say.
            _most /= 2;
            Smaller(log, merged.TooLarge, _most >> 20);
        }

        if (expired.Expired + merged.Written + swept > 0) Kept(log, merged.Read, merged.Written, expired.Expired, expired.Held, swept);
    }

    private async Task<List<LakeRetention>> RulesAsync(CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, new Access(Permissions.TelemetryWrite) { Logged = false }, cancellationToken);
        var rules = await session.Db.Set<RetentionRule>().AsNoTracking().ToListAsync(cancellationToken);
        return [.. rules.Select(rule => new LakeRetention(rule.ForceId.Value, rule.Table.Length == 0 ? null : rule.Table, rule.Days))];
    }

    [LoggerMessage(4135, LogLevel.Error, "The archive could not be kept in order; it is tried again. Its events are safe.")]
    private static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(4138, LogLevel.Warning,
        "{Sets} sets of the archive's files were too large to be merged in the memory given; they stay as they are, and from the next round at most {MiB} MiB are merged at a time.")]
    private static partial void Smaller(ILogger logger, int sets, long miB);

    [LoggerMessage(4136, LogLevel.Information,
        "{Read} files of the archive were merged into {Written}; {Expired} expired by their forces' rules, {Held} were held, {Swept} were deleted.")]
    private static partial void Kept(ILogger logger, int read, int written, int expired, int held, int swept);
}
