using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Federation.Scim.Patching;
using Watchhouse.Federation.Scim.Schemas;
using Watchhouse.Federation.Scim.Web;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Federation.Scim.Users;

/// <summary>
/// The people of the client's own organisation as SCIM users. Reads go through the gate, changes through the operations
/// of people, so that a directory can do nothing that an administrator could not.
/// </summary>
internal sealed class ScimUsers(IHouse house, PeopleOperations people)
{
    /// <summary>Written where a controller demands a reason: a machine has no other.</summary>
    public const string Reason = "Provisioning by the organisation's directory.";

    /// <summary>How often a change is tried when others change the same person at the same moment.</summary>
    public const int Attempts = 4;

    /// <summary>Opens the records of the client's own organisation for reading.</summary>
    public static Task<HouseSession> EnterAsync(IHouse house, ActingPrincipal actor, CancellationToken cancellationToken) =>
        house.EnterAsync(actor, new Access(Permissions.Provision) { Force = actor.Home, Reason = Reason }, cancellationToken);

    public static StatusOptions Options(ActingPrincipal actor) =>
        new() { Force = actor.Home, Using = Permissions.Provision, Reason = Reason };

    public async Task<UserRecord> GetAsync(ActingPrincipal actor, string id, CancellationToken cancellationToken)
    {
        if (!TryId(id, out var person)) throw ScimException.NotFound();
        await using var session = await EnterAsync(house, actor, cancellationToken);
        var found = await session.Db.Set<Person>().AsNoTracking().SingleOrDefaultAsync(
            p => p.Id == person && p.ForceId == actor.Home && p.Status != PersonStatus.Left, cancellationToken)
            ?? throw ScimException.NotFound();
        var roles = await session.Db.Set<RoleAssignment>().AsNoTracking()
            .Where(r => r.PersonId == person && r.ForceId == actor.Home && r.Until == null)
            .Select(r => r.Role)
            .ToListAsync(cancellationToken);
        return new UserRecord(found, roles);
    }

    public async Task<UserRecord> CreateAsync(ActingPrincipal actor, JsonObject body, CancellationToken cancellationToken)
    {
        var state = UserMapping.Read(ScimValues.Resource(body, ScimSchemas.User));
        var joined = await people.JoinAsync(actor, new JoinOptions
        {
            Force = actor.Home,
            Name = state.Name,
            Email = state.UserName,
            GivenName = state.GivenName,
            FamilyName = state.FamilyName,
            WorkEmail = state.WorkEmail,
            JobTitle = state.Title,
            ExternalId = state.ExternalId,
            Suspended = state.Active == false,
            Using = Permissions.Provision,
            Reason = Reason,
        }, cancellationToken);
        return joined.Succeeded ? new UserRecord(joined.Value, []) : throw ScimErrorFilter.Of(joined.Failure);
    }

    /// <summary>Replaces what the directory says (RFC 7644 section 3.5.1). What it leaves out is cleared, save whether the person may sign in.</summary>
    public Task<UserRecord> ReplaceAsync(
        ActingPrincipal actor, string id, JsonObject body, string? ifMatch, CancellationToken cancellationToken)
    {
        var state = UserMapping.Read(ScimValues.Resource(body, ScimSchemas.User));
        return FollowAsync(actor, id, ifMatch, _ => state, cancellationToken);
    }

    public Task<UserRecord> PatchAsync(ActingPrincipal actor, string id, IReadOnlyList<PatchOperation> operations,
        ScimAddresses addresses, string? ifMatch, CancellationToken cancellationToken) =>
        FollowAsync(actor, id, ifMatch, current =>
        {
            var before = UserDocument.Of(current, addresses);
            return UserMapping.Read(PatchEngine.Apply(before, operations, ScimSchemas.User), before);
        }, cancellationToken);

    /// <summary>The person left. The record stays for the audit; the directory no longer sees it.</summary>
    public async Task DeleteAsync(ActingPrincipal actor, string id, string? ifMatch, CancellationToken cancellationToken)
    {
        var current = await GetAsync(actor, id, cancellationToken);
        if (ifMatch is not null && !ETags.Names(ifMatch, current.ETag)) throw ScimException.Stale();
        var left = await people.LeaveAsync(actor, current.Person.Id, Options(actor), cancellationToken);
        if (!left.Succeeded) throw ScimErrorFilter.Of(left.Failure);
    }

    private async Task<UserRecord> FollowAsync(ActingPrincipal actor, string id, string? ifMatch,
        Func<UserRecord, UserState> change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var current = await GetAsync(actor, id, cancellationToken);
            if (ifMatch is not null && !ETags.Names(ifMatch, current.ETag)) throw ScimException.Stale();
            var state = change(current);
            var followed = await people.FollowDirectoryAsync(actor, current.Person.Id, new DirectoryOptions
            {
                Force = actor.Home,
                IfVersion = current.Person.Version,
                Name = state.Name,
                Email = state.UserName,
                GivenName = state.GivenName,
                FamilyName = state.FamilyName,
                WorkEmail = state.WorkEmail,
                JobTitle = state.Title,
                ExternalId = state.ExternalId,
                Active = state.Active ?? current.Person.MaySignIn,
                Reason = Reason,
            }, cancellationToken);
            if (followed.Succeeded) return new UserRecord(followed.Value, current.Roles);
            // Somebody else was faster. The change is worked out anew on what they left, unless the client forbade it.
            if (followed.Failure is { Kind: FailureKind.Conflict, Field: null } && attempt < Attempts) continue;
            throw ScimErrorFilter.Of(followed.Failure);
        }
    }

    public static bool TryId(string text, out PersonId id)
    {
        // Ids are compared exactly (RFC 7643 section 3.1): only the spelling that was given out is one.
        var parsed = Guid.TryParseExact(text, "D", out var value) && value.ToString() == text;
        id = new PersonId(value);
        return parsed;
    }
}
