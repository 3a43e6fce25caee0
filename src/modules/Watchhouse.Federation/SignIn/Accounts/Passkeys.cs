using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Federation.SignIn.Cookies;
using Watchhouse.Platform.Data;

namespace Watchhouse.Federation.SignIn.Accounts;

/// <summary>
/// Passkeys (WebAuthn Level 3): the browser is given a challenge, answers it with a key that never leaves the
/// authenticator, and the answer is good once.
/// </summary>
internal sealed class Passkeys(
    IPasskeyHandler<Account> handler, CredentialDb db, SealedCookies cookies, SpentChallenges spent, TimeProvider clock)
{
    public const int Most = 20;
    private const int LongestAnswer = 64 * 1024;
    private const string CreateCookie = "watchhouse-passkey-new";
    private const string AskCookie = "watchhouse-passkey";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Options for a new passkey of this person, as JSON for the browser.</summary>
    public async Task<string> OfferAsync(HttpContext context, Person person)
    {
        var options = await handler.MakeCreationOptionsAsync(
            new PasskeyUserEntity { Id = person.Id.Value.ToString(), Name = person.Email, DisplayName = person.Name }, context);
        cookies.Write(context, CreateCookie, new Challenge(Guid.CreateVersion7(clock.GetUtcNow()), options.AttestationState!), Patience, SameSiteMode.Strict);
        return options.CreationOptionsJson;
    }

    /// <summary>Options for a sign-in by whichever passkey the browser holds: nobody is named, so nothing is given away.</summary>
    public async Task<string> AskAsync(HttpContext context)
    {
        var options = await handler.MakeRequestOptionsAsync(null, context);
        cookies.Write(context, AskCookie, new Challenge(Guid.CreateVersion7(clock.GetUtcNow()), options.AssertionState!), Patience, SameSiteMode.Strict);
        return options.RequestOptionsJson;
    }

    /// <returns>The new passkey, which belongs to this person; null when the browser's answer does not hold.</returns>
    public async Task<UserPasskeyInfo?> AcceptAsync(HttpContext context, PersonId person, string answer, string name)
    {
        if (Take(context, CreateCookie) is not { } state || !LooksRight(answer)) return null;
        var result = await handler.PerformAttestationAsync(new PasskeyAttestationContext
        {
            HttpContext = context,
            CredentialJson = answer,
            AttestationState = state,
        });
        if (!result.Succeeded || result.UserEntity.Id != person.Value.ToString()) return null;
        // A credential id that is known already would move a passkey from one account to another.
        if (await db.Set<Passkey>().AnyAsync(p => p.CredentialId == result.Passkey.CredentialId, context.RequestAborted)) return null;
        result.Passkey.Name = string.IsNullOrWhiteSpace(name) ? "Passkey" : name.Trim();
        return result.Passkey;
    }

    /// <returns>Whose passkey answered; null when it does not hold.</returns>
    public async Task<PersonId?> CheckAsync(HttpContext context, string answer)
    {
        if (Take(context, AskCookie) is not { } state || !LooksRight(answer)) return null;
        var result = await handler.PerformAssertionAsync(new PasskeyAssertionContext
        {
            HttpContext = context,
            CredentialJson = answer,
            AssertionState = state,
        });
        if (!result.Succeeded) return null;
        var passkey = await db.Set<Passkey>().SingleAsync(p => p.CredentialId == result.Passkey.CredentialId, context.RequestAborted);
        passkey.Data.SignCount = result.Passkey.SignCount;
        passkey.Data.IsBackedUp = result.Passkey.IsBackedUp;
        passkey.LastUsedAt = clock.GetUtcNow();
        await db.SaveChangesAsync(context.RequestAborted);
        return new PersonId(result.User.Id);
    }

    private string? Take(HttpContext context, string cookie)
    {
        var challenge = cookies.Read<Challenge>(context, cookie);
        SealedCookies.Delete(context, cookie);
        return challenge is not null && spent.Spend(challenge.Id, Patience) ? challenge.State : null;
    }

    private static bool LooksRight(string answer)
    {
        if (answer.Length is 0 or > LongestAnswer) return false;
        try
        {
            using var _ = JsonDocument.Parse(answer);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private sealed record Challenge(Guid Id, string State);
}

/// <summary>
/// Challenges that were answered. Their cookie is taken away with the answer; this refuses somebody who kept a copy of
/// both and sends them again.
/// </summary>
internal sealed class SpentChallenges(TimeProvider clock)
{
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _spent = new();

    public bool Spend(Guid id, TimeSpan keep)
    {
        var now = clock.GetUtcNow();
        foreach (var (old, until) in _spent)
            if (until <= now) _spent.TryRemove(old, out _);
        return _spent.TryAdd(id, now + keep);
    }
}
