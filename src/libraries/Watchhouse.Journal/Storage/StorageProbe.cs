namespace Watchhouse.Journal.Storage;

/// <summary>Steps at which storage can fail; the tests make them fail.</summary>
internal enum StorageStep
{
    Allocate,
    Write,
    Flush,
}

/// <summary>Called before each step with the bytes it is about. May throw, as a disk does.</summary>
internal delegate void StorageProbe(StorageStep step, long bytes);
