using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Ingest.Import;

/// <summary>
/// Takes up what the import command laid ready, in order, and deletes each batch once it is durable in the journal. A crash in
/// between brings a batch again under the same id, and consumers drop it.
/// </summary>
internal sealed partial class ImportWorker(
    HouseDirectory directory, IEventIntake intake, IForceDirectory forces, TimeProvider clock, ILogger<ImportWorker> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ForcesEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    private HashSet<string> _forces = [];
    private long _forcesAt;

    /// <summary>The force of an import is what the operator named: whoever may write in the data directory holds everything in it.</summary>
    public static ActingPrincipal PrincipalOf(ForceId force) => new()
    {
        Kind = PrincipalKind.Client,
        Subject = "import",
        Name = "Import of files",
        Home = force,
        Roles = [Role.Collector],
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        FileStream? held = null;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var wait = Every;
                try
                {
                    var spool = new ImportSpool(directory.Path);
                    await ListForcesAsync(spool, stoppingToken);
                    if (held is null && (held = spool.TryLock()) is not null) spool.RemoveHalves(clock.GetUtcNow().AddDays(-1));
                    if (held is not null) await TakeAsync(spool, stoppingToken);
                }
                catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    Failed(log, e);
                    wait = AfterFailure;
                }

                await Task.Delay(wait, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            if (held is not null) await held.DisposeAsync();
        }
    }

    private async Task ListForcesAsync(ImportSpool spool, CancellationToken stop)
    {
        if (_forces.Count > 0 && clock.GetElapsedTime(_forcesAt) < ForcesEvery) return;
        var known = (await forces.ListAsync(stop)).Select(force => force.Id.Value).ToHashSet(StringComparer.Ordinal);
        if (!known.SetEquals(_forces)) spool.WriteForces(known.Order(StringComparer.Ordinal));
        (_forces, _forcesAt) = (known, clock.GetTimestamp());
    }

    private async Task TakeAsync(ImportSpool spool, CancellationToken stop)
    {
        foreach (var file in spool.Files())
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                await TakeAsync(ImportSpool.Read(file), stop);
                File.Delete(file);
            }
            catch (InvalidDataException e)
            {
                SetAside(log, Path.GetFileName(file), e.Message);
                ImportSpool.Refuse(file);
            }
        }
    }

    private async Task TakeAsync(ImportBatch batch, CancellationToken stop)
    {
        if (!ForceId.TryParse(batch.Force, null, out var force) || !_forces.Contains(batch.Force))
            throw new InvalidDataException("Its force does not exist, or no longer.");
        if (!SourceName.IsValid(batch.Source)) throw new InvalidDataException("Its source has no name.");
        var delivery = new Delivery
        {
            Batches = [new IntakeBatch(batch.Source, batch.Format, batch.Count, batch.Payload)],
            Source = batch.Source,
            Key = batch.Key,
        };
        while (true)
        {
            var result = await intake.AcceptAsync(PrincipalOf(force), delivery, stop);
            if (result.Refusal is not { } refusal) return;
            if (refusal.Kind is not (RefusalKind.Busy or RefusalKind.Unavailable)) throw new InvalidDataException(refusal.Message);
            await Task.Delay(refusal.RetryAfter ?? TimeSpan.FromSeconds(1), clock, stop);
        }
    }

    [LoggerMessage(4160, LogLevel.Error, "Files that were imported could not be taken up; it is tried again.")]
    private static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(4161, LogLevel.Error, "The imported batch {File} was set aside: {Why} Import its file again.")]
    private static partial void SetAside(ILogger logger, string file, string why);
}
