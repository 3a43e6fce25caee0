using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Contracts;

/// <summary>A source from which nothing has come for a day.</summary>
/// <param name="Force">Whose it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="LastReceivedAt">When events last came; null where none ever did.</param>
public sealed record SilentSource(ForceId Force, string Name, DateTimeOffset? LastReceivedAt);

/// <summary>Sources that have fallen silent. One query.</summary>
public interface ISilentSources
{
    /// <summary>The latest to fall silent first, within the actor's sight.</summary>
    /// <exception cref="Platform.Operations.AccessRefusedException">The actor may see no sources at all, or has to give a reason.</exception>
    Task<IReadOnlyList<SilentSource>> ListAsync(ActingPrincipal actor, ForceId? force, int most, string? reason, bool again, CancellationToken cancellationToken);
}
