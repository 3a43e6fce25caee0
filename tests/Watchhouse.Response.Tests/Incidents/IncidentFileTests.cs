using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Response.Incidents;
using Watchhouse.Response.Incidents.Files;
using Watchhouse.Testing;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Incidents;

public sealed class IncidentFileTests
{
    [Fact]
    public Task File_AddedReadAndRemoved_IsTheSameBytesAndLeavesItsTrace() => ThroughItsLifeAsync(null);

    [Fact]
    public async Task File_AddedReadAndRemovedOnPostgres_IsTheSameBytesAndLeavesItsTrace()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(Now);
        await ThroughItsLifeAsync(database.ConnectionString);
    }

    private static async Task ThroughItsLifeAsync(string? postgres)
    {
        await using var house = await IncidentHouse.StartAsync(postgres);
        var files = house.Get<IncidentFiles>();
        var id = await house.OpenAsync(Officer);
        var content = RandomNumberGenerator.GetBytes((3 * IncidentFilePart.Size) + 17);
        var file = Ok(await files.AddAsync(Analyst, id, @"\\share\mails\mail.eml", "The mail that it began with", new Trickle(content), Now));

        var shown = Assert.Single((await house.FindAsync(id, Officer)).Files);
        Assert.Equal(("mail.eml", content.Length, Convert.ToHexStringLower(SHA256.HashData(content))), (shown.Name, (int)shown.Bytes, shown.Sha256));
        var read = new MemoryStream();
        await Ok(await files.FindAsync(Officer, id, file, null, Now)).CopyTo(read, Now);
        Assert.Equal(content, read.ToArray());

        await Assert.ThrowsAsync<AccessRefusedException>(() => files.AddAsync(Owner, id, "a.txt", "", new MemoryStream([1]), Now));
        Assert.Equal(FailureKind.NotFound, (await files.FindAsync(Stranger, id, file, null, Now)).Failure!.Kind);
        Assert.Equal(FailureKind.NotFound, (await files.AddAsync(Stranger, id, "a.txt", "", new MemoryStream([1]), Now)).Failure!.Kind);
        Assert.Equal(FailureKind.NotFound, (await files.RemoveAsync(Stranger, id, file, "Not theirs.", Now)).Failure!.Kind);

        Refused(await files.RemoveAsync(Officer, id, file, "", Now), "3 to 2,000");
        Ok(await files.RemoveAsync(Officer, id, file, "It holds a victim's address.", Now));
        Refused(await files.RemoveAsync(Officer, id, file, "Again.", Now), "has removed the content of this file already");
        Refused(await files.FindAsync(Officer, id, file, null, Now), "has removed the content of this file");
        Assert.NotNull(Assert.Single((await house.FindAsync(id)).Files).RemovedAt);
        Assert.Equal(0, await PartsAsync(house));
        Assert.Contains((await house.FindAsync(id)).Entries, entry => entry.Words == "The file 'mail.eml' was removed: It holds a victim's address.");
    }

    [Fact]
    public async Task File_ThatIsTooLargeEmptyOrBreaksOff_LeavesNothing()
    {
        await using var house = await IncidentHouse.StartAsync();
        var files = house.Get<IncidentFiles>();
        var id = await house.OpenAsync(Officer);

        Refused(await files.AddAsync(Officer, id, "endless.bin", "", new Endless(long.MaxValue), Now), "larger than 25 MiB");
        Refused(await files.AddAsync(Officer, id, "nothing.bin", "", new MemoryStream(), Now), "The file is empty");
        Refused(await files.AddAsync(Officer, id, "dir/", "", new MemoryStream([1]), Now), "has a name");
        Refused(await files.AddAsync(Officer, id, "a\nb", "", new MemoryStream([1]), Now), "has a name");
        Assert.Equal(0, await PartsAsync(house));
        await Assert.ThrowsAsync<IOException>(() => files.AddAsync(Officer, id, "half.bin", "", new Endless(2 * IncidentFilePart.Size), Now));
        Assert.Empty((await house.FindAsync(id)).Files);
        Assert.Equal(2, await PartsAsync(house));
        // Not yet a day old: it may still be on its way.
        Assert.Equal(0, await files.PruneAsync(Now));
        Ok(await house.Incidents.MoveAsync(Officer, id, IncidentStatus.Closed, "A false alarm.", null, Now));
        Refused(await files.AddAsync(Officer, id, "late.txt", "", new MemoryStream([1]), Now), "The incident is closed");
    }

    [Fact]
    public async Task Link_OfTwoIncidents_StandsInBothAndOnlyWithinAForce()
    {
        await using var house = await IncidentHouse.StartAsync();
        var links = house.Get<IncidentLinks>();
        var (first, second) = (await house.OpenAsync(Officer), await house.OpenAsync(Analyst, title: "The same sender again"));
        var other = await house.OpenAsync(Stranger, Essex);
        var reference = (await house.FindAsync(second)).Incident.Reference;

        Ok(await links.LinkAsync(Officer, first, reference.ToLowerInvariant(), "The same sender.", Now));
        Refused(await links.LinkAsync(Officer, second, (await house.FindAsync(first)).Incident.Reference, "The same sender.", Now), "They are linked already");
        Refused(await links.LinkAsync(Officer, first, (await house.FindAsync(first)).Incident.Reference, "Itself.", Now), "not linked to itself");
        // Of another force the answer is the same whether it is there or not, even for the Centre, which sees both.
        Refused(await links.LinkAsync(Officer, first, (await house.FindAsync(other)).Incident.Reference, "The same sender.", Now), "KNT has no incident with the reference");
        Refused(await links.LinkAsync(Analyst, first, (await house.FindAsync(other)).Incident.Reference, "The same sender.", Now), "KNT has no incident with the reference");
        Assert.Equal(reference, Assert.Single((await house.FindAsync(first)).Links).Reference);
        Assert.Equal(first, Assert.Single((await house.FindAsync(second)).Links).Incident);
    }

    private static async Task<int> PartsAsync(IncidentHouse house)
    {
        await using var session = await house.Get<IHouse>().EnterAsync(ActingPrincipal.ForJob("test"), new Access(Permissions.IncidentsRead) { Logged = false }, Now);
        return await session.Db.Set<IncidentFilePart>().CountAsync(Now);
    }

    /// <summary>Gives a few bytes at a time, as a network does.</summary>
    private sealed class Trickle(byte[] content) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(buffer.Length, 40_001)], cancellationToken);
    }

    /// <summary>Breaks off after so many bytes.</summary>
    private sealed class Endless(long breaksAfter) : MemoryStream
    {
        private long _read;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_read >= breaksAfter) throw new IOException("The sender is gone.");
            _read += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
