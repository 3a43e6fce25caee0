using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Audit;

/// <summary>Says for which operations a controller demands a reason.</summary>
public interface IAuditSettings
{
    /// <summary>The operations for which the force demands a reason.</summary>
    Task<IReadOnlyList<AuditOperation>> DemandedAsync(ActingPrincipal principal, ForceId force, CancellationToken cancellationToken);

    Task<Outcome<Done>> DemandAsync(ActingPrincipal principal, ForceId force, AuditOperation operation, bool required,
        string? reason, CancellationToken cancellationToken);
}

internal sealed class AuditSettingOperations(IHouse house) : IAuditSettings
{
    public async Task<IReadOnlyList<AuditOperation>> DemandedAsync(
        ActingPrincipal principal, ForceId force, CancellationToken cancellationToken)
    {
        // Asked before each reading to know whether to ask why, so it is not itself a consultation of records.
        await using var session = await house.EnterAsync(
            principal, new Access(Permissions.AuditRead) { Force = force, Logged = false, Reason = "settings" }, cancellationToken);
        return await session.Db.Set<AuditSetting>().Where(s => s.ForceId == force && s.ReasonRequired)
            .Select(s => s.Operation).ToListAsync(cancellationToken);
    }

    public async Task<Outcome<Done>> DemandAsync(ActingPrincipal principal, ForceId force, AuditOperation operation,
        bool required, string? reason, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(operation))
            return Failure.Invalid("There are six operations: collection, alteration, consultation, disclosure, combination and erasure.", "operation");
        await using var session = await house.EnterAsync(
            principal, new Access(Permissions.AuditSettings) { Force = force, Reason = reason }, cancellationToken);
        var setting = await session.Db.Set<AuditSetting>()
            .SingleOrDefaultAsync(s => s.ForceId == force && s.Operation == operation, cancellationToken);
        if ((setting?.ReasonRequired ?? false) == required) return default(Done);
        if (setting is null)
            session.Db.Add(setting = new AuditSetting { ForceId = force, Operation = operation });
        setting.ReasonRequired = required;
        session.Record(force, $"audit-setting/{operation}",
            required ? $"A reason is now demanded for {operation}." : $"No reason is demanded for {operation} any more.",
            new Dictionary<string, FieldChange> { ["reasonRequired"] = new((!required).ToString(), required.ToString()) });
        return await session.CommitAsync(cancellationToken);
    }
}
