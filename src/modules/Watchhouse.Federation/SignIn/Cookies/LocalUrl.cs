namespace Watchhouse.Federation.SignIn.Cookies;

/// <summary>Where to go after signing in: a path of this site, or the overview. Never another site. Pure.</summary>
internal static class LocalUrl
{
    public static string OrHome(string? url) => IsLocal(url) ? url! : "/";

    // '//host' and '/\host' are other sites to a browser, and a browser drops control characters before it looks.
    public static bool IsLocal(string? url) =>
        url is { Length: > 0 and <= 2000 } && url[0] == '/' && !url.Any(char.IsControl)
        && (url.Length == 1 || url[1] is not ('/' or '\\'));
}
