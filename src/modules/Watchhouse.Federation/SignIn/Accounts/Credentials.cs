using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Federation.SignIn.Accounts;

/// <summary>What a person can sign in with, for the person's own page. No secret is in it.</summary>
internal sealed record CredentialList(IReadOnlyList<Passkey> Passkeys, Account? Password, int RecoveryCodesLeft)
{
    public int Methods => Passkeys.Count + (Password is null ? 0 : 1);
}

/// <summary>Registers and removes credentials. Each change is written to the audit trail; no secret ever is.</summary>
internal sealed class Credentials(
    CredentialDb db, SignInPeople people, IPasswordHasher<Account> hasher, TotpKeys keys, TimeProvider clock)
{
    public async Task<CredentialList> ListAsync(PersonId person, CancellationToken cancellationToken)
    {
        var account = await FindAsync(person, cancellationToken);
        var passkeys = await db.Set<Passkey>().AsNoTracking().Where(p => p.UserId == person.Value).ToListAsync(cancellationToken);
        var left = await db.Set<RecoveryCode>().CountAsync(c => c.AccountId == person.Value && c.UsedAt == null, cancellationToken);
        return new CredentialList(passkeys, account is { HasPassword: true } ? account : null, left);
    }

    public async Task AddPasskeyAsync(PersonId person, UserPasskeyInfo passkey, CancellationToken cancellationToken)
    {
        await FindOrAddAsync(person, cancellationToken);
        db.Add(new Passkey
        {
            UserId = person.Value,
            CredentialId = passkey.CredentialId,
            Data = new IdentityPasskeyData
            {
                PublicKey = passkey.PublicKey,
                Name = passkey.Name,
                CreatedAt = clock.GetUtcNow(),
                SignCount = passkey.SignCount,
                Transports = passkey.Transports,
                IsUserVerified = passkey.IsUserVerified,
                IsBackupEligible = passkey.IsBackupEligible,
                IsBackedUp = passkey.IsBackedUp,
                AttestationObject = passkey.AttestationObject,
                ClientDataJson = passkey.ClientDataJson,
            },
        });
        await db.SaveChangesAsync(cancellationToken);
        await people.RecordAsync(person, "registered a passkey.", "credential.added", cancellationToken);
    }

    /// <summary>Sets password and authenticator together, and returns fresh recovery codes to be shown once.</summary>
    public async Task<Outcome<string[]>> SetPasswordAsync(
        Person person, string password, string totpKey, string code, CancellationToken cancellationToken)
    {
        if (PasswordRules.Check(password, person.Name, person.Email) is { } invalid) return invalid;
        if (Totp.Match(totpKey, code.Trim(), clock.GetUtcNow(), 0) is not { } step) return WrongCode;
        var account = await FindOrAddAsync(person.Id, cancellationToken);
        account.PasswordHash = hasher.HashPassword(account, password);
        account.PasswordChangedAt = clock.GetUtcNow();
        SetKey(account, totpKey, step);
        var codes = await ReplaceCodesAsync(person.Id, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await people.RecordAsync(person.Id, "set a password with an authenticator.", "credential.added", cancellationToken);
        return codes;
    }

    public async Task<Outcome<Done>> ChangePasswordAsync(Person person, string current, string password, CancellationToken cancellationToken)
    {
        if (PasswordRules.Check(password, person.Name, person.Email) is { } invalid) return invalid;
        var account = await FindAsync(person.Id, cancellationToken);
        if (account is not { HasPassword: true } || current.Length > PasswordRules.Longest
            || hasher.VerifyHashedPassword(account, account.PasswordHash!, current) is PasswordVerificationResult.Failed)
            return Failure.Invalid("The current password is not right, so it was not changed. Try again.", "current");
        account.PasswordHash = hasher.HashPassword(account, password);
        account.PasswordChangedAt = clock.GetUtcNow();
        await db.SaveChangesAsync(cancellationToken);
        await people.RecordAsync(person.Id, "changed the password.", "credential.changed", cancellationToken);
        return default(Done);
    }

    /// <summary>A new authenticator for the password that is set.</summary>
    public async Task<Outcome<Done>> ChangeAuthenticatorAsync(Person person, string totpKey, string code, CancellationToken cancellationToken)
    {
        if (Totp.Match(totpKey, code.Trim(), clock.GetUtcNow(), 0) is not { } step) return WrongCode;
        if (await FindAsync(person.Id, cancellationToken) is not { HasPassword: true } account) return Failure.NotFound;
        SetKey(account, totpKey, step);
        await db.SaveChangesAsync(cancellationToken);
        await people.RecordAsync(person.Id, "registered a new authenticator.", "credential.changed", cancellationToken);
        return default(Done);
    }

    public async Task<string[]> NewCodesAsync(PersonId person, CancellationToken cancellationToken)
    {
        var codes = await ReplaceCodesAsync(person, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await people.RecordAsync(person, "made new recovery codes.", "credential.changed", cancellationToken);
        return codes;
    }

    public async Task<Outcome<Done>> RemovePasskeyAsync(PersonId person, byte[] id, CancellationToken cancellationToken)
    {
        if ((await ListAsync(person, cancellationToken)).Methods < 2) return LastOne;
        if (await db.Set<Passkey>().Where(p => p.UserId == person.Value && p.CredentialId == id).ExecuteDeleteAsync(cancellationToken) == 0)
            return Failure.NotFound;
        await people.RecordAsync(person, "removed a passkey.", "credential.removed", cancellationToken);
        return default(Done);
    }

    public async Task<Outcome<Done>> RemovePasswordAsync(PersonId person, CancellationToken cancellationToken)
    {
        if ((await ListAsync(person, cancellationToken)).Methods < 2) return LastOne;
        if (await FindAsync(person, cancellationToken) is not { HasPassword: true } account) return Failure.NotFound;
        (account.PasswordHash, account.TotpKey) = (null, null);
        db.RemoveRange(db.Set<RecoveryCode>().Where(c => c.AccountId == person.Value));
        await db.SaveChangesAsync(cancellationToken);
        await people.RecordAsync(person, "removed the password.", "credential.removed", cancellationToken);
        return default(Done);
    }

    /// <summary>Removes everything: a link for newcomers is also the way back after a loss, and what was lost must not open the door.</summary>
    public async Task ClearAsync(PersonId person, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await db.Set<Passkey>().Where(p => p.UserId == person.Value).ExecuteDeleteAsync(cancellationToken);
        await db.Set<RecoveryCode>().Where(c => c.AccountId == person.Value).ExecuteDeleteAsync(cancellationToken);
        await db.Set<Account>().Where(a => a.Id == person.Value).ExecuteDeleteAsync(cancellationToken);
    }

    public bool CodeFits(string totpKey, string code) => Totp.Match(totpKey, code.Trim(), clock.GetUtcNow(), 0) is not null;

    private Task<Account?> FindAsync(PersonId person, CancellationToken cancellationToken) =>
        db.Set<Account>().SingleOrDefaultAsync(a => a.Id == person.Value, cancellationToken);

    private async Task<Account> FindOrAddAsync(PersonId person, CancellationToken cancellationToken)
    {
        if (await FindAsync(person, cancellationToken) is { } found) return found;
        var name = person.Value.ToString();
        var account = new Account
        {
            Id = person.Value,
            UserName = name,
            NormalizedUserName = name.ToUpperInvariant(),
            SecurityStamp = RandomNumberGenerator.GetHexString(32),
        };
        db.Add(account);
        return account;
    }

    private void SetKey(Account account, string key, long step)
    {
        account.TotpKey = keys.Seal(key);
        account.LastTotpStep = step;
        (account.AccessFailedCount, account.LockoutEnd) = (0, null);
    }

    private async Task<string[]> ReplaceCodesAsync(PersonId person, CancellationToken cancellationToken)
    {
        db.RemoveRange(await db.Set<RecoveryCode>().Where(c => c.AccountId == person.Value).ToListAsync(cancellationToken));
        var codes = RecoveryCodes.New();
        db.AddRange(codes.Select(code => new RecoveryCode { AccountId = person.Value, Hash = RecoveryCodes.Hash(code)! }));
        return codes;
    }

    public static readonly Failure WrongCode = Failure.Invalid(
        "The code is not right. Check that the clock of your phone is set automatically, wait for the next code, and type that.", "code");

    private static readonly Failure LastOne = Failure.Conflict(
        "This is your only way to sign in, so it stays. Add another one first.");
}
