using System.Text;
using System.Text.Json;
using CsCheck;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Incidents;
using Watchhouse.Response.Incidents.Files;
using Watchhouse.Testing;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Incidents;

/// <summary>
/// Any history of incidents, by people of three forces and of the Centre, in a house that stops and starts again: nobody is ever shown what
/// is another's, and nothing that was said to be done is lost.
/// </summary>
public sealed class IncidentHistoryTests
{
    private static readonly ActingPrincipal Surrey = Stranger with { Subject = "surrey-officer", Name = "Test surrey-officer", Home = IncidentHouse.Surrey };
    private static readonly ActingPrincipal[] People = [Officer, Stranger, Analyst, Surrey];
    private static readonly ForceId[] Homes = [Kent, Essex, ForceId.Centre, IncidentHouse.Surrey];

    private sealed record Step(int What, int Who, int On, int Choice, bool Restarts);

    /// <summary>An incident as it has to be: whose it is, and every line that somebody was told had been written.</summary>
    private sealed record Known(Guid Id, ForceId Force, Guid? Parent, List<string> Lines)
    {
        public IncidentStatus Status { get; set; }

        public HashSet<string> Files { get; } = [];
    }

    [Fact]
    public Task Incidents_OfAnyHistory_AreSeenByTheirOwnAndLoseNothing() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 3], Gen.Int[0, 99], Gen.Int[0, 99], Gen.Int[0, 14], (what, who, on, choice, restarts) => new Step(what, who, on, choice, restarts == 0))
            .Array[6, 22].SampleAsync(PlayAsync, iter: 5, threads: 1);

    private static async Task PlayAsync(Step[] history)
    {
        using var data = new TempDirectory();
        var house = await IncidentHouse.StartAsync(data: data.FullName);
        var all = new List<Known>();
        try
        {
            for (var number = 0; number < history.Length; number++)
            {
                var step = history[number];
                await TakeAsync(house, all, step, number);
                if (step.Restarts)
                {
                    await house.DisposeAsync();
                    house = await IncidentHouse.StartAsync(data: data.FullName);
                }
            }

            await house.DisposeAsync();
            house = await IncidentHouse.StartAsync(data: data.FullName);
            foreach (var person in People) await LookAsync(house, all, person);
        }
        finally
        {
            await house.DisposeAsync();
        }
    }

    private static async Task TakeAsync(IncidentHouse house, List<Known> all, Step step, int number)
    {
        var person = People[step.Who];
        if (step.What == 0 || all.Count == 0)
        {
            await OpenAsync(house, all, person, step, number);
            return;
        }

        var on = all[step.On % all.Count];
        // What is written bears whose it is, so that a leak is seen wherever it comes out.
        var words = $"line {number} secret-of-{on.Force}";
        var done = await TryAsync(() => step.What switch
        {
            1 or 2 => house.Incidents.NoteAsync(person, on.Id, words, null, Now),
            3 => house.Incidents.MoveAsync(person, on.Id, (IncidentStatus)(step.Choice % 6), words, null, Now),
            4 => house.Incidents.ShareAsync(person, on.Id, $"line {number} shared", Now),
            5 => house.Get<IncidentFiles>().AddAsync(person, on.Id, $"file-{number}-secret-of-{on.Force}", "", new MemoryStream(Encoding.UTF8.GetBytes(words)), Now),
            6 => house.Incidents.AddPartAsync(person, on.Id, Homes[step.Choice % 4], Now),
            _ => house.Get<IncidentLinks>().LinkAsync(person, on.Id, IncidentRules.Reference(all[step.Choice % all.Count].Id, DateTimeOffset.UtcNow), words, Now),
        });
        Assert.True(done is null || Sees(person, on.Force), $"{person.Subject} changed what is of {on.Force} (step {number}).");
        if (done is not { } id) return;
        switch (step.What)
        {
            case 1 or 2:
                on.Lines.Add(words);
                break;
            case 3:
                on.Lines.Add(words);
                on.Status = (IncidentStatus)(step.Choice % 6);
                break;
            case 4:
                foreach (var each in all.Where(each => each == on || each.Parent == on.Id)) each.Lines.Add($"line {number} shared");
                break;
            case 5:
                on.Files.Add($"file-{number}-secret-of-{on.Force}");
                break;
            case 6:
                var force = Homes[step.Choice % 4];
                var part = (await house.FindAsync(on.Id)).Parts.Single(each => each.Force == force);
                all.Add(new(part.Id, force, on.Id, []));
                break;
        }
    }

    private static async Task OpenAsync(IncidentHouse house, List<Known> all, ActingPrincipal person, Step step, int number)
    {
        var force = Homes[step.On % 4];
        ForceId[] parts = force == ForceId.Centre ? [.. Homes.Where(each => each != ForceId.Centre).Take(step.Choice % 3)] : [];
        var opened = await TryAsync(() => house.Incidents.OpenAsync(person, new OpenOptions { Force = force, Title = $"Incident {number}", Parts = parts }, Now));
        Assert.True(opened is null || Sees(person, force));
        if (opened is not { } id) return;
        all.Add(new(id, force, null, []));
        foreach (var part in (await house.FindAsync(id, person)).Parts) all.Add(new(part.Id, part.Force, id, []));
    }

    private static async Task LookAsync(IncidentHouse house, List<Known> all, ActingPrincipal person)
    {
        var listed = await house.Queries.ListAsync(person, new IncidentFilter { Statuses = [], Take = IncidentFilter.MostTaken }, Now);
        Assert.Equal(all.Where(each => Sees(person, each.Force)).Select(each => each.Id).Order(), listed.Select(row => row.Id).Order());
        foreach (var each in all)
        {
            var found = await house.Queries.FindAsync(person, each.Id, null, Now);
            if (!Sees(person, each.Force))
            {
                Assert.Equal(FailureKind.NotFound, found.Failure!.Kind);
                continue;
            }

            var shown = JsonSerializer.Serialize(Ok(found));
            foreach (var other in Homes.Where(home => !Sees(person, home))) Assert.DoesNotContain($"secret-of-{other}", shown, StringComparison.Ordinal);
            if (each.Parent is { } parent && person.Home == each.Force) Assert.Equal(FailureKind.NotFound, (await house.Queries.FindAsync(person, parent, null, Now)).Failure!.Kind);
            Assert.Equal(each.Status, Enum.Parse<IncidentStatus>(found.Value!.Incident.Status));
            foreach (var line in each.Lines) Assert.Contains(found.Value.Entries, entry => entry.Words.Contains(line, StringComparison.Ordinal));
            Assert.Equal(each.Files.Order(StringComparer.Ordinal), found.Value.Files.Select(file => file.Name).Order(StringComparer.Ordinal));
        }
    }

    private static bool Sees(ActingPrincipal person, ForceId force) => person.Home == force || person.Delegations.Any(each => each.From == force);

    private static async Task<Guid?> TryAsync(Func<Task<Outcome<Guid>>> act)
    {
        try
        {
            var outcome = await act();
            // Whatever is refused is refused in a sentence.
            Assert.True(outcome.Succeeded || outcome.Failure.Message.EndsWith('.'), outcome.Failure?.Message);
            return outcome.Succeeded ? outcome.Value : null;
        }
        catch (AccessRefusedException)
        {
            return null;
        }
    }
}
