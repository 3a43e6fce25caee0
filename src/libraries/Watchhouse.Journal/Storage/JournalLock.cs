using Microsoft.Win32.SafeHandles;

namespace Watchhouse.Journal.Storage;

/// <summary>
/// The lock that makes a process the only one: the operating system holds it for the open file and lets go of it when
/// the process ends, however it ends, so a lock never outlives its owner.
/// </summary>
internal static class JournalLock
{
    public static SafeFileHandle Take(string directory)
    {
        try
        {
            return File.OpenHandle(
                Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new JournalLockedException(directory, e);
        }
    }
}
