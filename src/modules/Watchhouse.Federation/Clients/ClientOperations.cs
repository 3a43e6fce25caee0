using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Clients;

/// <summary>Creates a machine client. Without public keys it gets a secret.</summary>
internal sealed record CreateClient
{
    public required string Name { get; init; }

    public required Role Role { get; init; }

    /// <summary>When it stops; within a year, which is also what is taken when nothing is said.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>A JSON Web Key Set of public keys, for clients that sign their token requests.</summary>
    public System.Text.Json.JsonElement? Jwks { get; init; }
}

/// <summary>A client with its secrets' descriptions.</summary>
internal sealed record ClientDetails(MachineClient Client, IReadOnlyList<ClientSecret> Secrets);

/// <summary>A secret that was just made; the key is shown now and kept nowhere.</summary>
internal sealed record MadeSecret(ClientSecret Secret, string Key);

/// <summary>What an organisation does about its machine clients.</summary>
internal sealed class ClientOperations(IHouse house, ClientRegistrations registrations)
{
    /// <summary>One in use and one being rolled out.</summary>
    public const int MostLiveSecrets = 2;
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    public async Task<IReadOnlyList<ClientDetails>> ListAsync(ActingPrincipal actor, ForceId force, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.ClientsRead) { Force = force }, cancellationToken);
        var clients = await session.Db.Set<MachineClient>().AsNoTracking().Where(c => c.ForceId == force)
            .OrderBy(c => c.Name).ToListAsync(cancellationToken);
        var secrets = await session.Db.Set<ClientSecret>().AsNoTracking().Where(s => s.ForceId == force)
            .OrderBy(s => s.CreatedAt).ToListAsync(cancellationToken);
        return [.. clients.Select(c => new ClientDetails(c, [.. secrets.Where(s => s.ClientId == c.Id)]))];
    }

    public async Task<Outcome<(ClientDetails Client, MadeSecret? Secret)>> CreateAsync(
        ActingPrincipal actor, ForceId force, CreateClient asked, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(asked.Name) || asked.Name.Length > 100 || asked.Name.Any(char.IsControl))
            return Failure.Invalid("Give a name of at most 100 characters.", "name");
        if (!Enum.IsDefined(asked.Role) || asked.Role.Describe().Home != RoleHome.Machine)
            return Failure.Invalid("A machine client is a Collector, TaxiiClient, ProvisioningClient or ReportingClient.", "role");
        JsonWebKeySet? keys = null;
        if (asked.Jwks is { } json)
        {
            var read = PublicKeys.Read(json.GetRawText());
            if (!read.Succeeded) return read.Failure;
            keys = read.Value;
        }

        await using var session = await EnterAsync(actor, force, cancellationToken);
        var expires = asked.ExpiresAt ?? session.Now.AddYears(1);
        if (expires <= session.Now || expires > session.Now + Longest)
            return Failure.Invalid("The expiry lies in the future and within a year.", "expiresAt");
        var client = new MachineClient
        {
            Id = session.NewId<ClientId>(),
            ForceId = force,
            Name = asked.Name.Trim(),
            Role = asked.Role,
            CreatedAt = session.Now,
            CreatedBy = actor.Name,
            ExpiresAt = expires,
        };
        // First the registration: without a client it opens nothing, while a client without it could not be repaired.
        await registrations.PutAsync(client.Id, keys, cancellationToken);
        session.Db.Add(client);
        var made = keys is null ? Make(session, client) : null;
        session.Record(force, Subject(client.Id), $"The machine client '{client.Name}' was created as {client.Role.Describe().Title.ToLowerInvariant()}.",
            new Dictionary<string, FieldChange>
            {
                ["role"] = new(null, client.Role.ToString()),
                ["expiresAt"] = new(null, client.ExpiresAt.ToString("O")),
                ["authentication"] = new(null, keys is null ? "secret" : "public keys"),
            });
        var saved = await session.CommitAsync(cancellationToken);
        return saved.Succeeded ? (new ClientDetails(client, made is null ? [] : [made.Secret]), made) : saved.Failure;
    }

    /// <summary>Makes a second secret, so that both work while the client is changed over.</summary>
    public async Task<Outcome<MadeSecret>> RotateAsync(
        ActingPrincipal actor, ForceId force, ClientId id, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, force, cancellationToken);
        if (await FindAsync(session, force, id, cancellationToken) is not { } client) return Failure.NotFound;
        if (!client.MayActAt(session.Now)) return Over;
        var secrets = await session.Db.Set<ClientSecret>().Where(s => s.ClientId == id).ToListAsync(cancellationToken);
        if (secrets.Count(s => s.IsLiveAt(session.Now)) >= MostLiveSecrets)
            return Failure.Conflict("This client has two live secrets already. Revoke the older one when nothing uses it any more, then make a new one.");
        // The version of the client is raised, so that of two rotations at once one is refused.
        session.Db.Entry(client).State = EntityState.Modified;
        var made = Make(session, client);
        session.Record(force, Subject(id), $"A new secret was made for the machine client '{client.Name}'.",
            new Dictionary<string, FieldChange> { ["secret"] = new(null, made.Secret.Id.ToString()) });
        var saved = await session.CommitAsync(cancellationToken);
        return saved.Succeeded ? made : saved.Failure;
    }

    public async Task<Outcome<Done>> RevokeSecretAsync(
        ActingPrincipal actor, ForceId force, ClientId id, Guid secretId, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, force, cancellationToken);
        var secret = await session.Db.Set<ClientSecret>()
            .SingleOrDefaultAsync(s => s.Id == secretId && s.ClientId == id && s.ForceId == force, cancellationToken);
        if (secret is null) return Failure.NotFound;
        if (secret.RevokedAt is not null) return default(Done);
        secret.RevokedAt = session.Now;
        session.Record(force, Subject(id), "A secret of a machine client was revoked.",
            new Dictionary<string, FieldChange> { ["secret"] = new(secretId.ToString(), null) });
        return await session.CommitAsync(cancellationToken);
    }

    /// <summary>Other public keys; the old ones stop at once.</summary>
    public async Task<Outcome<Done>> SetKeysAsync(
        ActingPrincipal actor, ForceId force, ClientId id, string jwks, CancellationToken cancellationToken)
    {
        var keys = PublicKeys.Read(jwks);
        if (!keys.Succeeded) return keys.Failure;
        await using var session = await EnterAsync(actor, force, cancellationToken);
        if (await FindAsync(session, force, id, cancellationToken) is not { } client) return Failure.NotFound;
        if (!client.MayActAt(session.Now)) return Over;
        session.Record(force, Subject(id), $"The public keys of the machine client '{client.Name}' were changed.");
        var saved = await session.CommitAsync(cancellationToken);
        if (saved.Succeeded) await registrations.PutAsync(id, keys.Value, cancellationToken);
        return saved;
    }

    /// <summary>The client is out at its next request, whatever it holds: keys, secrets or tokens.</summary>
    public async Task<Outcome<Done>> RevokeAsync(ActingPrincipal actor, ForceId force, ClientId id, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, force, cancellationToken);
        if (await FindAsync(session, force, id, cancellationToken) is not { } client) return Failure.NotFound;
        if (client.RevokedAt is not null) return default(Done);
        (client.RevokedAt, client.RevokedBy) = (session.Now, actor.Name);
        session.Record(force, Subject(id), $"The machine client '{client.Name}' was revoked.");
        return await session.CommitAsync(cancellationToken);
    }

    private static MadeSecret Make(HouseSession session, MachineClient client)
    {
        var key = ClientKey.New();
        var secret = new ClientSecret
        {
            Id = Guid.CreateVersion7(session.Now),
            ForceId = client.ForceId,
            ClientId = client.Id,
            LookupId = key.LookupId,
            Hash = key.Hash(),
            CreatedAt = session.Now,
            ExpiresAt = client.ExpiresAt,
        };
        session.Db.Add(secret);
        return new MadeSecret(secret, key.ToString());
    }

    private Task<HouseSession> EnterAsync(ActingPrincipal actor, ForceId force, CancellationToken cancellationToken) =>
        house.EnterAsync(actor, new Access(Permissions.ClientsManage) { Force = force }, cancellationToken);

    private static Task<MachineClient?> FindAsync(HouseSession session, ForceId force, ClientId id, CancellationToken cancellationToken) =>
        session.Db.Set<MachineClient>().SingleOrDefaultAsync(c => c.Id == id && c.ForceId == force, cancellationToken);

    private static string Subject(ClientId id) => $"client/{id}";

    private static readonly Failure Over = Failure.Conflict("This client is revoked or has expired. Create a new one.");
}
