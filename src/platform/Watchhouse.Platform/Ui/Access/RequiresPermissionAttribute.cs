using Watchhouse.Platform.Authorisation;

namespace Watchhouse.Platform.Ui;

/// <summary>
/// The row of the permission table that opens a page. Every routable component carries this or
/// <see cref="PublicPageAttribute"/>; the router shows nothing of a page that carries neither.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequiresPermissionAttribute(string permissionKey) : Attribute
{
    public string PermissionKey { get; } = permissionKey;

    public Permission Permission => Permissions.Get(PermissionKey);
}

/// <summary>Says that a page may be seen by anybody, and why that is right.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PublicPageAttribute(string why) : Attribute
{
    public string Why { get; } = why;
}
