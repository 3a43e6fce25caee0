namespace Watchhouse.Lake.Tests;

/// <summary>A manifest whose first list is out of date by the time it is read.</summary>
internal sealed class SlowManifest(ILakeManifest inner, Func<Task> meanwhile) : ILakeManifest
{
    public int Lists { get; private set; }

    public async Task<IReadOnlyList<LakeFile>> ListAsync(LakeFileQuery query, CancellationToken cancellation = default)
    {
        var files = await inner.ListAsync(query, cancellation);
        if (Lists++ == 0) await meanwhile();
        return files;
    }

    public Task<long> ReadPositionAsync(CancellationToken cancellation = default) => inner.ReadPositionAsync(cancellation);

    public Task AnnounceAsync(string role, IReadOnlyList<LakeFile> files, CancellationToken cancellation = default) =>
        inner.AnnounceAsync(role, files, cancellation);

    public Task<IReadOnlyList<LakeFile>> ListPendingAsync(string role, CancellationToken cancellation = default) =>
        inner.ListPendingAsync(role, cancellation);

    public Task CommitAsync(LakeCommit commit, CancellationToken cancellation = default) => inner.CommitAsync(commit, cancellation);

    public Task<(int Expired, int Held)> ExpireAsync(
        string owner, string table, DateOnly before, DateTimeOffset at, CancellationToken cancellation = default) =>
        inner.ExpireAsync(owner, table, before, at, cancellation);

    public Task<IReadOnlyList<LakeFile>> DoomAsync(DateTimeOffset before, DateTimeOffset at, CancellationToken cancellation = default) =>
        inner.DoomAsync(before, at, cancellation);

    public Task ForgetAsync(IReadOnlyList<Guid> files, CancellationToken cancellation = default) => inner.ForgetAsync(files, cancellation);

    public Task PlaceHoldAsync(LakeHold hold, CancellationToken cancellation = default) => inner.PlaceHoldAsync(hold, cancellation);

    public Task<bool> ReleaseHoldAsync(Guid hold, string reason, DateTimeOffset at, CancellationToken cancellation = default) =>
        inner.ReleaseHoldAsync(hold, reason, at, cancellation);

    public Task<IReadOnlyList<LakeHold>> ListHoldsAsync(bool released = false, CancellationToken cancellation = default) =>
        inner.ListHoldsAsync(released, cancellation);
}
