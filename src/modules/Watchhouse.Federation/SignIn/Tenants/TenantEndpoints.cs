using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Federation.SignIn.Tenants;

/// <summary>A registered tenant; its secret is never shown again.</summary>
internal sealed record TenantAnswer(
    Guid Id, ForceId Force, Guid TenantId, string ClientId, string DisplayName, string Issuer, bool Enabled,
    DateTimeOffset CreatedAt, string CreatedBy)
{
    public static TenantAnswer Of(TenantRegistration r) => new(
        r.Id.Value, r.ForceId, r.TenantId, r.ClientId, r.DisplayName, r.Issuer, r.Enabled, r.CreatedAt, r.CreatedBy);
}

/// <summary>A user of a tenant.</summary>
internal sealed record ExternalIdentityInput(Guid TenantId, Guid ObjectId);

internal static class TenantEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var tenants = endpoints.MapGroup("/api/v1/forces/{force}/tenants").WithTags("Sign-in");
        tenants.MapGet("", async (ForceId force, ActingPrincipal actor, TenantOperations operations, CancellationToken cancellationToken) =>
                Results.Ok((await operations.ListAsync(actor, force, cancellationToken)).Select(TenantAnswer.Of)))
            .Requires(Permissions.SignInRead).WithName("ListTenants")
            .WithSummary("The Entra ID tenants whose people the organisation lets in.").Produces<IEnumerable<TenantAnswer>>();
        tenants.MapPost("", async (
                ForceId force, RegisterTenant asked, ActingPrincipal actor, TenantOperations operations, CancellationToken cancellationToken) =>
                (await operations.RegisterAsync(actor, force, asked, cancellationToken)).ToHttp(r =>
                    Results.Created($"/api/v1/forces/{force}/tenants/{r.Id}", TenantAnswer.Of(r))))
            .Requires(Permissions.SignInManage).WithName("RegisterTenant")
            .WithSummary($"Register a tenant. Its application needs the redirect address {TenantSignIn.CallbackPath} of this centre.")
            .Produces<TenantAnswer>(StatusCodes.Status201Created);
        tenants.MapDelete("/{id:guid}", async (
                ForceId force, Guid id, ActingPrincipal actor, TenantOperations operations, CancellationToken cancellationToken) =>
                (await operations.RemoveAsync(actor, force, new TenantRegistrationId(id), cancellationToken)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.SignInManage).WithName("RemoveTenant")
            .WithSummary("Remove a tenant: its people cannot sign in through it any more.").Produces(StatusCodes.Status204NoContent);

        endpoints.MapPut("/api/v1/forces/{force}/people/{person:guid}/external-identity", async (
                ForceId force, Guid person, ExternalIdentityInput input, ActingPrincipal actor, TenantOperations operations,
                CancellationToken cancellationToken) =>
                (await operations.LinkAsync(actor, force, new PersonId(person), input.TenantId, input.ObjectId, cancellationToken))
                    .ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.PeopleManage).WithName("LinkExternalIdentity").WithTags("People")
            .WithSummary("Say which user of the organisation's tenant a person is.").Produces(StatusCodes.Status204NoContent);

        endpoints.MapGet("/sign-in/tenant/{force}", (HttpContext context, ForceId force, Guid? tenant, string? returnUrl, TenantSignIn signIn) =>
                signIn.BeginAsync(context, force, tenant, returnUrl))
            .IsPublic("It sends the browser to the force's own identity provider.")
            .RequireRateLimiting(RateLimits.Secrets).ExcludeFromDescription();
        endpoints.MapGet(TenantSignIn.CallbackPath, (HttpContext context, TenantSignIn signIn) => signIn.EndAsync(context))
            .IsPublic("The identity provider sends the browser back to it; what it brings is verified.")
            .RequireRateLimiting(RateLimits.Secrets).ExcludeFromDescription();
    }
}
