using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules;

/// <summary>
/// Brings the nation's detections, and those in the folder <c>rules</c> of the data directory, into the records at the start.
/// A text that has not changed since costs a hash; one that was edited here is not overwritten.
/// </summary>
internal sealed partial class ShippedRules(IHouse house, HouseDirectory directory, ILogger<ShippedRules> log)
{
    private const string By = "Watchhouse";
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("rules");

    public async Task OpenAsync(string nationalData, CancellationToken cancellationToken)
    {
        var texts = Read(Path.Combine(nationalData, "detections"), RuleOrigin.National)
            .Concat(Read(Path.Combine(directory.Path, "rules"), RuleOrigin.Folder)).ToList();
        await using var session = await house.EnterAsync(Job, new Access(Permissions.RulesManage) { Logged = false }, cancellationToken);
        var known = await session.Db.Set<DetectionRule>().AsNoTracking()
            .Where(rule => rule.ForceId == ForceId.Centre && (rule.Origin == RuleOrigin.National || rule.Origin == RuleOrigin.Folder))
            .Select(rule => new { rule.Id, rule.Origin, rule.Path, rule.ShippedHash, rule.Stage }).ToListAsync(cancellationToken);
        var hashes = known.ToLookup(rule => (rule.Origin, rule.Path), rule => rule.ShippedHash);
        var (added, changed, kept) = (0, 0, 0);
        var sheets = texts.Where(text => !hashes[(text.Origin, text.Path)].Contains(text.Hash)).ToList();
        var around = sheets.Count == 0 ? [] : texts.Where(text => RuleText.HasCorrelation(text.Text) || text.Text.Contains("\nname:", StringComparison.Ordinal)).ToList();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in sheets)
        {
            var (sheet, fault) = RuleText.Read(text.Text);
            if (fault is not null) (sheet, fault) = RuleText.Read(text.Text, around.Where(each => each != text).Select(each => each.Text));
            if (sheet is null)
            {
                Unusable(log, text.Path, fault!.ToString());
                continue;
            }

            if (!taken.Add(sheet.Key))
            {
                Unusable(log, text.Path, $"another file has the id {sheet.Key} too; only the first is used.");
                continue;
            }

            var rule = await session.Db.Set<DetectionRule>().FirstOrDefaultAsync(each => each.ForceId == ForceId.Centre && each.Key == sheet.Key, cancellationToken);
            if (rule is null)
            {
                RuleUpsert.Add(session, ForceId.Centre, sheet, text.Text, RuleStage.Live, By, Came(text.Origin), text);
                added++;
                continue;
            }

            if (rule.Origin != text.Origin) Unusable(log, text.Path, $"a rule of another origin has the id {sheet.Key}; that one is used.");
            else if (RuleUpsert.Apply(session, rule, text, sheet, By, "The shipped file has changed.") == UpsertKind.KeptEdit) kept++;
            else changed++;
            Return(session, rule, text);
        }

        var there = texts.Select(text => (text.Origin, text.Path)).ToHashSet();
        var gone = known.Where(rule => rule.Stage != RuleStage.Retired && !there.Contains((rule.Origin, rule.Path))).Select(rule => rule.Id).ToList();
        var retired = await RetireAsync(session, gone, cancellationToken);
        if (added + changed + kept + retired == 0) return;
        session.Record(
            ForceId.Centre, "rules/shipped", $"Shipped rules: {added} new, {changed} changed, {kept} changed but edited here, {retired} retired because their file is gone.",
            action: "rules.shipped");
        await session.CommitAsync(cancellationToken);
    }

    private static async Task<int> RetireAsync(HouseSession session, List<Guid> ids, CancellationToken cancellationToken)
    {
        var retired = 0;
        foreach (var id in ids)
        {
            var rule = await session.Db.Set<DetectionRule>().FirstAsync(each => each.Id == id, cancellationToken);
            // A file that moved has brought its new place along.
            if (session.Db.Entry(rule).Property(each => each.Path).IsModified) continue;
            RuleUpsert.Move(session, rule, RuleStage.Retired, By, FileGone);
            retired++;
        }

        return retired;
    }

    private const string FileGone = "Its file is gone.";

    // What was retired because its file was gone comes back with it; what a person retired does not.
    private static void Return(HouseSession session, DetectionRule rule, ShippedText text)
    {
        if (rule.Stage != RuleStage.Retired || rule.Origin != text.Origin || rule.ChangedBy != By) return;
        RuleUpsert.Move(session, rule, RuleStage.Live, By, "Its file is there again.");
    }

    private static string Came(RuleOrigin origin) => origin == RuleOrigin.National ? "It came with the program." : "It was laid into the folder 'rules'.";

    private static List<ShippedText> Read(string folder, RuleOrigin origin) => !Directory.Exists(folder) ? [] :
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".yml", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .Select(file => (Path: Path.GetRelativePath(folder, file).Replace('\\', '/'), Text: File.ReadAllText(file)))
            .Select(file => new ShippedText(origin, "", file.Path, file.Text, RuleText.Hash(file.Text)))];

    [LoggerMessage(1, LogLevel.Warning, "The rule {File} is not in use: {Reason}")]
    private static partial void Unusable(ILogger log, string file, string reason);
}
