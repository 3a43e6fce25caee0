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
        var path = Path.Combine(directory, LedgerLayout.Lock);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
            {
                // A verification that asks whether there is a writer holds the lock for that moment.
                if (attempt == 3)
                    throw new LedgerLockedException(directory, e);
                Thread.Sleep(20);
            }
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
