using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Validation.AspNetCore;
using Watchhouse.Federation.Clients;

namespace Watchhouse.Federation.SignIn.Cookies;

/// <summary>
/// How a caller is recognised: by the Authorization header when there is one, by the cookie when there is none. The two
/// are never mixed, so a browser's cookie cannot lend its rights to a request with a bad token.
/// </summary>
internal static class Schemes
{
    private const string Selector = "watchhouse";

    public static AuthenticationBuilder AddHouseSchemes(this IServiceCollection services)
    {
        var builder = services.AddAuthentication(options =>
        {
            options.DefaultScheme = Selector;
            options.DefaultSignInScheme = CookieSignIn.Scheme;
            options.DefaultSignOutScheme = CookieSignIn.Scheme;
            options.DefaultChallengeScheme = CookieSignIn.Scheme;
        });
        builder.AddPolicyScheme(Selector, null, policy => policy.ForwardDefaultSelector = Choose);
        builder.AddCookie(CookieSignIn.Scheme, cookie =>
        {
            cookie.Cookie.Name = "watchhouse";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.Cookie.IsEssential = true;
            cookie.SlidingExpiration = false;
            cookie.ExpireTimeSpan = People.Sessions.Lifetime;
            cookie.LoginPath = "/sign-in";
            cookie.ReturnUrlParameter = "returnUrl";
        });
        builder.AddScheme<KeyAuthenticationOptions, KeyAuthentication>(KeyAuthentication.SchemeName, null, static _ => { });
        return builder;
    }

    private static string Choose(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count == 0) return CookieSignIn.Scheme;
        return KeyAuthentication.Takes(header.ToString())
            ? KeyAuthentication.SchemeName
            : OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme;
    }
}
