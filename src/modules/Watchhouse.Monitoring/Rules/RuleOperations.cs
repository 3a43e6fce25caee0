using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules;

/// <summary>A move of a rule to another stage.</summary>
internal sealed record RuleMove
{
    public required uint Version { get; init; }

    public required RuleStage To { get; init; }

    public required string Why { get; init; }

    /// <summary>Why it goes live though its present text has not been tested on what has arrived.</summary>
    public string? UntestedBecause { get; init; }
}

/// <summary>
/// Writes rules and moves them through their life: the Centre the nation's, a force its own. What runs is changed in the
/// background; the status says when.
/// </summary>
internal sealed class RuleOperations(IHouse house, RuleStore store, RuleQueries queries, RuleChanges changes)
{
    /// <summary>Says whether a text can be used, without keeping it.</summary>
    public async Task<RuleCheckAnswer> CheckAsync(ActingPrincipal actor, string text, CancellationToken cancellationToken)
    {
        // Asked at every pause of somebody's typing, and nothing that is stored is given out.
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.RulesManage) { Force = actor.Home, Logged = false }, cancellationToken);
        var (sheet, fault) = await ReadAsync(session, actor.Home, text, null, cancellationToken);
        return new(fault is null, fault, sheet);
    }

    /// <summary>Tries a text on events that somebody pasted, with the value lists of their organisation. Nothing is kept.</summary>
    public async Task<Editing.ProbeResult> ProbeAsync(ActingPrincipal actor, string text, string events, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.RulesManage) { Force = actor.Home, Logged = false }, cancellationToken);
        var around = await AroundAsync(session, actor.Home, text, null, cancellationToken);
        var lists = await session.Db.Set<ValueList>().AsNoTracking().Where(list => list.ForceId == actor.Home)
            .Select(list => new Programs.UnitList(list.ForceId, list.Name, list.Values)).ToListAsync(cancellationToken);
        if (!actor.IsCentre)
        {
            lists.AddRange(await store.NationalAsync<ValueList, Programs.UnitList>(
                all => all.Select(list => new Programs.UnitList(list.ForceId, list.Name, list.Values)), cancellationToken));
        }

        return await Task.Run(() => Editing.RuleProbe.Run(text, around, lists, actor.Home, events, session.Now), cancellationToken);
    }

    /// <summary>Makes a draft.</summary>
    public async Task<Outcome<RuleDetail>> CreateAsync(ActingPrincipal actor, string text, string? why, string? reason, CancellationToken cancellationToken)
    {
        if (why is not null && Sentence(why, "why") is { } invalid) return invalid;
        await using var session = await EnterAsync(actor, "", reason, cancellationToken);
        var (sheet, fault) = await ReadAsync(session, actor.Home, text, null, cancellationToken);
        if (sheet is null) return Failure.Invalid(fault!.ToString(), "text");
        if (await TakenAsync(session, actor.Home, sheet, null, cancellationToken) is { } taken) return taken;
        var rule = RuleUpsert.Add(session, actor.Home, sheet, text, RuleStage.Draft, Name(actor), why?.Trim() ?? "Written.", null);
        session.Record(actor.Home, Subject(rule.Id), $"The rule '{sheet.Title}' was written.", action: "rules.created");
        return await SavedAsync(session, actor, rule.Id, isRunning: false, cancellationToken);
    }

    /// <summary>Gives a rule another text. One that runs goes on with the new text.</summary>
    public async Task<Outcome<RuleDetail>> EditAsync(
        ActingPrincipal actor, Guid id, uint version, string text, string why, string? reason, CancellationToken cancellationToken)
    {
        if (Sentence(why, "why") is { } invalid) return invalid;
        await using var session = await EnterAsync(actor, Subject(id), reason, cancellationToken);
        if (await FindAsync(session, id, cancellationToken) is not { } rule) return Failure.NotFound;
        if (rule.Version != version) return Stale;
        if (rule.Stage == RuleStage.Retired) return Failure.Conflict("A retired rule is kept as it was. Make it a draft first.");
        if (rule.Text == text) return await queries.FindAsync(actor, id, reason, cancellationToken);
        var (sheet, fault) = await ReadAsync(session, rule.ForceId, text, id, cancellationToken);
        if (sheet is null) return Failure.Invalid(fault!.ToString(), "text");
        if (sheet.Key != rule.Key && rule.ShippedHash.Length > 0)
            return Failure.Invalid($"The id of a shipped rule stays {rule.Key}: by it the next release finds the rule again.", "text");
        if (await TakenAsync(session, rule.ForceId, sheet, id, cancellationToken) is { } taken) return taken;
        // The shipped text is shown beside one that was edited here.
        if (rule.ShippedHash.Length > 0 && rule.ShippedText is null) rule.ShippedText = rule.Text;
        if (rule.ShippedHash == RuleText.Hash(text)) rule.ShippedText = null;
        RuleUpsert.Change(session, rule, sheet, text, Name(actor), why.Trim());
        session.Record(rule.ForceId, Subject(id), $"The text of the rule '{rule.Title}' was changed.",
            new Dictionary<string, FieldChange> { ["revision"] = new($"{rule.Revision - 1}", $"{rule.Revision}"), ["why"] = new(null, why.Trim()) }, action: "rules.edited");
        return await SavedAsync(session, actor, id, RuleLifeCycle.Runs(rule.Stage), cancellationToken);
    }

    /// <summary>Takes the shipped text in place of the one that was edited here.</summary>
    public async Task<Outcome<RuleDetail>> TakeShippedAsync(
        ActingPrincipal actor, Guid id, uint version, string? reason, CancellationToken cancellationToken)
    {
        string text;
        await using (var session = await EnterAsync(actor, Subject(id), reason, cancellationToken))
        {
            if (await FindAsync(session, id, cancellationToken) is not { } rule) return Failure.NotFound;
            if (rule.ShippedText is null) return Failure.Conflict("The rule has the text that was shipped last.");
            text = rule.ShippedText;
        }

        return await EditAsync(actor, id, version, text, "The shipped text was taken.", reason, cancellationToken);
    }

    /// <summary>Moves a rule to another stage.</summary>
    public async Task<Outcome<RuleDetail>> MoveAsync(ActingPrincipal actor, Guid id, RuleMove move, string? reason, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(move.To)) return Failure.Invalid("A rule is draft, testing, live or retired.", "to");
        if (Sentence(move.Why, "why") is { } invalid) return invalid;
        await using var session = await EnterAsync(actor, Subject(id), reason, cancellationToken);
        if (await FindAsync(session, id, cancellationToken) is not { } rule) return Failure.NotFound;
        if (rule.Version != move.Version) return Stale;
        var isTested = rule.TestedRevision == rule.Revision;
        if (RuleLifeCycle.Refusal(rule.Stage, move.To, isTested, move.UntestedBecause) is { } refusal) return Failure.Conflict(refusal);
        var before = rule.Stage;
        var why = move.To == RuleStage.Live && !isTested ? $"{move.Why.Trim()} Not tested: {move.UntestedBecause!.Trim()}" : move.Why.Trim();
        RuleUpsert.Move(session, rule, move.To, Name(actor), why[..Math.Min(why.Length, 500)]);
        session.Record(rule.ForceId, Subject(id), $"The rule '{rule.Title}' went from {RuleLifeCycle.Word(before)} to {RuleLifeCycle.Word(move.To)}.",
            new Dictionary<string, FieldChange> { ["state"] = new(RuleLifeCycle.Word(before), RuleLifeCycle.Word(move.To)), ["why"] = new(null, why) },
            action: "rules.moved");
        return await SavedAsync(session, actor, id, RuleLifeCycle.Runs(before) || RuleLifeCycle.Runs(move.To), cancellationToken);
    }

    internal static Failure? Sentence(string? text, string field) =>
        text?.Trim().Length is null or < 5 or > 400 ? Failure.Invalid("Say it in 5 to 400 characters.", field) : null;

    /// <summary>The actor's name as revisions keep it.</summary>
    internal static string Name(ActingPrincipal actor) => actor.Name.Length <= 80 ? actor.Name : actor.Name[..80];

    // A correlation or filter may name other rules of the same owner: those that the text mentions are read with it.
    private static async Task<(RuleSheet? Sheet, RuleFault? Fault)> ReadAsync(
        HouseSession session, ForceId owner, string text, Guid? itself, CancellationToken cancellationToken)
    {
        var (sheet, fault) = RuleText.Read(text);
        if (fault is null) return (sheet, fault);
        return await AroundAsync(session, owner, text, itself, cancellationToken) is { Count: > 0 } around ? RuleText.Read(text, around) : (sheet, fault);
    }

    private static async Task<IReadOnlyList<string>> AroundAsync(
        HouseSession session, ForceId owner, string text, Guid? itself, CancellationToken cancellationToken)
    {
        if (!(RuleText.HasCorrelation(text) || RuleText.HasFilter(text))) return [];
        var known = await session.Db.Set<DetectionRule>().AsNoTracking().Where(rule => rule.ForceId == owner && rule.Id != itself && rule.Stage != RuleStage.Retired)
            .Select(rule => new { rule.Id, rule.Names }).ToListAsync(cancellationToken);
        var mentioned = known.Where(rule => rule.Names.Exists(name => text.Contains(name, StringComparison.Ordinal))).Select(rule => rule.Id).Take(200).ToList();
        if (mentioned.Count == 0) return [];
        return await session.Db.Set<DetectionRule>().AsNoTracking().Where(rule => mentioned.Contains(rule.Id)).Select(rule => rule.Text).ToListAsync(cancellationToken);
    }

    private async Task<Failure?> TakenAsync(HouseSession session, ForceId owner, RuleSheet sheet, Guid? itself, CancellationToken cancellationToken)
    {
        var own = await session.Db.Set<DetectionRule>().AsNoTracking().Where(rule => rule.ForceId == owner && rule.Id != itself)
            .Select(rule => new { rule.Title, rule.Names }).ToListAsync(cancellationToken);
        var national = owner == ForceId.Centre ? [] : await store.NationalAsync<DetectionRule, NamedRule>(
            rules => rules.Select(rule => new NamedRule(rule.Title, rule.Names)), cancellationToken);
        var other = own.Select(rule => new NamedRule(rule.Title, rule.Names)).Concat(national)
            .Select(rule => (rule.Title, Name: rule.Names.Find(name => sheet.Names.Contains(name)))).FirstOrDefault(rule => rule.Name is not null);
        return other.Name is null ? null
            : Failure.Invalid($"The rule '{other.Title}' has the id or name {other.Name} already. Alerts name rules by it: give this one another.", "text");
    }

    private async Task<Outcome<RuleDetail>> SavedAsync(HouseSession session, ActingPrincipal actor, Guid id, bool isRunning, CancellationToken cancellationToken)
    {
        var saved = await session.CommitAsync(cancellationToken);
        if (!saved.Succeeded) return saved.Failure;
        if (isRunning) changes.Raise();
        return await queries.FindAsync(actor, id, session.Access.Reason, cancellationToken);
    }

    private static readonly Failure Stale = Failure.Conflict(
        "Somebody else changed this rule in the meantime, so your change was not saved. Load it again and repeat your change.");

    private Task<HouseSession> EnterAsync(ActingPrincipal actor, string subject, string? reason, CancellationToken cancellationToken) =>
        house.EnterAsync(actor, new Access(Permissions.RulesManage) { Force = actor.Home, Subject = subject, Reason = reason }, cancellationToken);

    // A job sees every force; the rule that a person can change is one of their own organisation.
    private static Task<DetectionRule?> FindAsync(HouseSession session, Guid id, CancellationToken cancellationToken)
    {
        var home = session.Principal.Home;
        return session.Db.Set<DetectionRule>().FirstOrDefaultAsync(rule => rule.Id == id && rule.ForceId == home, cancellationToken);
    }

    private static string Subject(Guid id) => $"rule/{id}";

    private sealed record NamedRule(string Title, List<string> Names);
}
