using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Shell.Access;

/// <summary>The permission table in the words of its page.</summary>
internal static class PermissionTable
{
    public static IReadOnlyList<RoleHome> Homes { get; } = [RoleHome.Centre, RoleHome.Force, RoleHome.Either, RoleHome.Machine];

    /// <summary>In the order of the table.</summary>
    public static IReadOnlyList<string> Resources { get; } = [.. Permissions.All.Select(p => p.Resource).Distinct()];

    public static string Title(RoleHome home) => home switch
    {
        RoleHome.Centre => "Centre",
        RoleHome.Force => "Force",
        RoleHome.Either => "Either",
        _ => "Machine",
    };

    public static string Scope(Permission permission) => permission.Scope?.Word() ?? "national fact";

    /// <summary>Whether a delegation widens it.</summary>
    public static string Reach(Permission permission) => permission switch
    {
        { Scope: null } => "everywhere",
        { Reach: Platform.Authorisation.Reach.OwnAndDelegated } => "also under a delegation",
        _ => "own records only",
    };

    public static string Capital(string word) => string.Concat(word[..1].ToUpperInvariant(), word.AsSpan(1));
}
