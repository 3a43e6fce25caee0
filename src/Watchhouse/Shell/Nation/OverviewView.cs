using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Overview;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Shell.Nation;

/// <summary>A figure with its values, as one principal may see them.</summary>
/// <param name="Own">The value of the principal's own force, if it has one.</param>
/// <param name="Median">What the middle force has, in words.</param>
public sealed record FigureReading(
    string Key, string Title, string Explanation, IReadOnlyDictionary<ForceId, ForceValue> Values, ForceValue? Own, string? Median)
{
    /// <summary>Forces on this step.</summary>
    public IReadOnlyList<ForceId> On(FigureTone tone) => [.. Values.Where(v => v.Value.Tone == tone).Select(v => v.Key).Order()];
}

/// <summary>A matter that waits for a person, with its force's name.</summary>
public sealed record WaitingMatter(AttentionItem Item, string ForceName);

/// <summary>Everything the overview shows, read at one moment.</summary>
/// <param name="Granted">What the own force lets others see; null when the role does not include it.</param>
/// <param name="Unread">Titles of figures that could not be read this time.</param>
public sealed record OverviewView(
    DateTimeOffset At,
    IReadOnlyList<OrganisationSummary> Organisations,
    IReadOnlyList<FigureReading> Figures,
    IReadOnlyList<WaitingMatter> Waiting,
    IReadOnlyList<DelegationInBrief>? Granted,
    IReadOnlyList<string> Unread)
{
    public IEnumerable<OrganisationSummary> Forces => Organisations.Where(o => o.IsForce);

    public string NameOf(ForceId id) => Organisations.FirstOrDefault(o => o.Id == id)?.Name ?? id.Value;
}
