using System.Security.Claims;

namespace Watchhouse.Platform.Acting;

/// <summary>
/// Turns a cookie or token into who acts now. Asked anew for every request and every screen action: the answer
/// reflects ended sessions, leavers, movers and revoked delegations at once.
/// </summary>
public interface IPrincipalResolver
{
    /// <returns>The acting principal, or null when the session ended, the person left or the client is revoked.</returns>
    ValueTask<ActingPrincipal?> ResolveAsync(ClaimsPrincipal user, CancellationToken cancellationToken);
}

/// <summary>The claim types of Watchhouse's own cookies and tokens.</summary>
public static class HouseClaims
{
    /// <summary>The person's id.</summary>
    public const string Person = "wh:person";

    /// <summary>The sign-in session's id.</summary>
    public const string Session = "wh:session";

    /// <summary>The machine client's id.</summary>
    public const string Client = "wh:client";
}
