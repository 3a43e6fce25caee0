using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Watchhouse.Platform.Authorisation;

/// <summary>
/// What an endpoint or page says about who may reach it. Each one says it; the program does not start while one is
/// silent.
/// </summary>
public interface IAccessMetadata
{
    /// <summary>The permission that is needed; null when none is.</summary>
    Permission? Permission { get; }

    /// <summary>Why it needs no permission; null when it needs one.</summary>
    string? PublicBecause { get; }

    /// <summary>True when anybody who is signed in may reach it, whatever their roles.</summary>
    bool SignedInOnly { get; }
}

/// <summary>For endpoints.</summary>
public sealed record AccessDeclaration(Permission? Permission, string? PublicBecause, bool SignedInOnly = false)
    : IAccessMetadata;

/// <summary>
/// On endpoints that speak somebody else's protocol: says in that protocol's words that the caller may not pass.
/// </summary>
public interface IProtocolRefusal
{
    /// <param name="context">The request; nothing of the answer is written yet.</param>
    /// <param name="status">401 when nobody was recognised, 403 or 404 when somebody was.</param>
    /// <param name="message">A sentence for people.</param>
    Task WriteAsync(HttpContext context, int status, string message);
}

/// <summary>On a page: the row of the permission table that it needs.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequiresPermissionAttribute(string key) : Attribute, IAccessMetadata
{
    public Permission Permission { get; } = Permissions.Get(key);

    Permission? IAccessMetadata.Permission => Permission;

    string? IAccessMetadata.PublicBecause => null;

    bool IAccessMetadata.SignedInOnly => false;
}

/// <summary>On a page that needs no permission, such as sign-in.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PublicPageAttribute(string why) : Attribute, IAccessMetadata
{
    public string Why { get; } = why;

    Permission? IAccessMetadata.Permission => null;

    string? IAccessMetadata.PublicBecause => Why;

    bool IAccessMetadata.SignedInOnly => false;
}

/// <summary>On a page about oneself, which everybody who is signed in may open.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SignedInPageAttribute : Attribute, IAccessMetadata
{
    Permission? IAccessMetadata.Permission => null;

    string? IAccessMetadata.PublicBecause => null;

    bool IAccessMetadata.SignedInOnly => true;
}

/// <summary>How endpoints declare it.</summary>
public static class AccessDeclarations
{
    /// <summary>
    /// Needs the permission. A route value <c>{force}</c> is checked against the forces on which the caller holds it;
    /// another force is answered like one that does not exist.
    /// </summary>
    public static TBuilder Requires<TBuilder>(this TBuilder builder, Permission permission)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AccessDeclaration(permission, null));

    public static TBuilder IsPublic<TBuilder>(this TBuilder builder, string because)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AccessDeclaration(null, because));

    public static TBuilder RequiresSignIn<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new AccessDeclaration(null, null, SignedInOnly: true));
}
