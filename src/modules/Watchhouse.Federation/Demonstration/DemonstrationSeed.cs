using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.Delegations;
using Watchhouse.Federation.People;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Federation.Demonstration;

/// <summary>
/// Brings the demonstration federation in through the same operations as real people and delegations. The Centre comes
/// before anything listens, the forces while the first page is already open.
/// </summary>
internal sealed partial class DemonstrationSeed(IHouse house, IOrganisations organisations, PeopleOperations people,
    DelegationOperations delegations, DemonstrationMode mode, TimeProvider clock, ILogger<DemonstrationSeed> logger) : BackgroundService
{
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("demonstration");

    /// <summary>The people whom a visitor can be must exist before the first page does.</summary>
    public async Task CentreAsync(CancellationToken cancellationToken)
    {
        var all = await organisations.ListAsync(cancellationToken);
        var known = await KnownAsync(cancellationToken);
        foreach (var person in DemonstrationPlan.People(all).Where(p => DemonstrationPersonas.IsPersona(p) && !known.Contains(p.Email)))
            await JoinAsync(person, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!mode.On) return;
        // Leaves the caller, so that the start goes on while the forces arrive.
        await Task.Yield();
        try
        {
            var all = await organisations.ListAsync(stoppingToken);
            var known = await KnownAsync(stoppingToken);
            foreach (var person in DemonstrationPlan.People(all).Where(p => !known.Contains(p.Email)))
                await JoinAsync(person, stoppingToken);
            await DelegateAsync(DemonstrationPlan.Delegations(all), stoppingToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Failed(logger, e);
        }
    }

    private async Task DelegateAsync(IEnumerable<PlannedDelegation> plan, CancellationToken cancellationToken)
    {
        await using (var session = await house.EnterAsync(Job, new Access(Permissions.DelegationsRead), cancellationToken))
            if (await session.Db.Set<Delegation>().AnyAsync(cancellationToken)) return;
        foreach (var planned in plan)
        {
            // As the force's own risk owner would: the gate checks it like any other.
            var siro = new ActingPrincipal
            {
                Kind = PrincipalKind.Person,
                Subject = "demonstration",
                Name = $"Senior information risk owner {planned.Force} 1 (demonstration)",
                Home = planned.Force,
                Roles = [Role.Siro],
                Delegations = ImmutableArray<DelegatedAccess>.Empty,
            };
            var granted = await delegations.GrantAsync(siro, new GrantOptions
            {
                Force = planned.Force,
                To = planned.To,
                Scope = planned.Scope,
                Purpose = planned.Purpose,
                Until = clock.GetUtcNow().AddDays(planned.Days),
            }, cancellationToken);
            if (granted.Succeeded && planned.Revoked)
                await delegations.RevokeAsync(siro, planned.Force, new DelegationId(granted.Value.Id),
                    "Contract under review", null, cancellationToken);
        }
    }

    private async Task JoinAsync(PlannedPerson person, CancellationToken cancellationToken)
    {
        var joined = await people.JoinAsync(Job, new JoinOptions
        {
            Force = person.Force,
            Name = person.Name,
            Email = person.Email,
            JobTitle = person.JobTitle,
            Roles = [person.Role],
        }, cancellationToken);
        if (!joined.Succeeded) NotTaken(logger, person.Force.Value, joined.Failure.Kind.ToString());
    }

    private async Task<HashSet<string>> KnownAsync(CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, new Access(Permissions.PeopleRead), cancellationToken);
        return await session.Db.Set<Person>().Select(p => p.Email).ToHashSetAsync(cancellationToken);
    }

    [LoggerMessage(2901, LogLevel.Error, "The demonstration federation could not be completed.")]
    private static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(2902, LogLevel.Warning, "A demonstration person of {Force} was not taken in: {Why}.")]
    private static partial void NotTaken(ILogger logger, string force, string why);
}
