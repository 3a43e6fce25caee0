using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Federation.Clients;

/// <summary>Finds collectors whose time, or whose last key's, runs out. Those that nobody used for a quarter of a year are left out.</summary>
internal sealed class LapsingClients(IHouse house, TimeProvider clock) : ILapsingClients
{
    private static readonly TimeSpan InUse = TimeSpan.FromDays(90);
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("lapses");

    public async Task<IReadOnlyList<LapsingClient>> FindAsync(DateTimeOffset after, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var used = clock.GetUtcNow() - InUse;
        await using var session = await house.EnterAsync(Job, new Access(Permissions.ClientsRead) { Logged = false }, cancellationToken);
        var clients = await session.Db.Set<MachineClient>().AsNoTracking()
            .Where(client => client.Role == Role.Collector && client.RevokedAt == null && client.LastUsedAt >= used && client.ExpiresAt > after)
            .ToListAsync(cancellationToken);
        var secrets = (await session.Db.Set<ClientSecret>().AsNoTracking().Where(secret => secret.RevokedAt == null)
            .Select(secret => new { secret.ClientId, secret.ExpiresAt }).ToListAsync(cancellationToken)).ToLookup(secret => secret.ClientId, secret => secret.ExpiresAt);
        var found = new List<LapsingClient>();
        foreach (var client in clients)
        {
            // A client that signs with keys of its own has no secret; then only its own end counts.
            var key = secrets[client.Id].DefaultIfEmpty(DateTimeOffset.MaxValue).Max();
            var ends = key < client.ExpiresAt ? key : client.ExpiresAt;
            if (ends > after && ends <= before)
                found.Add(new(client.ForceId, client.Id.ToString(), client.Name, key < client.ExpiresAt, ends, client.LastUsedAt));
        }

        return found;
    }
}
