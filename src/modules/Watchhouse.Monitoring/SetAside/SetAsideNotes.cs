using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Normalisation;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.SetAside;

/// <summary>
/// Tells a force of batches of its events that were set aside: one alert for each source and day of receipt, which counts them. The same
/// batch twice changes nothing.
/// </summary>
internal sealed partial class SetAsideNotes(IHouse house, AlertSignal signal, ILogger<SetAsideNotes> log)
{
    public const string NotWatched = "watchhouse.batch-not-watched";
    public const string NotRead = "watchhouse.batch-not-read";

    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("archive");

    /// <summary>Notes a batch in a transaction of its own.</summary>
    public async Task WriteAsync(BatchSetAside batch, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, new Access(Permissions.TelemetryWrite) { Logged = false }, cancellationToken);
        await WriteAsync(session, batch, cancellationToken);
        var done = await session.CommitAsync(cancellationToken);
        if (!done.Succeeded) throw new InvalidOperationException(done.Failure.Message);
        Told(batch);
    }

    /// <summary>Adds to a session that the caller commits; then <see cref="Told"/>.</summary>
    public static async Task WriteAsync(HouseSession session, BatchSetAside batch, CancellationToken cancellationToken)
    {
        var (force, entity) = (ForceId.Of(batch.Owner), new AlertEntity("source", Cut(batch.Source)));
        var rule = batch.Consumer == BatchSetAside.Detection ? NotWatched : NotRead;
        var day = new DateTimeOffset(batch.ReceivedAt.UtcDateTime.Date, TimeSpan.Zero);
        var id = DerivedId.OfAlert(batch.Owner, rule, entity, DerivedId.OfMoment(day));
        var note = DerivedId.OfEvidence(id, batch.Id);
        if (await session.Db.Set<AlertEvent>().FindAsync([note], cancellationToken) is not null) return;
        var alert = await session.Db.Set<Alert>().FindAsync([id], cancellationToken);
        if (alert is null)
        {
            session.Db.Add(alert = New(session, id, force, rule, entity, batch));
            session.Record(force, $"alert/{id}", "Events that could not be processed were set aside: an alert was raised.", action: "alerts.raise");
        }

        // Every batch is noted, or a crash would count it twice; the bytes of the first are enough to see what they are.
        var kept = await session.Db.Set<AlertEvent>().CountAsync(each => each.AlertId == id, cancellationToken) < AlertWriter.MostEvents;
        session.Db.Add(new AlertEvent
        {
            Id = note,
            ForceId = force,
            AlertId = id,
            EventId = batch.Id,
            Table = TableCatalogue.CatchAll,
            At = batch.ReceivedAt,
            Source = batch.Source,
            Raw = kept ? batch.Sample : [],
            RawCut = !kept || batch.IsCut,
        });
        alert.Events += Math.Max(1, batch.Events);
        if (batch.ReceivedAt > alert.LastAt) alert.LastAt = batch.ReceivedAt;
        if (batch.ReceivedAt < alert.FirstAt) alert.FirstAt = batch.ReceivedAt;
    }

    /// <summary>Tells the operator, and open queues of the force.</summary>
    public void Told(BatchSetAside batch)
    {
        SetAside(log, batch.Consumer, batch.Id, batch.Events, batch.Source, batch.Owner, batch.Failure);
        signal.Raise([batch.Owner]);
    }

    private static Alert New(HouseSession session, Guid id, ForceId force, string rule, AlertEntity entity, BatchSetAside batch) => new()
    {
        Id = id,
        ForceId = force,
        Rule = rule,
        Title = rule == NotWatched ? "Events of a source could not be watched" : "Events of a source are archived as raw lines only",
        Level = rule == NotWatched ? "high" : "medium",
        EntityKind = entity.Kind,
        Entity = entity.Value,
        Tags = [],
        Recommendation = rule == NotWatched
            ? "No rule has looked at these events. Look through them in the archive under this source and time of receipt, and at what sent them: events "
              + "may be shaped to blind detection. Tell the operator of this service, whose log names the batch."
            : "The events are kept line by line in Watchhouse_CL and have no columns to search by. Look at what the source sends, and tell the operator of "
              + "this service, whose log names the batch.",
        FalsePositives = ["A fault of this program that an unusual event brings out."],
        Author = "Watchhouse",
        FirstAt = batch.ReceivedAt,
        LastAt = batch.ReceivedAt,
        RaisedAt = session.Now,
    };

    private static string Cut(string text) => text.Length <= AlertEntity.Longest ? text : text[..AlertEntity.Longest];

    [LoggerMessage(4171, LogLevel.Error,
        "The batch {Batch} of {Events} events of {Source}, {Force} was set aside by '{Consumer}' after every attempt at it failed ({Failure}). Its bytes are in the archive, "
        + "and what came after it is not held up. Report this with the failures that are logged before it.")]
    private static partial void SetAside(ILogger logger, string consumer, Guid batch, int events, string source, string force, string failure);
}
