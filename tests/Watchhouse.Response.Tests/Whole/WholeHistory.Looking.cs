using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Response.Notices;
using Watchhouse.Tests.Hosting;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Whole;

/// <content>What people are shown: nothing of a force that they do not see, and all that they were told was stored.</content>
internal sealed partial class WholeHistory
{
    private async Task LookAtOneAsync(TestPerson person)
    {
        var on = One(_all);
        foreach (var door in house.Doors.Where(door => door.StartsWith($"/api/v1/{on.Kind}s/", StringComparison.Ordinal))) Check(person, door, await house.GetAsync(person, door.Replace("{id}", on.Id.ToString(), StringComparison.Ordinal)));
    }

    /// <summary>What one person is shown: every list of the API, and everything of the history by its id.</summary>
    private async Task LookAsync(TestPerson person)
    {
        List<Guid> notices;
        await using (var session = await house.OpenAsync()) notices = await session.Db.Set<QueuedNotice>().AsNoTracking().OrderByDescending(each => each.Id).Select(each => each.Id).Take(12).ToListAsync(Now);
        foreach (var door in house.Doors)
        {
            IEnumerable<Guid> ids = !door.Contains("{id}", StringComparison.Ordinal) ? [Guid.Empty] : door.Contains("/outbox/", StringComparison.Ordinal) ? notices
                : _all.Where(each => door.Contains($"/{each.Kind}s/", StringComparison.Ordinal)).Select(each => each.Id);
            foreach (var id in ids)
            {
                foreach (var force in door.Contains("{force}", StringComparison.Ordinal) ? WholeHouse.Forces : [Kent])
                    Check(person, $"{door} {id} {force}", await house.GetAsync(person, door.Replace("{id}", id.ToString(), StringComparison.Ordinal).Replace("{force}", force.Value, StringComparison.Ordinal)));
            }
        }

        foreach (var known in _all) await KeptAsync(person, known);
    }

    private void Check(TestPerson person, string door, string? shown)
    {
        if (shown is null) return;
        Read++;
        foreach (var force in WholeHouse.Forces.Where(force => !WholeHouse.Sees(person, force)))
        {
            Assert.False(shown.Contains($"secret-of-{force}", StringComparison.Ordinal), $"{person.Home} was shown something of {force} at {door}.");
            // The trail of audit says what a force's own people asked for, with the ids that they named; beyond that nobody learns that there is such a thing.
            if (door.StartsWith("/api/v1/audit", StringComparison.Ordinal)) continue;
            foreach (var each in _all.Where(each => each.Force == force))
                Assert.False(shown.Contains(each.Id.ToString(), StringComparison.Ordinal), $"{person.Home} was shown the id of a {each.Kind} of {force} at {door}.");
        }
    }

    /// <summary>Whoever sees it finds all that was acknowledged; to others it is not there.</summary>
    private async Task KeptAsync(TestPerson person, Known known)
    {
        var shown = await house.GetAsync(person, $"/api/v1/{known.Kind}s/{known.Id}");
        if (!WholeHouse.Sees(person, known.Force))
        {
            Assert.Null(shown);
            return;
        }

        // Some roles see no runs or alerts even of their own; these see all.
        if (person.Roles[0] is Role.SecurityOfficer or Role.NmcAnalyst) Assert.True(shown is not null, $"The {known.Kind} of {known.Force} is gone for {person.Home}.");
        if (shown is null) return;
        var text = shown + (known.Kind == "alert" ? await house.GetAsync(person, $"/api/v1/alerts/{known.Id}/history") : "");
        foreach (var words in known.Words) Assert.True(text.Contains(words, StringComparison.Ordinal), $"'{words}' was stored and is not in the {known.Kind} of {known.Force} as {person.Home} sees it.");
    }
}
