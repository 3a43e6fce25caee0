using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Incidents.Files;

/// <summary>
/// Takes files in and gives them out in pieces, so that none is held in memory whole. A file is there when its last piece is: an upload that
/// breaks off leaves pieces that nobody sees, which are removed a day later.
/// </summary>
internal sealed class IncidentFiles(IHouse house, IncidentOperations incidents, TimeProvider clock)
{
    public const long MostBytes = 25 * 1024 * 1024;
    public const int MostFiles = 50;
    private static readonly TimeSpan Unfinished = TimeSpan.FromDays(1);
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("incident-files");

    public async Task<Outcome<Guid>> AddAsync(ActingPrincipal actor, Guid incident, string name, string note, Stream content, CancellationToken cancellationToken)
    {
        // A path is the sender's; only its last part is a name.
        name = name.Replace('\\', '/').Split('/')[^1].Trim();
        if (name.Length is < 1 or > IncidentFile.LongestName || name.Any(char.IsControl)) return Failure.Invalid($"A file has a name of 1 to {IncidentFile.LongestName} characters.", "name");
        if (IncidentInput.Sentence(note, "note", IncidentFile.LongestNote, 0) is { } fault) return fault;
        var force = await PlaceAsync(actor, incident, cancellationToken);
        if (!force.Succeeded) return force.Failure;
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var stored = await StoreAsync(actor, force.Value, incident, id, content, cancellationToken);
        if (!stored.Succeeded)
        {
            await RemovePartsAsync(id, CancellationToken.None);
            return stored.Failure;
        }

        var (bytes, hash) = stored.Value;
        return await incidents.WriteAsync(actor, incident, "file", $"The file '{name}' was added ({bytes:N0} bytes, SHA-256 {hash}).", (session, found) =>
        {
            session.Db.Add(new IncidentFile
            {
                Id = id, ForceId = found.ForceId, IncidentId = incident, Name = name, Note = note.Trim(), Bytes = bytes, Sha256 = hash, AddedBy = RunOperations.Name(actor), AddedAt = session.Now,
            });
            session.Record(found.ForceId, $"incident/{incident}", $"A file was added to incident {found.Reference}.");
            return Task.FromResult<Failure?>(null);
        }, cancellationToken) is { Failure: { } failure } ? failure : id;
    }

    /// <summary>A file and its content, piece by piece, for as long as the answer is read.</summary>
    public async Task<Outcome<(IncidentFile File, Func<Stream, CancellationToken, Task> CopyTo)>> FindAsync(ActingPrincipal actor, Guid incident, Guid id, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.IncidentsRead) { Subject = $"incident/{incident}/file/{id}", Reason = reason }, cancellationToken);
        if (await session.Db.Set<IncidentFile>().AsNoTracking().FirstOrDefaultAsync(each => each.Id == id && each.IncidentId == incident, cancellationToken) is not { } file) return Failure.NotFound;
        if (file.RemovedAt is not null) return Failure.Conflict($"{file.RemovedBy} has removed the content of this file.");
        return (file, async (to, stop) =>
        {
            await using var reading = await house.EnterAsync(actor, new Access(Permissions.IncidentsRead) { Reason = reason, Logged = false }, stop);
            for (var number = 0; ; number++)
            {
                var part = number;
                if (await reading.Db.Set<IncidentFilePart>().AsNoTracking().Where(each => each.FileId == id && each.Number == part).Select(each => each.Content).FirstOrDefaultAsync(stop) is not { } piece) break;
                await to.WriteAsync(piece, stop);
            }
        });
    }

    /// <summary>Removes a file's content. That it was there, and who removed it, stays in the timeline.</summary>
    public async Task<Outcome<Guid>> RemoveAsync(ActingPrincipal actor, Guid incident, Guid id, string reason, CancellationToken cancellationToken)
    {
        if (IncidentInput.Sentence(reason, "reason", 2_000) is { } fault) return fault;
        return await incidents.WriteAsync(actor, incident, "file", null, async (session, found) =>
        {
            if (await session.Db.Set<IncidentFile>().FirstOrDefaultAsync(each => each.Id == id && each.IncidentId == incident, cancellationToken) is not { } file) return Failure.NotFound;
            if (file.RemovedAt is not null) return Failure.Conflict($"{file.RemovedBy} has removed the content of this file already.");
            (file.RemovedAt, file.RemovedBy) = (session.Now, RunOperations.Name(actor));
            foreach (var part in await session.Db.Set<IncidentFilePart>().Where(each => each.FileId == id).Select(each => new { each.Number }).ToListAsync(cancellationToken))
                session.Db.Remove(new IncidentFilePart { FileId = id, Number = part.Number, ForceId = file.ForceId, Content = [], At = default });
            session.Record(found.ForceId, $"incident/{incident}", $"A file of incident {found.Reference} was removed.");
            IncidentOperations.Note(session, found, actor, "file", $"The file '{file.Name}' was removed: {reason.Trim()}");
            return null;
        }, cancellationToken);
    }

    /// <summary>Removes pieces of uploads that never ended.</summary>
    public async Task<int> PruneAsync(CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, new Access(Permissions.IncidentsWork) { Logged = false }, cancellationToken);
        var old = session.Now - Unfinished;
        return await session.Db.Set<IncidentFilePart>().Where(part => part.At < old && !session.Db.Set<IncidentFile>().Any(file => file.Id == part.FileId)).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<Outcome<ForceId>> PlaceAsync(ActingPrincipal actor, Guid incident, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.IncidentsWork) { Subject = $"incident/{incident}", Reason = actor.StatedReason }, cancellationToken);
        if (await session.Db.Set<Incident>().AsNoTracking().FirstOrDefaultAsync(each => each.Id == incident, cancellationToken) is not { } found) return Failure.NotFound;
        if (found.Status == IncidentStatus.Closed) return Failure.Conflict("The incident is closed. Open it again before you add a file to it.");
        return await session.Db.Set<IncidentFile>().CountAsync(each => each.IncidentId == incident && each.RemovedAt == null, cancellationToken) >= MostFiles
            ? Failure.Conflict($"An incident holds at most {MostFiles} files. Pack those that belong together into one, or remove one.")
            : found.ForceId;
    }

    private async Task<Outcome<(long Bytes, string Hash)>> StoreAsync(ActingPrincipal actor, ForceId force, Guid incident, Guid id, Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[IncidentFilePart.Size];
        var bytes = 0L;
        for (var number = 0; ; number++)
        {
            var read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            if (read == 0) break;
            bytes += read;
            if (bytes > MostBytes) return Failure.Invalid($"The file is larger than {MostBytes / 1024 / 1024} MiB. Keep it in the force's evidence store, and name it in a note.", "content");
            hash.AppendData(buffer, 0, read);
            await using var session = await house.EnterAsync(actor, new Access(Permissions.IncidentsWork) { Subject = $"incident/{incident}", Reason = actor.StatedReason }, cancellationToken);
            session.Db.Add(new IncidentFilePart { FileId = id, Number = number, ForceId = force, Content = buffer.AsSpan(0, read).ToArray(), At = session.Now });
            await session.CommitAsync(cancellationToken);
        }

        return bytes == 0 ? Failure.Invalid("The file is empty.", "content") : (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private async Task RemovePartsAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, new Access(Permissions.IncidentsWork) { Logged = false }, cancellationToken);
        await session.Db.Set<IncidentFilePart>().Where(part => part.FileId == id).ExecuteDeleteAsync(cancellationToken);
    }
}
