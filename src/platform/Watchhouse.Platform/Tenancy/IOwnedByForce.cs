namespace Watchhouse.Platform.Tenancy;

/// <summary>
/// A record that belongs to one controller. The filter on reads, the guard on writes and, on PostgreSQL, row-level
/// security all hang on this one property (law 1: the force is the controller).
/// </summary>
public interface IOwnedByForce
{
    /// <summary>The force that is the controller of this record today; a succession moves it, with a record.</summary>
    ForceId ForceId { get; }
}
