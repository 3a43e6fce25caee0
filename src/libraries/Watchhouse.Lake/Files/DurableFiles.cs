using System.Security.Cryptography;

namespace Watchhouse.Lake.Files;

/// <summary>The few file operations whose order makes a crash harmless.</summary>
internal static class DurableFiles
{
    /// <summary>Flushes a file to disk and returns its length and SHA-256, in lower-case hex.</summary>
    public static (long Length, string Sha256) FlushAndHash(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
        using var stream = new FileStream(handle, FileAccess.Read, 0);
        return (stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    public static (long Length, string Sha256) Hash(string path)
    {
        using var stream = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
        return (stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    /// <summary>Makes the directory of a day, durably: with the directories above it.</summary>
    public static void MakeDirectory(LakeLayout layout, string owner, DateOnly day)
    {
        var directory = layout.DayDirectory(owner, day);
        if (Directory.Exists(directory))
            return;
        var ownerDirectory = layout.OwnerDirectory(owner);
        var isNewOwner = !Directory.Exists(ownerDirectory);
        Directory.CreateDirectory(directory);
        DirectoryFlush.Flush(ownerDirectory);
        if (isNewOwner)
            DirectoryFlush.Flush(layout.Root);
    }

    /// <summary>Gives a finished file and its index their names. Durable only once the directory is flushed.</summary>
    public static void Publish(LakeLayout layout, LakeFile file)
    {
        var (packed, index) = (layout.PackedPath(file), layout.IndexPath(file));
        File.Move(index + LakeLayout.Temporary, index);
        File.Move(packed + LakeLayout.Temporary, packed);
    }

    /// <summary>Deletes whatever there is of a file.</summary>
    public static void Delete(LakeLayout layout, LakeFile file)
    {
        if (!Directory.Exists(layout.DayDirectory(file.Owner, file.Day)))
            return;
        foreach (var path in layout.AllPaths(file))
            File.Delete(path);
    }
}
