using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.People;

/// <summary>Everything that a force's directory says of a person, at once. Absent texts are cleared.</summary>
internal sealed record DirectoryOptions
{
    public required ForceId Force { get; init; }

    /// <summary>The version on which the directory's change was worked out; another one is a conflict.</summary>
    public required uint IfVersion { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    public string? GivenName { get; init; }

    public string? FamilyName { get; init; }

    public string? WorkEmail { get; init; }

    public string? JobTitle { get; init; }

    public string? ExternalId { get; init; }

    /// <summary>False keeps the person out, true lets them in again.</summary>
    public required bool Active { get; init; }

    public Permission Using { get; init; } = Permissions.Provision;

    public string? Reason { get; init; }
}

internal sealed partial class PeopleOperations
{
    /// <summary>
    /// Brings a person to what the directory says: details, suspension and return in one transaction with one audit
    /// entry, so that a request of a directory is carried out whole or not at all.
    /// </summary>
    public async Task<Outcome<Person>> FollowDirectoryAsync(
        ActingPrincipal actor, PersonId id, DirectoryOptions options, CancellationToken cancellationToken)
    {
        var email = options.Email.Trim().ToLowerInvariant();
        if ((PeopleRules.Name(options.Name) ?? PeopleRules.Email(email) ?? PeopleRules.Text(options.JobTitle, "jobTitle")
                ?? PeopleRules.Text(options.ExternalId, "externalId")
                ?? PeopleRules.Directory(options.GivenName, options.FamilyName, options.WorkEmail)) is { } invalid)
            return invalid;

        await using var session = await EnterAsync(actor, options.Using, options.Force, id, options.Reason, cancellationToken);
        if (await FindAsync(session, options.Force, id, cancellationToken) is not { Status: not PersonStatus.Left } person)
            return Failure.NotFound;
        if (person.Version != options.IfVersion)
            return Failure.Conflict("Somebody else changed this person in the meantime. Load it again and repeat your change.");
        var externalId = Blank(options.ExternalId);
        if (externalId is not null && externalId != person.ExternalId && await session.Db.Set<Person>().AnyAsync(
                p => p.ForceId == options.Force && p.ExternalId == externalId && p.Id != id && p.Status != PersonStatus.Left,
                cancellationToken))
            return ExternalIdTaken;

        var changes = new Dictionary<string, FieldChange>();
        person.Name = Changed(changes, "name", person.Name, options.Name.Trim());
        person.Email = Changed(changes, "email", person.Email, email);
        person.GivenName = Changed(changes, "givenName", person.GivenName, Blank(options.GivenName));
        person.FamilyName = Changed(changes, "familyName", person.FamilyName, Blank(options.FamilyName));
        person.WorkEmail = Changed(changes, "workEmail", person.WorkEmail, Blank(options.WorkEmail));
        person.JobTitle = Changed(changes, "jobTitle", person.JobTitle, Blank(options.JobTitle));
        person.ExternalId = Changed(changes, "externalId", person.ExternalId, externalId);

        var summary = $"Details of {person.Name} were changed.";
        List<Session> open = [];
        if (options.Active != person.MaySignIn)
        {
            var status = options.Active ? PersonStatus.Active : PersonStatus.Suspended;
            changes["status"] = new(person.Status.ToString(), status.ToString());
            person.Status = status;
            summary = options.Active ? $"{person.Name} may sign in again." : $"{person.Name} was suspended.";
            if (!options.Active)
            {
                open = await Sessions.OpenOfAsync(session.Db, id, cancellationToken);
                Sessions.End(session, open, "Your access is suspended. Ask your force administrator.");
            }
        }

        if (changes.Count == 0) return person;
        session.Record(person.ForceId, Subject(person), summary, changes);
        return await SavedAndSignedOutAsync(session, person, open, cancellationToken);
    }

    private static T Changed<T>(Dictionary<string, FieldChange> changes, string field, T before, T after)
        where T : class?
    {
        if (!Equals(before, after)) changes[field] = new(before?.ToString(), after?.ToString());
        return after;
    }
}
