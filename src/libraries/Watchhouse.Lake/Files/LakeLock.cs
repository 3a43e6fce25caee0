using Microsoft.Win32.SafeHandles;

namespace Watchhouse.Lake.Files;

/// <summary>
/// Makes a writer or keeper the only one. The operating system holds the lock for the open file and lets go of it when
/// the process ends, however it ends.
/// </summary>
internal static class LakeLock
{
    public static SafeFileHandle Take(string directory, string role)
    {
        var path = Path.Combine(directory, role + ".lock");
        try
        {
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new LakeLockedException(directory, role, e);
        }
    }
}
