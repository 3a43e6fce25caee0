namespace Watchhouse.Platform.Ui;

/// <summary>The addresses that the shell itself posts to or sends people to.</summary>
public static class HouseAddresses
{
    public const string SignIn = "/sign-in";

    /// <summary>POST, with an antiforgery token.</summary>
    public const string SignOut = "/sign-out";

    /// <summary>POST, with an antiforgery token and the field <c>persona</c>; only in a demonstration.</summary>
    public const string Persona = "/demonstration/persona";

    public const string NotFound = "/not-found";

    public const string Error = "/error";

    /// <summary>The query parameter that names the force a page is about.</summary>
    public const string ForceParameter = "force";

    /// <summary>Sign-in that comes back to where the person was. Only a local path is ever passed on.</summary>
    public static string SignInFor(string relativeAddress) =>
        $"{SignIn}?returnUrl={Uri.EscapeDataString("/" + relativeAddress.TrimStart('/', '\\'))}";
}
