using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Scim.Groups;

/// <summary>Roles as groups of a directory: one group for each role that can be held at the organisation.</summary>
internal static class ScimRoles
{
    /// <summary>The word of a role, which is its group's id: <c>securityOfficer</c>.</summary>
    public static string Word(Role role)
    {
        var name = role.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    public static IEnumerable<Role> At(ForceId force) =>
        Roles.All.Select(r => r.Role).Where(r => r.CanBeHeldAt(force == ForceId.Centre));

    /// <summary>The role of a group id at this organisation.</summary>
    public static Role? ById(ForceId force, string id) =>
        At(force).Where(r => Word(r) == id).Select(r => (Role?)r).FirstOrDefault();

    /// <summary>
    /// The role that a directory's group name means: the title or the word of it, whatever the case, blanks and hyphens,
    /// and with or without 'Watchhouse' before it, as directories like to prefix their groups.
    /// </summary>
    public static Role? ByName(ForceId force, string name)
    {
        var wanted = Letters(name);
        const string Prefix = "watchhouse";
        if (wanted.StartsWith(Prefix, StringComparison.Ordinal)) wanted = wanted[Prefix.Length..];
        return At(force).Where(r => Letters(r.Describe().Title) == wanted || Letters(Word(r)) == wanted)
            .Select(r => (Role?)r).FirstOrDefault();
    }

    private static string Letters(string text) =>
        string.Concat(text.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));
}
