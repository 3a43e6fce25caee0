using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Response.Incidents.Files;

/// <summary>
/// Says that two incidents have to do with each other. Both are of one force: that another force has an incident at all is not for this
/// one to know. What binds forces together is a national incident.
/// </summary>
internal sealed class IncidentLinks(IncidentOperations incidents)
{
    private const int MostLinks = 50;

    /// <param name="other">The other incident's reference, such as I-260314-7KQ2.</param>
    public Task<Outcome<Guid>> LinkAsync(ActingPrincipal actor, Guid id, string other, string why, CancellationToken cancellationToken) =>
        incidents.WriteAsync(actor, id, "linked", null, async (session, incident) =>
        {
            if (IncidentInput.Sentence(why, "why", 500) is { } fault) return fault;
            var reference = other.Trim().ToUpperInvariant();
            var (force, db) = (incident.ForceId, session.Db);
            if (await db.Set<Incident>().FirstOrDefaultAsync(each => each.Reference == reference && each.ForceId == force, cancellationToken) is not { } found)
                return Failure.Invalid($"{force} has no incident with the reference '{reference}'. Only incidents of the same force are linked; alerts of several forces belong into a national incident.", "other");
            if (found.Id == id) return Failure.Invalid("An incident is not linked to itself. Give the reference of the other.", "other");
            if (await db.Set<IncidentLink>().AnyAsync(each => each.IncidentId == id && each.OtherId == found.Id, cancellationToken)) return Failure.Conflict("They are linked already.");
            if (await db.Set<IncidentLink>().CountAsync(each => each.IncidentId == id || each.IncidentId == found.Id, cancellationToken) >= MostLinks) return Failure.Conflict($"An incident is linked to at most {MostLinks} others.");
            foreach (var (from, to) in new[] { (incident, found), (found, incident) })
            {
                db.Add(new IncidentLink { IncidentId = from.Id, OtherId = to.Id, ForceId = force, Why = why.Trim() });
                IncidentOperations.Note(session, from, actor, "linked", $"Linked with {to.Reference}, {to.Title}: {why.Trim()}");
                session.Record(force, $"incident/{from.Id}", $"Incident {from.Reference} was linked with {to.Reference}.");
            }

            found.ChangedAt = session.Now;
            return null;
        }, cancellationToken);
}
