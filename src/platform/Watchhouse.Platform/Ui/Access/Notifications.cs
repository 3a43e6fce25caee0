using Microsoft.Extensions.Logging;
using Watchhouse.Platform.Acting;

namespace Watchhouse.Platform.Ui;

/// <summary>What waits for a person, from every source.</summary>
public sealed partial class Notifications(IEnumerable<INotificationSource> sources, ILogger<Notifications> logger)
{
    private readonly INotificationSource[] _sources = [.. sources];

    /// <summary>Whether anything can wait at all; without a source there is no bell.</summary>
    public bool Exist => _sources.Length > 0;

    public async Task<IReadOnlyList<WaitingNotice>> ListAsync(
        ActingPrincipal principal, CancellationToken cancellationToken)
    {
        var notices = new List<WaitingNotice>();
        foreach (var source in _sources)
        {
            try
            {
                var notice = await source.CountAsync(principal, cancellationToken);
                if (notice is { Count: > 0 }) notices.Add(notice);
            }
#pragma warning disable CA1031 // A count that fails must not take the frame of every page with it.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogSourceFailed(logger, source.GetType().Name, exception);
            }
        }

        return notices;
    }

    [LoggerMessage(1603, LogLevel.Warning, "The notification source {Source} failed.")]
    private static partial void LogSourceFailed(ILogger logger, string source, Exception exception);
}
