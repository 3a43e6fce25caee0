using Watchhouse.Platform.Acting;

namespace Watchhouse.Platform.Overview;

/// <summary>Who has the watch of an organisation.</summary>
/// <param name="Person">Null where nobody has it.</param>
/// <param name="Until">When the shift of now ends; null where none is planned.</param>
public sealed record WatchNow(string? Person, DateTimeOffset? Until);

/// <summary>Whoever keeps the watch says who has it, for the head of every page: the frame knows no module.</summary>
public interface IWatchNow
{
    /// <returns>Null where the reader's organisation keeps no watch, or where they may not see it.</returns>
    Task<WatchNow?> ReadAsync(ActingPrincipal principal, CancellationToken cancellationToken);
}
