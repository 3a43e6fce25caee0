using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Overview;

/// <summary>How bad a force's value is; drives the colour of its tile, always with the value in words beside it.</summary>
public enum FigureTone
{
    /// <summary>Neither good nor bad.</summary>
    Neutral,
    Good,
    Watch,
    Bad,
}

/// <summary>One force's value of a figure.</summary>
/// <param name="Value">The number, in the figure's unit.</param>
/// <param name="Words">As people read it: '5 of 8', '12 days'.</param>
/// <param name="Tone">Whether somebody must do something.</param>
public sealed record ForceValue(double Value, string Words, FigureTone Tone);

/// <summary>
/// A figure that the national map and the overview can show. A module registers one for each thing that it can say of
/// every force: open alerts over clock, exposure, silence of sources, distance from the blueprint.
/// </summary>
public interface IForceFigure
{
    /// <summary>Stable key for the address: <c>delegations</c>.</summary>
    string Key { get; }

    /// <summary>Title of the choice: 'Delegated to the Centre'.</summary>
    string Title { get; }

    /// <summary>What it counts and what to do about it, in one sentence.</summary>
    string Explanation { get; }

    /// <summary>Who may choose it.</summary>
    Permission Permission { get; }

    /// <summary>Place among the choices, low first.</summary>
    int Order { get; }

    /// <summary>The values of the forces that the principal may see it for; the others are drawn as 'not visible'.</summary>
    Task<IReadOnlyDictionary<ForceId, ForceValue>> ReadAsync(ActingPrincipal principal, CancellationToken cancellationToken);

    /// <summary>
    /// What the middle force of the nation has, in words, for a force that sees only itself to compare with. Null when
    /// it cannot be said without telling whose it is.
    /// </summary>
    Task<string?> MedianAsync(ActingPrincipal principal, CancellationToken cancellationToken) => Task.FromResult<string?>(null);
}

/// <summary>Something that waits for a person, on the overview's list 'needs you'.</summary>
/// <param name="Force">Whose matter it is.</param>
/// <param name="Title">What is to be done: 'Delegation of monitoring ends'.</param>
/// <param name="Address">Where it is done.</param>
/// <param name="Due">By when; the list is sorted by it.</param>
/// <param name="Kind">The group: 'Delegation', 'Alert'.</param>
public sealed record AttentionItem(ForceId Force, string Title, string Address, DateTimeOffset? Due, string Kind);

/// <summary>Adds to the overview's list of what needs a person now.</summary>
public interface IAttentionSource
{
    Task<IReadOnlyList<AttentionItem>> ReadAsync(ActingPrincipal principal, int most, CancellationToken cancellationToken);
}
