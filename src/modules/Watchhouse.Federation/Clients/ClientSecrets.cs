using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Federation.Clients;

/// <summary>Judges what machine clients present, before anybody is known.</summary>
internal sealed class ClientSecrets(IHouse house, TimeProvider clock)
{
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("client sign-in");
    private static readonly Access Reading = new(Permissions.ClientsRead) { Logged = false };
    private static readonly TimeSpan Coarse = TimeSpan.FromHours(1);
    private static readonly byte[] NobodysHash = new byte[32];

    /// <returns>Whose key it is, when key and client are both good now; null for everything else.</returns>
    public async Task<ClientId?> CheckAsync(string? text, CancellationToken cancellationToken)
    {
        if (!ClientKey.TryParse(text, out var key)) return null;
        await using var session = await house.EnterAsync(Job, Reading, cancellationToken);
        var db = session.Db;
        var now = clock.GetUtcNow();
        var secret = await db.Set<ClientSecret>().AsNoTracking().SingleOrDefaultAsync(s => s.LookupId == key.LookupId, cancellationToken);
        var right = CryptographicOperations.FixedTimeEquals(key.Hash(), secret?.Hash ?? NobodysHash);
        if (secret is null || !right || !secret.IsLiveAt(now)) return null;
        if (await db.Set<MachineClient>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == secret.ClientId, cancellationToken)
            is not { } client || !client.MayActAt(now)) return null;
        if (secret.LastUsedAt is null || now - secret.LastUsedAt > Coarse)
            await db.Set<ClientSecret>().Where(s => s.Id == secret.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastUsedAt, (DateTimeOffset?)now), cancellationToken);
        await TouchAsync(db, client, now, cancellationToken);
        return client.Id;
    }

    /// <summary>Whether a client may get a token now; notes that it was used.</summary>
    public async Task<bool> MayActAsync(ClientId id, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, Reading, cancellationToken);
        var now = clock.GetUtcNow();
        if (await session.Db.Set<MachineClient>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancellationToken)
            is not { } client || !client.MayActAt(now)) return false;
        await TouchAsync(session.Db, client, now, cancellationToken);
        return true;
    }

    private static async Task TouchAsync(
        Platform.Data.HouseDb db, MachineClient client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (client.LastUsedAt is null || now - client.LastUsedAt > Coarse)
            await db.Set<MachineClient>().Where(c => c.Id == client.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.LastUsedAt, (DateTimeOffset?)now), cancellationToken);
    }
}
