using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using System.Text.Json;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Outbox;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Operations;

/// <summary>
/// One visit to the records, under one permission. Changes are written with <see cref="Record"/> and saved together
/// with their audit entries and events by <see cref="CommitAsync"/>: all of it, or nothing.
/// </summary>
public sealed class HouseSession : IAsyncDisposable
{
    private readonly TimeProvider _clock;
    private readonly OutboxSignal _signal;

    internal HouseSession(HouseDb db, ActingPrincipal principal, Access access, ImmutableArray<ForceId> withheld,
        TimeProvider clock, OutboxSignal signal)
    {
        Db = db;
        Principal = principal;
        Access = access;
        Withheld = withheld;
        _clock = clock;
        _signal = signal;
    }

    public HouseDb Db { get; }

    public ActingPrincipal Principal { get; }

    public Access Access { get; }

    /// <summary>Forces left out of a national view because they demand a reason and none was given.</summary>
    public ImmutableArray<ForceId> Withheld { get; }

    public DateTimeOffset Now => _clock.GetUtcNow();

    public TId NewId<TId>()
        where TId : struct, IStrongId<TId> => StrongId.New<TId>(_clock);

    /// <summary>
    /// Writes down what is about to change. Call it only when something does: no change, no event.
    /// </summary>
    /// <param name="force">The controller of the record.</param>
    /// <param name="subject">Kind and id of the thing, <c>person/0198…</c>.</param>
    /// <param name="summary">One sentence for people.</param>
    /// <param name="changes">Old and new values by field; never a secret.</param>
    /// <param name="operation">When it differs from the permission's own operation.</param>
    /// <param name="action">When it differs from the permission's key.</param>
    public void Record(ForceId force, string subject, string summary,
        IReadOnlyDictionary<string, FieldChange>? changes = null, AuditOperation? operation = null, string? action = null)
    {
        var actor = Access.RecordedAs ?? Principal;
        var entry = new AuditEntry
        {
            Id = Guid.CreateVersion7(Now),
            At = Now,
            Operation = operation ?? Access.Permission.Operation,
            Action = action ?? Access.Permission.Key,
            Forces = [force],
            Actor = AuditActor.Of(actor),
            Subject = subject,
            Summary = summary,
            Changes = changes?.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Reason = Access.Reason,
            Recipients = Access.Recipients.Count == 0 ? null : [.. Access.Recipients],
            Under = actor.Via(Access.Permission, force) is { } via ? [via.Id] : null,
            Correlation = System.Diagnostics.Activity.Current?.TraceId.ToString(),
        };
        Enqueue(entry.Id, OutboxRelay.AuditType, System.Text.Encoding.UTF8.GetString(entry.ToUtf8()));
    }

    /// <summary>Tells other modules, after the change is saved, at least once.</summary>
    public void Publish<TEvent>(TEvent what)
        where TEvent : class =>
        Enqueue(Guid.CreateVersion7(Now), typeof(TEvent).FullName!, JsonSerializer.Serialize(what, OutboxRelay.Json));

    /// <summary>Saves the changes, their audit entries and their events in one transaction.</summary>
    public async Task<Outcome<Done>> CommitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return Failure.Conflict(
                "Somebody else changed this in the meantime, so your change was not saved. Load it again and repeat your change.");
        }

        _signal.Raise();
        return default(Done);
    }

    public ValueTask DisposeAsync() => Db.DisposeAsync();

    private void Enqueue(Guid id, string type, string payload) => Db.Add(new OutboxMessage
    {
        Id = id,
        CreatedAt = Now,
        Type = type,
        Payload = payload,
        NextAttemptAt = Now,
    });
}
