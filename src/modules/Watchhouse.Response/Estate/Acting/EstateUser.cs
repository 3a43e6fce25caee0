using System.Text.RegularExpressions;

namespace Watchhouse.Response.Estate.Acting;

/// <summary>A user as the directory has them.</summary>
internal sealed partial record EstateUser(
    string Id, string PrincipalName, string Name, bool? Enabled, DateTimeOffset? SessionsValidFrom, bool Synchronised, bool Guest, TimeSpan Ahead)
{
    private const string Members = "id,userPrincipalName,displayName,mail,accountEnabled,signInSessionsValidFromDateTime,onPremisesSyncEnabled,userType";

    public string Words => $"{Name} ({PrincipalName})";

    /// <summary>Where a user lies.</summary>
    public static string Path(string id) => $"v1.0/users/{Uri.EscapeDataString(id)}";

    /// <summary>The user, or why nothing is done to them.</summary>
    public static async Task<(EstateUser? User, string Why)> FindAsync(EstateVisit visit, string target, CancellationToken stop)
    {
        if (!Target().IsMatch(target)) return (null, $"'{Cut(target)}' is neither a user's principal name (name@force.police.uk) nor the id of one.");
        if (await visit.Api.ReadAsync($"{Path(target)}?$select={Members}", stop) is not { } page)
            return (null, $"The force's directory has no user {target}. Check the name; a deleted user cannot sign in.");
        var body = page.Body;
        if (body.Text("id") is not { Length: > 0 } id || body.Text("userPrincipalName") is not { Length: > 0 } principal)
            throw new EstateReadException(EstateState.Unknown, $"An answer of {visit.Api.Name} is not what the API says. It is asked for again later.", $"GET {Path(target)}", "");
        // By every name that the directory has for them: a list that names the one is not got round by another.
        if (visit.Limits.Covers(target, id, principal, body.Text("mail")))
            return (null, $"{principal} is on the force's list of what is never touched. A person of the force does this by hand, if at all.");
        return (new EstateUser(id, principal, body.Text("displayName") ?? principal, body.Flag("accountEnabled"), body.Moment("signInSessionsValidFromDateTime"),
            body.Flag("onPremisesSyncEnabled") == true, string.Equals(body.Text("userType"), "Guest", StringComparison.OrdinalIgnoreCase), page.Ahead), "");
    }

    private static string Cut(string text) => text.Length <= 100 ? text : text[..100] + "…";

    [GeneratedRegex("^([^@\\s/\\\\?%]{1,200}@[A-Za-z0-9.-]{1,120}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\\z")]
    private static partial Regex Target();
}
