using System.Globalization;

namespace Watchhouse.Federation.Organisations;

/// <summary>The register in words.</summary>
internal static class RegisterWords
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    public static string Day(DateOnly day) => day.ToString("d MMMM yyyy", English);

    /// <summary>Names and successions as one story, the newest first. A name that came with a succession is told by it.</summary>
    public static IReadOnlyList<HistoryList.Moment> History(OrganisationDetail detail)
    {
        var tag = detail.Summary.Id.Value;
        var told = detail.Successions.Select(s => (DateOnly?)s.EffectiveOn).ToHashSet();
        var names = detail.Names.Where(n => !told.Contains(n.From)).Select(n => new HistoryList.Moment(
            n.From, n.From is null ? $"Bears the name {n.OfficialName}" : $"Begins as {n.OfficialName}",
            n.From is null ? "Since before the register; the day is not known." : null, [], [], "Flag", false));
        return [.. detail.Successions.Select(s => Told(s, tag)).Concat(names).OrderByDescending(m => m.On ?? DateOnly.MinValue)];
    }

    private static HistoryList.Moment Told(SuccessionModel s, string tag)
    {
        var follows = s.Successors.Contains(tag) && !s.Predecessors.Contains(tag);
        var (title, icon) = s.Kind switch
        {
            nameof(SuccessionKind.Rename) => ($"{(s.Applied ? "Takes" : "Will take")} the name {s.NameAfter?.Split('|')[0]}, before that {s.NameBefore}", "Rename"),
            nameof(SuccessionKind.Split) => (follows ? "Formed by the division of one force" : $"Divided into {s.Successors.Count}", "BranchFork"),
            nameof(SuccessionKind.Absorb) => (follows ? "Takes over another organisation" : "Ends and is taken over", "Merge"),
            _ => (follows ? $"Formed from {s.Predecessors.Count} organisations" : $"Ends and becomes part of a new organisation, with {s.Predecessors.Count - 1} others", "Merge"),
        };
        var rename = s.Kind == nameof(SuccessionKind.Rename);
        return new HistoryList.Moment(s.EffectiveOn, title, Sentence(s.Basis),
            rename || !follows ? [] : s.Predecessors, rename || follows ? [] : s.Successors, icon, !s.Applied);
    }

    private static string Sentence(string text) => text.Length == 0 ? text : string.Concat(text[..1].ToUpperInvariant(), text.AsSpan(1));
}
