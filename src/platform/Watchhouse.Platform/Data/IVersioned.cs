namespace Watchhouse.Platform.Data;

/// <summary>
/// A record whose stale update must be refused. The version is raised at each save on both databases: SQLite has no
/// row version of its own.
/// </summary>
public interface IVersioned
{
    /// <summary>Starts at 1; sent to clients as an ETag.</summary>
    uint Version { get; set; }
}
