using Microsoft.Win32.SafeHandles;
using Watchhouse.Ledger.Storage;

namespace Watchhouse.Ledger.Writing;

/// <summary>
/// The lock that makes a writer the only one: the operating system holds it for the open file and lets go of it when
/// the process ends, however it ends, so a lock never outlives its owner.
/// </summary>
internal static class WriterLock
{
    public static SafeFileHandle Take(string directory)
    {
        try
        {
            return File.OpenHandle(
                Path.Combine(directory, LedgerLayout.Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            throw new LedgerLockedException(directory, e);
        }
    }

    /// <summary>Whether a writer is at work at this moment.</summary>
    public static bool IsHeld(string directory)
    {
        try
        {
            using var handle = File.OpenHandle(
                Path.Combine(directory, LedgerLayout.Lock), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
