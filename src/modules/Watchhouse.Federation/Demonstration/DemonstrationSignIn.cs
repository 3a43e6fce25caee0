using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Federation.SignIn.Cookies;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Federation.Demonstration;

/// <summary>
/// Signs the visitor of a demonstration in as its duty manager, and lets them be somebody else. It exists only where
/// <c>--demo</c> was given, and such a centre listens on its own machine only.
/// </summary>
internal static class DemonstrationSignIn
{
    private const string Method = "demonstration";

    public static void Use(IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        // A cookie whose session has ended is no sign-in; the visitor gets a new one.
        if (WantsPage(context) && await NobodyAsync(context))
        {
            var persona = context.RequestServices.GetRequiredService<IPersonaList>().All[0];
            await SignInAsync(context, persona.Key);
            context.Response.Redirect(context.Request.Path + context.Request.QueryString);
            return;
        }

        await next(context);
    });

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost(HouseAddresses.Persona,
            async (HttpContext context, IAntiforgery antiforgery, IPersonaList personas) =>
            {
                if (!await antiforgery.IsRequestValidAsync(context))
                    return Results.Redirect("/");
                var form = await context.Request.ReadFormAsync(context.RequestAborted);
                if (personas.All.FirstOrDefault(p => p.Key == form["persona"].ToString()) is { } persona)
                    await SignInAsync(context, persona.Key);
                return Results.Redirect("/");
            })
        .DisableAntiforgery()
        .ExcludeFromDescription()
        .IsPublic("It lets a visitor of the demonstration be one of its made-up people.");

    private static async Task SignInAsync(HttpContext context, string email)
    {
        var services = context.RequestServices;
        PersonId id;
        await using (var session = await services.GetRequiredService<IHouse>().EnterAsync(
            ActingPrincipal.ForJob(Method), new Access(Permissions.PeopleRead), context.RequestAborted))
            id = await session.Db.Set<Person>().Where(p => p.Email == email && p.Status != PersonStatus.Left)
                .Select(p => p.Id).SingleAsync(context.RequestAborted);
        await services.GetRequiredService<CookieSignIn>().SignInAsync(context, id, Method);
    }

    private static async Task<bool> NobodyAsync(HttpContext context) =>
        context.User.Identity?.IsAuthenticated != true
        || await context.RequestServices.GetRequiredService<IPrincipalResolver>().ResolveAsync(context.User, context.RequestAborted) is null;

    private static bool WantsPage(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        && context.GetEndpoint() is { } endpoint
        && endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
        && AccessCoverage.Of(endpoint) is { PublicBecause: null };
}
