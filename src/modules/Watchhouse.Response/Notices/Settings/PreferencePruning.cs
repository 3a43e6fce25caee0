using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Response.Notices.Settings;

/// <summary>Forgets how people were told who left or moved, and their numbers with it.</summary>
internal sealed class PreferencePruning(IHouse house, IAddressees addressees)
{
    private const int AtOnce = 200;
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("notices");

    /// <summary>Looks through all. Returns how many were forgotten.</summary>
    public async Task<int> RoundAsync(CancellationToken cancellationToken)
    {
        await using var reading = await OpenAsync(cancellationToken);
        var all = await reading.Db.Set<NoticePreference>().AsNoTracking().Select(each => new { each.Id, each.ForceId, each.PersonId }).ToListAsync(cancellationToken);
        var forgotten = 0;
        foreach (var force in all.GroupBy(each => each.ForceId))
        {
            foreach (var some in force.Chunk(AtOnce))
            {
                var gone = await addressees.GoneAsync(force.Key, [.. some.Select(each => each.PersonId)], cancellationToken);
                if (gone.Count == 0) continue;
                await using var session = await OpenAsync(cancellationToken);
                var ids = some.Where(each => gone.Contains(each.PersonId)).Select(each => each.Id).ToList();
                foreach (var preference in await session.Db.Set<NoticePreference>().Where(each => ids.Contains(each.Id)).ToListAsync(cancellationToken))
                {
                    session.Db.Remove(preference);
                    session.Record(force.Key, $"notice-preferences/{preference.PersonId}", "How somebody was told was forgotten, because they do not work for the organisation any more.", action: "notices.preferences");
                    forgotten++;
                }

                await session.CommitAsync(cancellationToken);
            }
        }

        return forgotten;
    }

    private Task<HouseSession> OpenAsync(CancellationToken cancellationToken) => house.EnterAsync(Job, new Access(Permissions.NoticesReceive) { Logged = false }, cancellationToken);
}
