using System.Collections.Immutable;
using System.Diagnostics;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Outbox;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Operations;

internal sealed class House(
    HouseDbFactory databases, IAuditTrail audit, ReasonPolicy reasons, OutboxSignal signal, TimeProvider clock) : IHouse
{
    public async Task<HouseSession> EnterAsync(
        ActingPrincipal principal, Access access, CancellationToken cancellationToken)
    {
        var permission = access.Permission;
        access = access with { Reason = access.Reason ?? access.RecordedAs?.StatedReason ?? principal.StatedReason };
        if (principal.Kind == PrincipalKind.System)
            return Open(principal, access, Sight.All, []);

        if (!principal.Holds(permission))
            throw new AccessRefusedException(Failure.Refused(
                $"Your role does not include this: {permission.Meaning} The Permissions page shows which roles do; "
                + "your administrator can change yours."));
        if (access.Force is { } force && !principal.May(permission, force))
            throw new AccessRefusedException(Failure.NotFound);
        if (permission.Scope is not { } scope)
            return Open(principal, access, Sight.Nothing, []);

        var forces = access.Force is { } one ? [one] : principal.ForcesFor(permission);
        var withheld = ImmutableArray<ForceId>.Empty;
        if (string.IsNullOrWhiteSpace(access.Reason))
        {
            withheld = [.. await reasons.DemandingAsync(forces, permission.Operation, cancellationToken)];
            // One force was asked for by name, or nothing is left: the person must say why. In a wider view the
            // demanding forces are left out, and the page says so.
            if (withheld.Length == forces.Length && withheld.Length > 0)
                throw new AccessRefusedException(new Failure(FailureKind.ReasonRequired,
                    "The controller of these records asks why you need them. Give a reason and try again; it is written to the audit trail."));
            forces = forces.RemoveRange(withheld);
        }

        if (access.Logged && permission.Operation is (AuditOperation.Consultation or AuditOperation.Disclosure))
            await audit.AppendAsync([Looked(principal, access, forces)], cancellationToken);

        return Open(principal, access, Sight.Of(scope, forces), withheld);
    }

    private HouseSession Open(ActingPrincipal principal, Access access, Sight sight, ImmutableArray<ForceId> withheld) =>
        new(databases.Open(sight), principal, access, withheld, clock, signal);

    private AuditEntry Looked(ActingPrincipal principal, Access access, ImmutableArray<ForceId> forces)
    {
        var now = clock.GetUtcNow();
        var under = forces.Select(f => f == principal.Home ? null : principal.Via(access.Permission, f))
            .Where(d => d is not null).Select(d => d!.Id).ToImmutableArray();
        return new AuditEntry
        {
            Id = Guid.CreateVersion7(now),
            At = now,
            Operation = access.Permission.Operation,
            Action = access.Permission.Key,
            Forces = forces,
            Actor = AuditActor.Of(access.RecordedAs ?? principal),
            Subject = access.Subject,
            Summary = access.Permission.Meaning,
            Reason = access.Reason,
            Recipients = access.Recipients.Count == 0 ? null : [.. access.Recipients],
            Under = under.IsEmpty ? null : under,
            Correlation = Activity.Current?.TraceId.ToString(),
        };
    }
}
