using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Contracts;

/// <summary>One measure of a force, with the nation's beside it.</summary>
/// <param name="Title">'Time to acknowledge'.</param>
/// <param name="Own">The force's, in words.</param>
/// <param name="National">The middle of the other forces'; null where fewer than five stand behind it (law 4).</param>
public sealed record MeasureBrief(string Title, string Own, string? National);

/// <summary>How long a force's alerts waited in the last thirty days, as the page of measures has it.</summary>
public interface IMeasuresInBrief
{
    /// <exception cref="Platform.Operations.AccessRefusedException">The actor may see no alerts of the force, or has to give a reason.</exception>
    Task<IReadOnlyList<MeasureBrief>> OfAsync(ActingPrincipal actor, ForceId force, string? reason, CancellationToken cancellationToken);
}
