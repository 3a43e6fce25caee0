using System.Collections.Frozen;
using Watchhouse.Platform.Acting;

namespace Watchhouse.Platform.Tenancy;

/// <summary>
/// What one session with the database can see: a list of forces per purpose. The query filter and row-level security
/// both read this and nothing else. An absent purpose means no row of it.
/// </summary>
public sealed class Sight
{
    private readonly FrozenDictionary<DelegationScope, List<ForceId>> _forces;

    private Sight(bool everything, FrozenDictionary<DelegationScope, List<ForceId>> forces) =>
        (Everything, _forces) = (everything, forces);

    /// <summary>No owned row at all: sessions over national facts, and tools that only need the model.</summary>
    public static Sight Nothing { get; } = new(false, FrozenDictionary<DelegationScope, List<ForceId>>.Empty);

    /// <summary>Every row, for the program's own jobs. Nothing outside the gate makes one.</summary>
    internal static Sight All { get; } = new(true, FrozenDictionary<DelegationScope, List<ForceId>>.Empty);

    public bool Everything { get; }

    internal static Sight Of(DelegationScope scope, IEnumerable<ForceId> forces) =>
        new(false, new Dictionary<DelegationScope, List<ForceId>> { [scope] = [.. forces] }.ToFrozenDictionary());

    /// <summary>The forces whose rows of this purpose are seen; meaningless when <see cref="Everything"/>.</summary>
    public List<ForceId> For(DelegationScope scope) => _forces.TryGetValue(scope, out var forces) ? forces : [];

    public bool Includes(DelegationScope scope, ForceId force) => Everything || For(scope).Contains(force);

    /// <summary>The value of a row-security setting: '*', a comma-separated list of tags, or nothing.</summary>
    public string Setting(DelegationScope scope) => Everything ? "*" : string.Join(',', For(scope));
}
