using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules.Lists;

/// <summary>A list of values for a placeholder of rules.</summary>
/// <param name="Owner">The Centre, whose lists hold for all forces, or the force whose own it is and for which it goes before the Centre's.</param>
internal sealed record ValueListRow(ForceId Owner, string Name, IReadOnlyList<string> Values, uint Version, DateTimeOffset ChangedAt, string ChangedBy);

/// <summary>A list that rules wait for.</summary>
internal sealed record NeededList(string Name, IReadOnlyList<string> Rules, bool IsThere);

/// <summary>The lists in sight, and which lists rules need; 'isThere' is said for the reader's own organisation.</summary>
internal sealed record ValueListsAnswer(IReadOnlyList<ValueListRow> Lists, IReadOnlyList<NeededList> Needed);

/// <summary>Reads and sets value lists: the Centre those for all forces, a force its own.</summary>
internal sealed partial class ValueListOperations(IHouse house, RuleStore store, RuleChanges changes)
{
    public async Task<ValueListsAnswer> ListAsync(ActingPrincipal actor, string? reason, CancellationToken cancellationToken)
    {
        List<ValueList> own;
        List<RuleNeed> needs;
        await using (var session = await house.EnterAsync(
            actor, new Access(Permissions.RulesRead) { Subject = "value-lists", Reason = reason }, cancellationToken))
        {
            own = await session.Db.Set<ValueList>().AsNoTracking().Where(list => list.ForceId != ForceId.Centre).ToListAsync(cancellationToken);
            needs = await Needs(session.Db.Set<DetectionRule>().Where(rule => rule.ForceId != ForceId.Centre)).ToListAsync(cancellationToken);
        }

        var national = await store.NationalAsync<ValueList, ValueList>(lists => lists, cancellationToken);
        needs.AddRange(await store.NationalAsync<DetectionRule, RuleNeed>(Needs, cancellationToken));
        var there = national.Concat(own.Where(list => list.ForceId == actor.Home)).Select(list => list.Name).ToHashSet(StringComparer.Ordinal);
        return new(
            [.. national.Concat(own).OrderBy(list => list.Name, StringComparer.Ordinal).ThenBy(list => list.ForceId).Select(Row)],
            [.. needs.SelectMany(rule => rule.Placeholders.Select(name => (name, rule.Title))).GroupBy(each => each.name).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new NeededList(group.Key, [.. group.Select(each => each.Title).Order(StringComparer.Ordinal)], there.Contains(group.Key)))]);
    }

    public const string NameIsAsked = "A list's name has 1 to 100 letters, digits, dots, hyphens and underscores.";

    /// <summary>Whether a list can have this name.</summary>
    public static bool IsName(string name) => NamePattern().IsMatch(name);

    /// <summary>Sets a list of one's own organisation.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="name">The placeholder, without percent signs.</param>
    /// <param name="values">All its values.</param>
    /// <param name="version">That of the list it was made from; null for a new one.</param>
    /// <param name="reason">Why, where the controller demands it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Outcome<ValueListRow>> SetAsync(
        ActingPrincipal actor, string name, IReadOnlyList<string> values, uint? version, string? reason, CancellationToken cancellationToken)
    {
        if (!IsName(name)) return Failure.Invalid(NameIsAsked, "name");
        if (values.Count is 0 or > ValueList.MostValues) return Failure.Invalid($"A list has 1 to {ValueList.MostValues} values. Remove the list instead of emptying it.", "values");
        if (values.FirstOrDefault(value => string.IsNullOrWhiteSpace(value) || value.Length > ValueList.LongestValue) is not null)
            return Failure.Invalid($"A value has 1 to {ValueList.LongestValue} characters.", "values");
        List<string> clean = [.. values.Select(value => value.Trim()).Distinct(StringComparer.Ordinal)];
        if (clean.Find(value => value.Trim('*', '?').Length == 0) is { } wide)
            return Failure.Invalid($"The value '{wide}' fits everything. Name what is meant.", "values");
        await using var session = await EnterAsync(actor, name, reason, cancellationToken);
        var list = await FindAsync(session, actor.Home, name, cancellationToken);
        if (list is null && version is not null) return Failure.NotFound;
        if (list is not null && list.Version != version) return Stale;
        if (list?.Values.SequenceEqual(clean) == true) return Row(list);
        var before = list?.Values.Count ?? 0;
        if (list is null)
        {
            session.Db.Add(list = new ValueList
            {
                Id = Guid.CreateVersion7(session.Now),
                ForceId = actor.Home,
                Name = name,
                Values = clean,
                ChangedAt = session.Now,
                ChangedBy = RuleOperations.Name(actor),
            });
        }

        (list.Values, list.ChangedAt, list.ChangedBy) = (clean, session.Now, RuleOperations.Name(actor));
        session.Record(actor.Home, $"value-list/{name}", $"The value list '{name}' was set.",
            new Dictionary<string, FieldChange> { ["values"] = new($"{before}", $"{clean.Count}") }, action: "rules.list-set");
        var saved = await session.CommitAsync(cancellationToken);
        if (!saved.Succeeded) return saved.Failure;
        changes.Raise();
        return Row(list);
    }

    /// <summary>Removes a list of one's own organisation; rules that need it go without, or with the Centre's.</summary>
    public async Task<Outcome<Done>> RemoveAsync(ActingPrincipal actor, string name, uint version, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, name, reason, cancellationToken);
        if (await FindAsync(session, actor.Home, name, cancellationToken) is not { } list) return Failure.NotFound;
        if (list.Version != version) return Stale;
        session.Db.Remove(list);
        session.Record(actor.Home, $"value-list/{name}", $"The value list '{name}' was removed.", action: "rules.list-removed");
        var saved = await session.CommitAsync(cancellationToken);
        if (saved.Succeeded) changes.Raise();
        return saved;
    }

    private static readonly Failure Stale = Failure.Conflict(
        "Somebody else changed this list in the meantime, so your change was not saved. Load it again and repeat your change.");

    private Task<HouseSession> EnterAsync(ActingPrincipal actor, string name, string? reason, CancellationToken cancellationToken) =>
        house.EnterAsync(actor, new Access(Permissions.RulesManage) { Force = actor.Home, Subject = $"value-list/{name}", Reason = reason }, cancellationToken);

    private static Task<ValueList?> FindAsync(HouseSession session, ForceId owner, string name, CancellationToken cancellationToken) =>
        session.Db.Set<ValueList>().FirstOrDefaultAsync(list => list.ForceId == owner && list.Name == name, cancellationToken);

    private static IQueryable<RuleNeed> Needs(IQueryable<DetectionRule> rules) => rules
        .Where(rule => rule.Stage != RuleStage.Retired && rule.Placeholders.Count > 0).Select(rule => new RuleNeed(rule.Title, rule.Placeholders));

    private static ValueListRow Row(ValueList list) => new(list.ForceId, list.Name, list.Values, list.Version, list.ChangedAt, list.ChangedBy);

    [GeneratedRegex(@"^[\p{L}\p{N}_.\-]{1,100}$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    private sealed record RuleNeed(string Title, List<string> Placeholders);
}
