using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.SignIn.Cookies;
using Watchhouse.Platform.Data;

namespace Watchhouse.Federation.SignIn.Links;

/// <summary>
/// Issues one-time links and lets them be used. Opening one puts it into a cookie and takes it out of the address bar; it is
/// spent when credentials are registered, so a mail scanner that opens it first does no harm.
/// </summary>
internal sealed class OneTimeLinks(CredentialDb db, SealedCookies cookies, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
    private static readonly TimeSpan AtThePage = TimeSpan.FromHours(1);

    /// <summary>Makes a link and withdraws those before it. The token is returned here and kept nowhere.</summary>
    public async Task<(string Token, OneTimeLink Link)> IssueAsync(
        LinkPurpose purpose, PersonId? person, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var whose = person?.Value;
        await db.Set<OneTimeLink>()
            .Where(l => l.Purpose == purpose && (purpose == LinkPurpose.SetUp || l.PersonId == whose) && l.UsedAt == null && l.WithdrawnAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.WithdrawnAt, (DateTimeOffset?)now), cancellationToken);
        var secret = RandomNumberGenerator.GetBytes(32);
        var link = new OneTimeLink
        {
            Id = Guid.CreateVersion7(now),
            Purpose = purpose,
            Hash = SHA256.HashData(secret),
            PersonId = whose,
            CreatedAt = now,
            ExpiresAt = now + Lifetime,
        };
        db.Add(link);
        await db.SaveChangesAsync(cancellationToken);
        return (Base64Url.EncodeToString(secret), link);
    }

    /// <summary>Takes the token of an address into a cookie. False when it is wrong, used, withdrawn or expired; which of them is not said.</summary>
    public async Task<bool> OpenAsync(HttpContext context, LinkPurpose purpose, string token)
    {
        var secret = new byte[32];
        if (token.Length != 43 || !Base64Url.TryDecodeFromChars(token, secret, out var length) || length != 32) return false;
        // The index is searched by the hash of 256 random bits, so the time it takes says nothing about the secret.
        var hash = SHA256.HashData(secret);
        var link = await db.Set<OneTimeLink>().AsNoTracking()
            .SingleOrDefaultAsync(l => l.Hash == hash && l.Purpose == purpose, context.RequestAborted);
        if (link is null || !link.IsOpenAt(clock.GetUtcNow())) return false;
        // Lax, not Strict: the link is clicked in a mail or chat, and the redirect after it must carry the cookie.
        cookies.Write(context, Cookie(purpose), new Held(link.Id), AtThePage, SameSiteMode.Lax);
        return true;
    }

    /// <summary>The open link that this browser holds, tracked, or null.</summary>
    public async Task<OneTimeLink?> HeldAsync(HttpContext context, LinkPurpose purpose)
    {
        if (cookies.Read<Held>(context, Cookie(purpose)) is not { } held) return null;
        var link = await db.Set<OneTimeLink>().SingleOrDefaultAsync(l => l.Id == held.Id, context.RequestAborted);
        return link is not null && link.Purpose == purpose && link.IsOpenAt(clock.GetUtcNow()) ? link : null;
    }

    /// <summary>Spends a link. False when somebody else was faster.</summary>
    public async Task<bool> SpendAsync(HttpContext context, OneTimeLink link)
    {
        var now = clock.GetUtcNow();
        SealedCookies.Delete(context, Cookie(link.Purpose));
        return await db.Set<OneTimeLink>()
            .Where(l => l.Id == link.Id && l.UsedAt == null && l.WithdrawnAt == null && l.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, (DateTimeOffset?)now), context.RequestAborted) == 1;
    }

    private static string Cookie(LinkPurpose purpose) => purpose == LinkPurpose.SetUp ? "watchhouse-setup" : "watchhouse-invitation";

    private sealed record Held(Guid Id);
}
