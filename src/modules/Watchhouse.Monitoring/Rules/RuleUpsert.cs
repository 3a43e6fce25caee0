using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules;

/// <summary>What a shipped text does to the rules that there are.</summary>
internal enum UpsertKind
{
    /// <summary>There was no such rule.</summary>
    New,

    /// <summary>The rule takes the new text.</summary>
    Changed,

    /// <summary>Nothing.</summary>
    Unchanged,

    /// <summary>The rule was edited here: the edit stands, and the shipped text is shown beside it.</summary>
    KeptEdit,
}

/// <summary>A text as it was shipped.</summary>
internal sealed record ShippedText(RuleOrigin Origin, string OriginName, string Path, string Text, string Hash);

/// <summary>Puts texts into rules and writes revisions. The caller commits.</summary>
internal static class RuleUpsert
{
    /// <summary>What a shipped text would do.</summary>
    public static UpsertKind Decide(DetectionRule? rule, ShippedText shipped) => rule is null ? UpsertKind.New
        : Decide(RuleText.Hash(rule.Text), rule.ShippedHash, shipped.Hash);

    /// <summary>As <see cref="Decide(DetectionRule?, ShippedText)"/>, by hashes: of the rule's text, of what was shipped last, and of what is shipped.</summary>
    public static UpsertKind Decide(string own, string last, string next) =>
        next == own || next == last ? UpsertKind.Unchanged : own == last ? UpsertKind.Changed : UpsertKind.KeptEdit;

    public static DetectionRule Add(
        HouseSession session, ForceId owner, RuleSheet sheet, string text, RuleStage stage, string by, string why, ShippedText? shipped)
    {
        var rule = new DetectionRule
        {
            Id = Guid.CreateVersion7(session.Now),
            ForceId = owner,
            Key = sheet.Key,
            Names = [.. sheet.Names],
            Title = sheet.Title,
            Level = sheet.Level,
            LogSource = sheet.LogSource,
            Tags = [.. sheet.Tags],
            Placeholders = [.. sheet.Placeholders],
            Stage = stage,
            Origin = shipped?.Origin ?? RuleOrigin.Hand,
            OriginName = shipped?.OriginName ?? "",
            Path = shipped?.Path ?? "",
            Text = text,
            ShippedHash = shipped?.Hash ?? "",
            CreatedAt = session.Now,
            ChangedAt = session.Now,
            ChangedBy = by,
        };
        session.Db.Add(rule);
        Revise(session, rule, by, why, text);
        return rule;
    }

    /// <summary>Gives a rule another text.</summary>
    public static void Change(HouseSession session, DetectionRule rule, RuleSheet sheet, string text, string by, string why)
    {
        (rule.Key, rule.Title, rule.Level, rule.LogSource, rule.Text) = (sheet.Key, sheet.Title, sheet.Level, sheet.LogSource, text);
        (rule.Names, rule.Tags, rule.Placeholders) = ([.. sheet.Names], [.. sheet.Tags], [.. sheet.Placeholders]);
        Revise(session, rule, by, why, text);
    }

    public static void Move(HouseSession session, DetectionRule rule, RuleStage stage, string by, string why)
    {
        var wasTested = rule.TestedRevision == rule.Revision;
        rule.Stage = stage;
        Revise(session, rule, by, why, null);
        // Its text is the one that was tested.
        if (wasTested) rule.TestedRevision = rule.Revision;
    }

    /// <summary>Lets a shipped text do what it does; the sheet is that of the text.</summary>
    public static UpsertKind Apply(HouseSession session, DetectionRule rule, ShippedText shipped, RuleSheet sheet, string by, string why)
    {
        var kind = Decide(rule, shipped);
        if (kind == UpsertKind.Changed) Change(session, rule, sheet, shipped.Text, by, why);
        if (kind == UpsertKind.KeptEdit) rule.ShippedText = shipped.Text;
        // A rule that was written here and is shipped now by others stays one that was written here.
        if (rule.Origin == shipped.Origin) rule.Path = shipped.Path;
        rule.ShippedHash = shipped.Hash;
        if (kind != UpsertKind.KeptEdit && RuleText.Hash(rule.Text) == shipped.Hash) rule.ShippedText = null;
        return kind;
    }

    private static void Revise(HouseSession session, DetectionRule rule, string by, string why, string? text)
    {
        (rule.Revision, rule.ChangedAt, rule.ChangedBy) = (rule.Revision + 1, session.Now, by);
        session.Db.Add(new RuleRevision
        {
            Id = Guid.CreateVersion7(session.Now),
            ForceId = rule.ForceId,
            RuleId = rule.Id,
            Number = rule.Revision,
            At = session.Now,
            By = by,
            Why = why,
            Stage = rule.Stage,
            Text = text,
        });
    }
}
