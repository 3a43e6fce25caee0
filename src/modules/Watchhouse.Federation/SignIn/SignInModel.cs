using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.SignIn.Accounts;
using Watchhouse.Federation.SignIn.Links;
using Watchhouse.Federation.SignIn.Setup;
using Watchhouse.Federation.SignIn.Tenants;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.SignIn;

/// <summary>The entities of sign-in: registrations belong to a force, credentials lie apart.</summary>
internal static class SignInModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<TenantRegistration>(registration =>
        {
            registration.ToTable("TenantRegistrations").OwnedByForce(DelegationScope.Administration, OnSuccession.Stays);
            registration.Property(r => r.ClientId).HasMaxLength(100);
            registration.Property(r => r.SealedSecret).HasMaxLength(2000);
            registration.Property(r => r.DisplayName).HasMaxLength(100);
            registration.Property(r => r.Authority).HasMaxLength(300);
            registration.Property(r => r.CreatedBy).HasMaxLength(200);
            registration.Ignore(r => r.Issuer);
            registration.HasIndex(r => new { r.ForceId, r.TenantId }).IsUnique();
        });
        model.Entity<ExternalIdentity>(identity =>
        {
            identity.ToTable("ExternalIdentities").OwnedByForce(DelegationScope.Administration, OnSuccession.Stays);
            identity.Property(i => i.LinkedBy).HasMaxLength(200);
            identity.HasIndex(i => i.PersonId);
            // A force links within its own people, so a link made by one force can never take over a person of another.
            identity.HasIndex(i => new { i.ForceId, i.TenantId, i.ObjectId }).IsUnique();
        });
    }

    public static void ConfigureCredentials(ModelBuilder model)
    {
        model.Entity<Account>(account =>
        {
            account.ToTable("Accounts");
            account.Property(a => a.UserName).HasMaxLength(64);
            account.Property(a => a.NormalizedUserName).HasMaxLength(64);
            account.HasIndex(a => a.NormalizedUserName).IsUnique();
            account.Property(a => a.PasswordHash).HasMaxLength(500);
            account.Property(a => a.SecurityStamp).HasMaxLength(64);
            account.Property(a => a.ConcurrencyStamp).HasMaxLength(64).IsConcurrencyToken();
            account.Property(a => a.TotpKey).HasMaxLength(1000);
            account.Ignore(a => a.Email).Ignore(a => a.NormalizedEmail).Ignore(a => a.EmailConfirmed);
            account.Ignore(a => a.PhoneNumber).Ignore(a => a.PhoneNumberConfirmed).Ignore(a => a.TwoFactorEnabled);
        });
        model.Entity<Passkey>(passkey =>
        {
            passkey.ToTable("Passkeys");
            passkey.HasKey(p => p.CredentialId);
            // 1023 bytes is the longest credential id that WebAuthn allows.
            passkey.Property(p => p.CredentialId).HasMaxLength(1023);
            passkey.HasIndex(p => p.UserId);
            passkey.HasOne<Account>().WithMany().HasForeignKey(p => p.UserId);
            passkey.OwnsOne(p => p.Data, data => data.ToJson());
        });
        model.Entity<RecoveryCode>(code =>
        {
            code.ToTable("RecoveryCodes");
            code.Property(c => c.Hash).HasMaxLength(32);
            code.HasIndex(c => new { c.AccountId, c.Hash });
            code.HasOne<Account>().WithMany().HasForeignKey(c => c.AccountId);
        });
        model.Entity<OneTimeLink>(link =>
        {
            link.ToTable("OneTimeLinks");
            link.Property(l => l.Hash).HasMaxLength(32);
            link.HasIndex(l => l.Hash).IsUnique();
            link.HasIndex(l => l.PersonId);
        });
        model.Entity<SetupState>(state =>
        {
            state.ToTable("SetupState");
            state.Property(s => s.Id).ValueGeneratedNever();
        });
    }
}
