using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Federation.Clients;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.SignIn.Accounts;
using Watchhouse.Federation.SignIn.Cookies;
using Watchhouse.Federation.SignIn.Links;
using Watchhouse.Federation.SignIn.Setup;
using Watchhouse.Federation.SignIn.Tenants;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Data;
using AccountStore = Microsoft.AspNetCore.Identity.EntityFrameworkCore.UserOnlyStore<
    Watchhouse.Federation.SignIn.Accounts.Account, Watchhouse.Platform.Data.CredentialDb, System.Guid,
    Microsoft.AspNetCore.Identity.IdentityUserClaim<System.Guid>, Microsoft.AspNetCore.Identity.IdentityUserLogin<System.Guid>,
    Microsoft.AspNetCore.Identity.IdentityUserToken<System.Guid>, Watchhouse.Federation.SignIn.Accounts.Passkey>;

namespace Watchhouse.Federation.SignIn;

/// <summary>Adds sign-in for people.</summary>
internal static class SignInServices
{
    public static IServiceCollection AddSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddHouseSchemes();
        services.AddIdentityCore<Account>().AddUserStore<AccountStore>();
        services.AddScoped<IPasskeyHandler<Account>, PasskeyHandler<Account>>();
        services.Configure<IdentityPasskeyOptions>(options =>
        {
            // A passkey is the only factor that is asked for, so the authenticator must check the person itself.
            options.UserVerificationRequirement = "required";
            options.ResidentKeyRequirement = "required";
            options.ServerDomain = configuration["SignIn:Domain"];
        });
        services.Configure<TenantOptions>(configuration.GetSection("SignIn"));

        services.AddSingleton<SealedCookies>();
        services.AddSingleton<CookieSignIn>();
        services.AddSingleton<SignInPeople>();
        services.AddSingleton<SpentChallenges>();
        services.AddSingleton<TotpKeys>();
        services.AddSingleton<Enrolment>();
        services.AddSingleton<Setup.Setup>();
        services.AddSingleton<ISetup>(s => s.GetRequiredService<Setup.Setup>());
        services.AddSingleton<TenantSecrets>();
        services.AddSingleton<TenantHandlers>();
        services.AddSingleton<TenantRegistry>();
        services.AddSingleton<TenantOperations>();
        services.AddScoped<TenantSignIn>();
        services.AddScoped<Passkeys>();
        services.AddScoped<Credentials>();
        services.AddScoped<PasswordSignIn>();
        services.AddScoped<OneTimeLinks>();
        services.AddScoped<LinkCompletion>();
        services.AddSingleton<Invitations>();
        return services;
    }

    public static void MapSignIn(this IEndpointRouteBuilder endpoints)
    {
        PasskeyEndpoints.Map(endpoints);
        InvitationEndpoints.Map(endpoints);
        TenantEndpoints.Map(endpoints);
        endpoints.MapPost("/sign-out", SignOutAsync)
            .IsPublic("Signing out is always allowed; the form's token shows that it was meant.")
            .ExcludeFromDescription();
    }

    // The form parameter makes the antiforgery middleware check the request.
    private static async Task<IResult> SignOutAsync(HttpContext context, CookieSignIn cookies, [FromForm] string? returnUrl)
    {
        await cookies.SignOutAsync(context);
        return Results.Redirect(LocalUrl.IsLocal(returnUrl) ? returnUrl! : "/signed-out");
    }
}
