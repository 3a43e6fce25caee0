using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Platform.Data;

namespace Watchhouse.Federation.SignIn.Accounts;

/// <summary>
/// Password and code, judged together and answered alike: an unknown address, a wrong password, a wrong code and a locked
/// account look and take the same, so the answer tells nobody which of them it was.
/// </summary>
internal sealed class PasswordSignIn(
    CredentialDb db, SignInPeople people, IPasswordHasher<Account> hasher, TotpKeys keys, TimeProvider clock)
{
    public const int Tries = 5;
    public static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15);

    private static readonly Account Nobody = new() { UserName = "nobody" };
    private static readonly Lazy<string> NobodysHash = new(() => new PasswordHasher<Account>().HashPassword(Nobody, RandomNumberGenerator.GetHexString(32)));

    /// <returns>The person, or null; why not is deliberately not said.</returns>
    public async Task<Person?> TryAsync(string email, string password, string code, CancellationToken cancellationToken)
    {
        if (password.Length > PasswordRules.Longest || code.Length > 40 || email.Length > 254) return null;
        var person = await people.FindByEmailAsync(email, cancellationToken);
        var account = person is null ? null
            : await db.Set<Account>().AsNoTracking().SingleOrDefaultAsync(a => a.Id == person.Id.Value, cancellationToken);
        var known = account is { HasPassword: true };

        // The try is counted before it is judged, in one statement, so that many at once cannot outrun the count.
        var counted = known && await CountAsync(account!.Id, cancellationToken);
        var right = hasher.VerifyHashedPassword(known ? account! : Nobody, known ? account!.PasswordHash! : NobodysHash.Value, password)
            is not PasswordVerificationResult.Failed;
        if (!counted) return null;
        if (!right || !person!.MaySignIn || !await SpendCodeAsync(account!, code.Trim(), cancellationToken))
        {
            await LockWhenSpentAsync(account!.Id, cancellationToken);
            return null;
        }

        var now = clock.GetUtcNow();
        await db.Set<Account>().Where(a => a.Id == account!.Id).ExecuteUpdateAsync(set => set
            .SetProperty(a => a.AccessFailedCount, 0).SetProperty(a => a.PasswordLastUsedAt, now), cancellationToken);
        return person;
    }

    private async Task<bool> CountAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // A lock that ran out gives a fresh set of tries.
        await db.Set<Account>().Where(a => a.Id == id && a.LockoutEnd <= now).ExecuteUpdateAsync(set => set
            .SetProperty(a => a.AccessFailedCount, 0).SetProperty(a => a.LockoutEnd, (DateTimeOffset?)null), cancellationToken);
        return await db.Set<Account>()
            .Where(a => a.Id == id && a.LockoutEnd == null && a.AccessFailedCount < Tries)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.AccessFailedCount, a => a.AccessFailedCount + 1), cancellationToken) == 1;
    }

    private async Task LockWhenSpentAsync(Guid id, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + LockedFor;
        await db.Set<Account>().Where(a => a.Id == id && a.LockoutEnd == null && a.AccessFailedCount >= Tries)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.LockoutEnd, (DateTimeOffset?)until), cancellationToken);
    }

    private async Task<bool> SpendCodeAsync(Account account, string code, CancellationToken cancellationToken)
    {
        if (keys.Open(account.TotpKey!) is { } key && Totp.Match(key, code, clock.GetUtcNow(), account.LastTotpStep) is { } step)
            return await db.Set<Account>().Where(a => a.Id == account.Id && a.LastTotpStep < step)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.LastTotpStep, step), cancellationToken) == 1;
        if (RecoveryCodes.Hash(code) is not { } hash) return false;
        var now = clock.GetUtcNow();
        var spent = await db.Set<RecoveryCode>().Where(c => c.AccountId == account.Id && c.Hash == hash && c.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, (DateTimeOffset?)now), cancellationToken) == 1;
        if (spent) await people.RecordAsync(new PersonId(account.Id), "signed in with a recovery code.", "credential.recovery-used", cancellationToken);
        return spent;
    }
}

/// <summary>Keeps authenticator keys sealed: a copy of the database alone makes no codes.</summary>
internal sealed class TotpKeys(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Watchhouse.SignIn.TotpKey");

    public string Seal(string key) => _protector.Protect(key);

    public string? Open(string sealedKey)
    {
        try
        {
            return _protector.Unprotect(sealedKey);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
