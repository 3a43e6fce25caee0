using Watchhouse.Journal.Storage;

namespace Watchhouse.Journal.Writing;

/// <summary>
/// Takes disk space before a batch is let in: a segment at a time, within the journal's own limit and with the free
/// space that others on the disk must keep. Called by the writer's thread alone.
/// </summary>
internal sealed class SpaceKeeper(SegmentFiles files, LogGeometry geometry, JournalOptions options)
{
    /// <summary>Null when there is space up to this address, else why there is not.</summary>
    public JournalBusyException? Ensure(long end)
    {
        while (end > geometry.SegmentStart(files.End))
        {
            var held = files.BytesOnDisk;
            if (held + geometry.SegmentSize > options.MaxBytes)
                return Full($"The journal holds {held} bytes and may hold {options.MaxBytes}: its consumers are behind.");
            try
            {
                var free = new DriveInfo(options.Directory).AvailableFreeSpace;
                if (free - geometry.SegmentSize < options.MinFreeDiskBytes)
                    return Full(
                        $"The disk of {options.Directory} has {free} bytes free; the journal needs "
                        + $"{geometry.SegmentSize} more and leaves {options.MinFreeDiskBytes} to others.");
                files.Allocate();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return Full($"The disk of {options.Directory} gives no space for another segment: {e.Message}", e);
            }
        }

        return null;
    }

    private JournalBusyException Full(string why, Exception? cause = null) =>
        new(JournalShortage.Disk, why + " The batch was not taken; send it again later.", options.RetryWhenDiskIsShort, cause);
}
