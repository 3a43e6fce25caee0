using System.Net.Mail;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.People;

/// <summary>What must hold of a person's data. Pure.</summary>
internal static class PeopleRules
{
    public static Failure? Name(string name) => name.Trim().Length is 0 or > 200
        ? Failure.Invalid("A name has between 1 and 200 characters.", "name")
        : name.Any(char.IsControl) ? Failure.Invalid("A name has no control characters.", "name") : null;

    public static Failure? Email(string email) =>
        email.Length > 254 || !MailAddress.TryCreate(email, out var parsed) || parsed.Address != email
            ? Failure.Invalid("This is not an e-mail address. Use one like name@force.example.", "email")
            : null;

    public static Failure? Text(string? text, string field) => text is { Length: > 200 } || text?.Any(char.IsControl) == true
        ? Failure.Invalid("This text has at most 200 characters and no control characters.", field)
        : null;

    /// <summary>What a directory says besides the name and the sign-in address.</summary>
    public static Failure? Directory(string? givenName, string? familyName, string? workEmail) =>
        Text(givenName, "givenName") ?? Text(familyName, "familyName")
        ?? (string.IsNullOrWhiteSpace(workEmail) ? null : Email(workEmail.Trim()));

    /// <summary>Roles fit the place: nobody at a force is an NMC analyst, and nobody at the Centre an evidence officer.</summary>
    public static Failure? RolesAt(IEnumerable<Role> roles, ForceId home)
    {
        foreach (var role in roles)
        {
            if (!Enum.IsDefined(role)) return Failure.Invalid("There is no such role.", "roles");
            if (!role.CanBeHeldAt(home == ForceId.Centre))
                return Failure.Invalid($"The role '{role.Describe().Title}' is not held at {home}.", "roles");
        }

        return null;
    }
}
