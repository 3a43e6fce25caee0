using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Federation.Clients;

/// <summary>A secret by its description.</summary>
internal sealed record SecretAnswer(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt)
{
    public static SecretAnswer Of(ClientSecret s) => new(s.Id, s.CreatedAt, s.ExpiresAt, s.RevokedAt, s.LastUsedAt);
}

/// <summary>A machine client without its secrets.</summary>
internal sealed record ClientAnswer(
    Guid Id, ForceId Force, string Name, string Role, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset ExpiresAt,
    DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt, IReadOnlyList<SecretAnswer> Secrets)
{
    public static ClientAnswer Of(ClientDetails d) => new(
        d.Client.Id.Value, d.Client.ForceId, d.Client.Name, d.Client.Role.ToString(), d.Client.CreatedAt, d.Client.CreatedBy,
        d.Client.ExpiresAt, d.Client.RevokedAt, d.Client.LastUsedAt, [.. d.Secrets.Select(SecretAnswer.Of)]);
}

/// <summary>A new secret. The key is shown once: it is the client secret at the token endpoint, or a bearer token by itself.</summary>
internal sealed record NewSecretAnswer(Guid Id, string Key, DateTimeOffset ExpiresAt);

/// <summary>A new client and, where it signs with no key of its own, its secret.</summary>
internal sealed record NewClientAnswer(ClientAnswer Client, NewSecretAnswer? Secret);

/// <summary>What is asked of a new client.</summary>
internal sealed record NewClientInput(string Name, string Role, DateTimeOffset? ExpiresAt = null, JsonElement? Jwks = null);

internal static class ClientEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var clients = endpoints.MapGroup("/api/v1/forces/{force}/clients").WithTags("Machine clients");
        clients.MapGet("", async (ForceId force, ActingPrincipal actor, ClientOperations operations, CancellationToken cancellationToken) =>
                Results.Ok((await operations.ListAsync(actor, force, cancellationToken)).Select(ClientAnswer.Of)))
            .Requires(Permissions.ClientsRead).WithName("ListClients")
            .WithSummary("The organisation's machine clients; never their secrets.").Produces<IEnumerable<ClientAnswer>>();
        clients.MapPost("", CreateAsync)
            .Requires(Permissions.ClientsManage).WithName("CreateClient")
            .WithSummary("Create a machine client. Its secret is in the answer and nowhere else.")
            .Produces<NewClientAnswer>(StatusCodes.Status201Created);
        clients.MapPost("/{id:guid}/secrets", async (HttpContext context,
                ForceId force, Guid id, ActingPrincipal actor, ClientOperations operations, CancellationToken cancellationToken) =>
                (await operations.RotateAsync(actor, force, new ClientId(id), cancellationToken)).ToHttp(made =>
                {
                    context.Response.Headers.CacheControl = "no-store";
                    return Results.Created((string?)null, Answer(made));
                }))
            .Requires(Permissions.ClientsManage).WithName("RotateClientSecret")
            .WithSummary("Make a second secret, so that both work while the client is changed over.")
            .Produces<NewSecretAnswer>(StatusCodes.Status201Created);
        clients.MapDelete("/{id:guid}/secrets/{secret:guid}", async (
                ForceId force, Guid id, Guid secret, ActingPrincipal actor, ClientOperations operations, CancellationToken cancellationToken) =>
                (await operations.RevokeSecretAsync(actor, force, new ClientId(id), secret, cancellationToken)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.ClientsManage).WithName("RevokeClientSecret")
            .WithSummary("Revoke one secret at once.").Produces(StatusCodes.Status204NoContent);
        clients.MapPut("/{id:guid}/keys", async (
                ForceId force, Guid id, JsonElement jwks, ActingPrincipal actor, ClientOperations operations, CancellationToken cancellationToken) =>
                (await operations.SetKeysAsync(actor, force, new ClientId(id), jwks.GetRawText(), cancellationToken)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.ClientsManage).WithName("SetClientKeys")
            .WithSummary("Replace the public keys with which the client signs its token requests (private_key_jwt).")
            .Produces(StatusCodes.Status204NoContent);
        clients.MapPost("/{id:guid}/revoke", async (
                ForceId force, Guid id, ActingPrincipal actor, ClientOperations operations, CancellationToken cancellationToken) =>
                (await operations.RevokeAsync(actor, force, new ClientId(id), cancellationToken)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.ClientsManage).WithName("RevokeClient")
            .WithSummary("Revoke the client: its next request is refused, whatever it holds.").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ForceId force, NewClientInput input, ActingPrincipal actor,
        ClientOperations operations, CancellationToken cancellationToken)
    {
        // Names only: Enum.TryParse also takes numbers.
        var role = input.Role is { Length: > 0 } word && char.IsAsciiLetter(word[0]) && Enum.TryParse<Role>(word, out var parsed) ? parsed : 0;
        var made = await operations.CreateAsync(actor, force,
            new CreateClient { Name = input.Name, Role = role, ExpiresAt = input.ExpiresAt, Jwks = input.Jwks }, cancellationToken);
        return made.ToHttp(created =>
        {
            context.Response.Headers.CacheControl = "no-store";
            var (client, secret) = created;
            return Results.Created($"/api/v1/forces/{force}/clients/{client.Client.Id}",
                new NewClientAnswer(ClientAnswer.Of(client), secret is null ? null : Answer(secret)));
        });
    }

    private static NewSecretAnswer Answer(MadeSecret made) => new(made.Secret.Id, made.Key, made.Secret.ExpiresAt);
}
