using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Acting;

/// <summary>A machine client that will soon be let in no more, or is not any more.</summary>
/// <param name="Force">Whose it is.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsKey">Whether it is its last key that ends; else the client itself does.</param>
/// <param name="EndsAt">When.</param>
/// <param name="LastUsedAt">When it came last, to the hour.</param>
public sealed record LapsingClient(ForceId Force, string Id, string Name, bool IsKey, DateTimeOffset EndsAt, DateTimeOffset? LastUsedAt);

/// <summary>Who keeps machine clients tells those who depend on them what ends: a shipper whose key has lapsed delivers nothing.</summary>
public interface ILapsingClients
{
    /// <summary>Clients that are in use and end before a moment; those that ended before the other are left out.</summary>
    Task<IReadOnlyList<LapsingClient>> FindAsync(DateTimeOffset after, DateTimeOffset before, CancellationToken cancellationToken);
}
