using Microsoft.AspNetCore.Identity;

namespace Watchhouse.Federation.SignIn.Accounts;

/// <summary>
/// How one person signs in locally. Its id is the person's id; name and address live with the person, so that there is
/// one place to correct them.
/// </summary>
internal sealed class Account : IdentityUser<Guid>
{
    /// <summary>The shared secret of the authenticator app (RFC 6238), protected; null when no password is set.</summary>
    public string? TotpKey { get; set; }

    /// <summary>The last time step whose code was accepted: a code is good once (RFC 6238, section 5.2).</summary>
    public long LastTotpStep { get; set; }

    public DateTimeOffset? PasswordChangedAt { get; set; }

    public DateTimeOffset? PasswordLastUsedAt { get; set; }

    /// <summary>A password without a code is no way in, so the two are set and removed together.</summary>
    public bool HasPassword => PasswordHash is not null && TotpKey is not null;
}

/// <summary>A registered passkey, with its last use for the person who reviews them.</summary>
internal sealed class Passkey : IdentityUserPasskey<Guid>
{
    public DateTimeOffset? LastUsedAt { get; set; }
}

/// <summary>A code for the day the authenticator is lost: good once, kept as a hash.</summary>
internal sealed class RecoveryCode
{
    public int Id { get; init; }

    public required Guid AccountId { get; init; }

    public required byte[] Hash { get; init; }

    public DateTimeOffset? UsedAt { get; set; }
}
