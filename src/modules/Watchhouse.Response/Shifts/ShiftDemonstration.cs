using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Shifts;

/// <summary>A rota and a watch of a demonstration, through the same operations as real ones. Its people's names say that they are made up.</summary>
internal sealed partial class ShiftDemonstration(RotaOperations rota, WatchOperations watches, ShiftQueries queries, DemonstrationMode mode, TimeProvider clock, ILogger<ShiftDemonstration> log) : BackgroundService
{
    private const string Pattern = "two-two-three";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!mode.HasTelemetry) return;
        await Task.Yield();
        try
        {
            await PlanAsync(stoppingToken);
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            Failed(log, e);
        }
    }

    private async Task PlanAsync(CancellationToken cancellationToken)
    {
        var manager = Person(Guid.Empty, "NMC duty manager (demonstration)", Role.DutyManager);
        var now = clock.GetUtcNow();
        var today = HouseTime.DayOf(now);
        var there = await queries.ReadAsync(manager, ForceId.Centre, today, 2, null, true, cancellationToken);
        if (there.Shifts.Count > 0 || there.Watch is not null) return;
        var people = await rota.PeopleAsync(manager, cancellationToken);
        var teams = RotaPattern.All.First(each => each.Key == Pattern).Cycles.Count;
        if (people.Count < teams) return;
        // From the day before, where the night of that day still runs.
        var first = HouseTime.Local(now).Hour < 7 ? today.AddDays(-1) : today;
        var options = new PlanOptions
        {
            Pattern = Pattern,
            First = first,
            Teams = [.. Enumerable.Range(0, teams).Select(team => people.Where((_, at) => at % teams == team).ToList())
                .Select((its, team) => new PlanTeam($"Team {(char)('A' + team)}", [.. its.Select(each => each.Id)], its[0].Id))],
        };
        var planned = await rota.PlanAsync(manager, options, false, cancellationToken);
        if (!planned.Succeeded) return;
        if (planned.Value.FirstOrDefault(each => each.StartsAt <= now && each.EndsAt > now)?.Lead is { } lead)
            await watches.TakeAsync(Person(lead.Id, lead.Name, Role.NmcAnalyst), null, "", cancellationToken);
        await rota.CallAsync(manager, people[^1].Id, "Duty telephone (demonstration)", 1, now, now.AddDays(7), cancellationToken);
    }

    private static ActingPrincipal Person(Guid id, string name, Role role) => new()
    {
        Kind = PrincipalKind.Person, Subject = id.ToString(), Name = name, Home = ForceId.Centre, Roles = [role],
    };

    [LoggerMessage(4571, LogLevel.Error, "The rota of the demonstration could not be made.")]
    private static partial void Failed(ILogger logger, Exception exception);
}
