namespace Watchhouse.Lake.Files;

/// <summary>Removes the files that a crash left announced and unfinished; the manifest knows them by name.</summary>
internal static class Leftovers
{
    public static async Task RemoveAsync(
        ILakeManifest manifest, LakeLayout layout, string role, CancellationToken cancellation)
    {
        var pending = await manifest.ListPendingAsync(role, cancellation);
        foreach (var file in pending)
            DurableFiles.Delete(layout, file);
        if (pending.Count > 0)
            await manifest.ForgetAsync([.. pending.Select(file => file.Id)], cancellation);
    }
}
