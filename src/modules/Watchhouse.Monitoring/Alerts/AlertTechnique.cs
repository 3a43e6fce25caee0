using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>
/// An ATT&amp;CK technique of an alert: a row for each, so that a list by technique reads an index and not every alert. A
/// sub-technique has a row for its technique too.
/// </summary>
internal sealed class AlertTechnique : IOwnedByForce
{
    private const string Prefix = "attack.t";

    public required Guid AlertId { get; init; }

    /// <summary>T1114 or T1114.003.</summary>
    public required string Technique { get; init; }

    public required ForceId ForceId { get; set; }

    /// <summary>When the alert was raised.</summary>
    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>The techniques that tags name, as ATT&amp;CK writes them: T1114.003. Tactics and other tags are left out.</summary>
    public static IReadOnlyList<string> Named(IEnumerable<string> tags) =>
        [.. tags.Where(tag => tag.Length is > 8 and <= 24 && tag.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && char.IsAsciiDigit(tag[8]))
            .Select(tag => tag[7..].ToUpperInvariant()).Distinct()];

    /// <summary>Those, and the technique that each sub-technique belongs to.</summary>
    public static IReadOnlyList<string> Found(IEnumerable<string> tags) =>
        [.. Named(tags).SelectMany(technique => new[] { technique, technique.Split('.')[0] }).Distinct()];
}
