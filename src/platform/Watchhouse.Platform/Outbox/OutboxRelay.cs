using System.Reflection;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Modules;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Outbox;

/// <summary>
/// Carries saved messages to the audit ledger and to event handlers. A message is removed only after its receiver is
/// done; a crash in between delivers it again, and receivers drop the repeat by its id.
/// </summary>
internal sealed partial class OutboxRelay(
    HouseDbFactory databases, IAuditTrail audit, AuditIndexer indexer, IServiceScopeFactory scopes, ModuleSet modules,
    OutboxSignal signal, TimeProvider clock, ILogger<OutboxRelay> logger) : BackgroundService
{
    public const string AuditType = "audit";
    private const int Batch = 512;
    private const int MostAttempts = 20;

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly MethodInfo DispatchMethod =
        typeof(OutboxRelay).GetMethod(nameof(DispatchAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly Dictionary<string, Type> _events = modules.Assemblies
        .SelectMany(a => a.GetTypes())
        .Where(t => t is { IsClass: true, Namespace: not null } && t.Namespace.EndsWith(".Contracts", StringComparison.Ordinal))
        .ToDictionary(t => t.FullName!);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await DeliverAsync(stoppingToken) == Batch)
                {
                    // A full batch: more is waiting.
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                RoundFailed(logger, e);
            }

            await signal.WaitAsync(TimeSpan.FromSeconds(5), clock, stoppingToken);
        }
    }

    /// <summary>Delivers one batch; returns how many messages were due.</summary>
    public async Task<int> DeliverAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.Open(Sight.All);
        var due = await db.Set<OutboxMessage>()
            .Where(m => m.NextAttemptAt <= now && m.Attempts < MostAttempts)
            .OrderBy(m => m.Id)
            .Take(Batch)
            .ToListAsync(cancellationToken);
        if (due.Count == 0) return 0;

        var audits = due.Where(m => m.Type == AuditType).ToList();
        if (audits.Count > 0) await ToLedgerAsync(db, audits, cancellationToken);
        foreach (var message in due.Where(m => m.Type != AuditType))
            await ToHandlersAsync(db, message, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return due.Count;
    }

    private async Task ToLedgerAsync(HouseDb db, List<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        // A crash after the append and before the removal leaves messages that are in the ledger already. The index
        // knows them once it has caught up, and only messages of before this start can be such.
        await indexer.CaughtUpOnce.WaitAsync(cancellationToken);
        var ids = messages.Select(m => m.Id).ToList();
        var known = await db.Set<AuditRow>().Where(r => ids.Contains(r.EntryId)).Select(r => r.EntryId)
            .ToHashSetAsync(cancellationToken);
        var entries = messages.Where(m => !known.Contains(m.Id))
            .Select(m => AuditEntry.FromUtf8(System.Text.Encoding.UTF8.GetBytes(m.Payload))!)
            .ToList();
        if (entries.Count > 0) await audit.AppendAsync(entries, cancellationToken);
        db.RemoveRange(messages);
    }

    private async Task ToHandlersAsync(HouseDb db, OutboxMessage message, CancellationToken cancellationToken)
    {
        try
        {
            if (_events.TryGetValue(message.Type, out var type))
            {
                var what = JsonSerializer.Deserialize(message.Payload, type, Json)!;
                await (Task)DispatchMethod.MakeGenericMethod(type).Invoke(this, [message.Id, what, cancellationToken])!;
            }

            db.Remove(message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            message.Attempts++;
            message.NextAttemptAt = clock.GetUtcNow() + TimeSpan.FromSeconds(Math.Min(3600, Math.Pow(2, message.Attempts)));
            message.LastError = e.GetType().Name;
            DeliveryFailed(logger, message.Type, message.Id, message.Attempts, e);
        }
    }

    private async Task DispatchAsync<TEvent>(Guid id, TEvent what, CancellationToken cancellationToken)
        where TEvent : class
    {
        await using var scope = scopes.CreateAsyncScope();
        foreach (var handler in scope.ServiceProvider.GetServices<IHandle<TEvent>>())
            await handler.HandleAsync(id, what, cancellationToken);
    }

    [LoggerMessage(1101, LogLevel.Error, "The outbox could not be worked off; it is tried again in a few seconds.")]
    private static partial void RoundFailed(ILogger logger, Exception exception);

    [LoggerMessage(1102, LogLevel.Warning, "Delivery of {Type} {Id} failed, attempt {Attempt}.")]
    private static partial void DeliveryFailed(ILogger logger, string type, Guid id, int attempt, Exception exception);
}
