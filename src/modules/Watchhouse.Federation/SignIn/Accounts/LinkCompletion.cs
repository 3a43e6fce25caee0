using Microsoft.AspNetCore.Http;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Federation.SignIn.Cookies;
using Watchhouse.Federation.SignIn.Links;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Federation.SignIn.Accounts;

/// <summary>Registers credentials for whoever holds a one-time link, spends the link, and signs them in.</summary>
internal sealed class LinkCompletion(
    OneTimeLinks links, Credentials credentials, Passkeys passkeys, Enrolment enrolment, Sessions sessions, CookieSignIn cookies, Setup.Setup setup)
{
    private static readonly Failure Gone = Failure.Refused("The link has expired or was used. Ask for a new one.");

    public async Task<Outcome<Done>> WithPasskeyAsync(HttpContext context, OneTimeLink link, Person person, string answer, string name)
    {
        if (await passkeys.AcceptAsync(context, person.Id, answer, name) is not { } passkey)
            return Failure.Invalid("The passkey was not registered: the browser's answer did not hold, or came too late. Try again.");
        if (!await SpendAsync(context, link, person)) return Gone;
        await credentials.AddPasskeyAsync(person.Id, passkey, context.RequestAborted);
        await SignInAsync(context, link, person, "passkey");
        return default(Done);
    }

    /// <returns>Recovery codes, to be shown once.</returns>
    public async Task<Outcome<string[]>> WithPasswordAsync(
        HttpContext context, OneTimeLink link, Person person, string password, string sealedKey, string code)
    {
        if (PasswordRules.Check(password, person.Name, person.Email) is { } invalid) return invalid;
        if (enrolment.Open(person, sealedKey) is not { } key)
            return Failure.Invalid("This page was open for too long. Scan the new picture and try again.", "code");
        if (!credentials.CodeFits(key, code)) return Credentials.WrongCode;
        if (!await SpendAsync(context, link, person)) return Gone;
        var codes = await credentials.SetPasswordAsync(person, password, key, code, context.RequestAborted);
        if (codes.Succeeded) await SignInAsync(context, link, person, "password+totp");
        return codes;
    }

    private async Task<bool> SpendAsync(HttpContext context, OneTimeLink link, Person person)
    {
        if (!person.MaySignIn || !await links.SpendAsync(context, link)) return false;
        await credentials.ClearAsync(person.Id, context.RequestAborted);
        await sessions.EndAllAsync(person.Id, "New credentials were registered with a one-time link.", context.RequestAborted);
        return true;
    }

    /// <summary>Last of all: a crash before it leaves the centre not set up, and the next start prints a new link.</summary>
    private async Task SignInAsync(HttpContext context, OneTimeLink link, Person person, string method)
    {
        if (link.Purpose == LinkPurpose.SetUp) await setup.CompleteAsync(context.RequestAborted);
        await cookies.SignInAsync(context, person.Id, method);
    }
}
