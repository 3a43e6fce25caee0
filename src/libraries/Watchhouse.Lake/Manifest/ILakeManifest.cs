namespace Watchhouse.Lake;

/// <summary>One change of the manifest that is made whole or not at all.</summary>
/// <param name="Added">Announced files that become live.</param>
/// <param name="Replaced">Live files whose events the added ones hold.</param>
/// <param name="Position">Position of the journal that is durable with this change, if it moves.</param>
/// <param name="At">Time of the change.</param>
public sealed record LakeCommit(
    IReadOnlyList<LakeFile> Added, IReadOnlyList<Guid> Replaced, long? Position, DateTimeOffset At);

/// <summary>
/// The list of the lake's files, the only truth about what is in it: queries run over the files that it names and never
/// over what a directory happens to hold. Every change is one transaction that is on disk when its task ends.
/// </summary>
public interface ILakeManifest
{
    /// <summary>The position of the journal up to which every event is in live files; 0 in a new lake.</summary>
    Task<long> ReadPositionAsync(CancellationToken cancellation = default);

    /// <summary>The files that a query asks for, ordered by owner, table, day and id.</summary>
    Task<IReadOnlyList<LakeFile>> ListAsync(LakeFileQuery query, CancellationToken cancellation = default);

    /// <summary>Announces files before anything of them is on disk, so that what a crash leaves is known by name.</summary>
    /// <param name="role">Who makes them: files that a role left unfinished are removed by the same role.</param>
    /// <param name="files">The files; only their names count yet.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task AnnounceAsync(string role, IReadOnlyList<LakeFile> files, CancellationToken cancellation = default);

    /// <summary>Files that a role announced and never committed.</summary>
    Task<IReadOnlyList<LakeFile>> ListPendingAsync(string role, CancellationToken cancellation = default);

    /// <summary>Makes announced files live, retires what they replace and moves the position, in one transaction.</summary>
    /// <exception cref="LakeConflictException">
    /// A file to be replaced is no longer live, or is held itself. Nothing was changed.
    /// </exception>
    Task CommitAsync(LakeCommit commit, CancellationToken cancellation = default);

    /// <summary>Marks the live files of days before a day as expired, except those that are held.</summary>
    /// <returns>The number of files that expired, and of those that were spared by a hold.</returns>
    Task<(int Expired, int Held)> ExpireAsync(
        string owner, string table, DateOnly before, DateTimeOffset at, CancellationToken cancellation = default);

    /// <summary>
    /// Dooms the files that were replaced or have expired before an instant, and returns all that are doomed.
    /// </summary>
    Task<IReadOnlyList<LakeFile>> DoomAsync(DateTimeOffset before, DateTimeOffset at, CancellationToken cancellation = default);

    /// <summary>Removes entries of files that are no longer on disk: doomed or pending ones.</summary>
    Task ForgetAsync(IReadOnlyList<Guid> files, CancellationToken cancellation = default);

    /// <summary>Places a hold. Expired files that it covers and that are not doomed yet become live again.</summary>
    Task PlaceHoldAsync(LakeHold hold, CancellationToken cancellation = default);

    /// <summary>Releases a hold; false if there is none of that id that is still in force.</summary>
    Task<bool> ReleaseHoldAsync(Guid hold, string reason, DateTimeOffset at, CancellationToken cancellation = default);

    /// <summary>The holds, in the order they were placed.</summary>
    Task<IReadOnlyList<LakeHold>> ListHoldsAsync(bool released = false, CancellationToken cancellation = default);
}
