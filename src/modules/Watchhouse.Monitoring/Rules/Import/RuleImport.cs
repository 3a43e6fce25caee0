using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules.Import;

/// <summary>
/// Imports a release. What is applied is what was seen: the token names the difference, and another package or rules that
/// changed in the meantime make another token.
/// </summary>
internal sealed class RuleImport(IHouse house, RuleStore store, RuleChanges changes) : IRuleImports, IDisposable
{
    /// <summary>Rules that the Centre can have, and that a force can have of its own.</summary>
    public const int MostNational = 20_000;
    public const int MostOwn = 500;

    private const string NameIsAsked = "Give the release a name of 1 to 80 characters: by it the next one is known to follow this one.";

    // Reading thousands of rules twice over at the same time would take the machine from those who watch.
    private readonly SemaphoreSlim _one = new(1, 1);

    public void Dispose() => _one.Dispose();

    public Task<Outcome<RuleImportReport>> RunAsync(ActingPrincipal actor, Stream package, RuleImportRequest request, CancellationToken cancellationToken) =>
        RunAsync(actor, () => RulePackage.Read(package), request, cancellationToken);

    public Task<Outcome<RuleImportReport>> RunAsync(ActingPrincipal actor, string path, RuleImportRequest request, CancellationToken cancellationToken) =>
        RunAsync(actor, () => RulePackage.Read(path), request, cancellationToken);

    private async Task<Outcome<RuleImportReport>> RunAsync(
        ActingPrincipal actor, Func<List<PackageFile>> read, RuleImportRequest request, CancellationToken cancellationToken)
    {
        if (!RuleEndpoints.Word<RuleStage>(request.State, out var stage) || stage is null or RuleStage.Retired)
            return Failure.Invalid("New rules begin as draft, testing or live.", "state");
        if (request.Name.Trim().Length is 0 or > 80) return Failure.Invalid(NameIsAsked, "name");
        if (stage == RuleStage.Live && RuleOperations.Sentence(request.Why, "why") is not null)
            return Failure.Invalid("New rules go live without a test here: say in 'why' why that is right, in 5 to 400 characters.", "why");
        if (!await _one.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken)) return Failure.Conflict("Another import is running. Try again when it has ended.");
        try
        {
            await using var session = await house.EnterAsync(
                actor, new Access(Permissions.RulesManage) { Force = actor.Home, Subject = $"rules/{request.Name}", Reason = request.Why }, cancellationToken);
            var plan = await Task.Run(read, cancellationToken) is { Count: > 0 } files
                ? await PlanAsync(session, actor.Home, files, request, cancellationToken) : null;
            if (plan is null) return Failure.Invalid("There is no rule file (.yml) in the package.", "package");
            var report = plan.Report(stage.Value);
            if (request.Apply is null && !request.ApplyUnseen) return report;
            if (request.Apply is { } token && token != report.Token)
                return Failure.Conflict("The package or the rules are not those that were looked at. Look at the difference again, and apply that.");
            if (plan.Total > (actor.IsCentre ? MostNational : MostOwn))
                return Failure.Invalid($"There would be {plan.Total} rules; the limit is {(actor.IsCentre ? MostNational : MostOwn)}.", "package");
            return await ApplyAsync(session, actor, plan, report, stage.Value, request, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException)
        {
            return Failure.Invalid(e.Message, "package");
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<ImportPlan> PlanAsync(
        HouseSession session, ForceId home, List<PackageFile> files, RuleImportRequest request, CancellationToken cancellationToken)
    {
        var known = await session.Db.Set<DetectionRule>().Where(rule => rule.ForceId == home).ToListAsync(cancellationToken);
        HashSet<string> national = home == ForceId.Centre ? [] : [.. (await store.NationalAsync<DetectionRule, List<string>>(
            rules => rules.Select(rule => rule.Names), cancellationToken)).SelectMany(names => names)];
        return await Task.Run(() => ImportPlan.Make(known, national, files, request), cancellationToken);
    }

    private async Task<Outcome<RuleImportReport>> ApplyAsync(
        HouseSession session, ActingPrincipal actor, ImportPlan plan, RuleImportReport report, RuleStage stage, RuleImportRequest request,
        CancellationToken cancellationToken)
    {
        var by = RuleOperations.Name(actor);
        var from = request.Release.Length > 0 ? $"{request.Name} {request.Release}" : request.Name;
        var why = Cut(request.Why is { Length: > 0 } given ? $"{from}: {given}" : $"Imported from {from}.", 500);
        foreach (var step in plan.Steps)
        {
            if (step.Rule is null) RuleUpsert.Add(session, actor.Home, step.Sheet!, step.Shipped!.Text, stage, by, why, step.Shipped);
            else if (step.Shipped is not null) RuleUpsert.Apply(session, step.Rule, step.Shipped, step.Sheet ?? Sheet(step.Rule), by, why);
            else if (step.Rule.Stage != RuleStage.Retired) RuleUpsert.Move(session, step.Rule, RuleStage.Retired, by, Cut($"{from} does not have it any more.", 500));
        }

        if (report.New.Count + report.Changed.Count + report.KeptEdits.Count + report.Removed.Count > 0)
        {
            session.Record(actor.Home, $"rules/{request.Name}", $"Rules were imported from {from}.", new Dictionary<string, FieldChange>
            {
                ["new"] = new(null, $"{report.New.Count}"),
                ["changed"] = new(null, $"{report.Changed.Count}"),
                ["keptEdits"] = new(null, $"{report.KeptEdits.Count}"),
                ["retired"] = new(null, $"{report.Removed.Count}"),
            }, action: "rules.imported");
        }

        var saved = await session.CommitAsync(cancellationToken);
        if (!saved.Succeeded) return saved.Failure;
        changes.Raise();
        return report with { Applied = true };
    }

    private static RuleSheet Sheet(DetectionRule rule) => new(rule.Key, rule.Names, rule.Title, rule.Level, rule.LogSource, rule.Tags, rule.Placeholders);

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}

/// <summary>One thing that an import does: a new rule (no rule yet), a text for a rule, or its retirement (no text).</summary>
internal sealed record ImportStep(UpsertKind? Kind, DetectionRule? Rule, ShippedText? Shipped, RuleSheet? Sheet);

/// <summary>What an import would do.</summary>
internal sealed class ImportPlan
{
    private readonly List<RuleImportFault> _faults = [];
    private readonly List<RuleImportRow> _removed = [];
    private readonly RuleImportRequest _request;

    private ImportPlan(RuleImportRequest request) => _request = request;

    public List<ImportStep> Steps { get; } = [];

    /// <summary>Rules that there would be.</summary>
    public int Total { get; private set; }

    public static ImportPlan Make(List<DetectionRule> known, HashSet<string> national, List<PackageFile> files, RuleImportRequest request)
    {
        var plan = new ImportPlan(request);
        var byPath = known.Where(rule => rule.Origin == RuleOrigin.Release && rule.OriginName == request.Name)
            .GroupBy(rule => rule.Path).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var byKey = known.GroupBy(rule => rule.Key).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        // Names of a correlation's rules may stand in other files.
        var named = files.Where(file => file.Text.Contains("\nname:", StringComparison.Ordinal)).Select(file => file.Text).Take(500).ToList();
        var done = 0;
        var read = files.AsParallel().AsOrdered().WithDegreeOfParallelism(Math.Max(1, Environment.ProcessorCount / 2)).Select(file =>
        {
            var shipped = new ShippedText(RuleOrigin.Release, request.Name, file.Path, file.Text, RuleText.Hash(file.Text));
            if (Interlocked.Increment(ref done) is var number && number % 50 == 0) request.Progress?.Report((double)number / files.Count);
            // A file that is as it was the last time needs no reading.
            if (byPath.TryGetValue(file.Path, out var same) && same.ShippedHash == shipped.Hash) return (shipped, same: (DetectionRule?)same, sheet: (RuleSheet?)null, fault: (RuleFault?)null);
            var (sheet, fault) = RuleText.Read(file.Text);
            if (fault is not null && RuleText.HasCorrelation(file.Text)) (sheet, fault) = RuleText.Read(file.Text, named.Where(text => text != file.Text));
            return (shipped, same: (DetectionRule?)null, sheet, fault);
        }).ToList();
        var taken = new HashSet<Guid>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (shipped, same, sheet, fault) in read)
        {
            var key = same?.Key ?? sheet?.Key;
            if (key is null) plan._faults.Add(new(shipped.Path, fault!.Line, $"{fault.What} {fault.Do}"));
            else if (!keys.Add(key)) plan._faults.Add(new(shipped.Path, 1, $"Another file of the package has the id {key} too; the first is taken."));
            else if (sheet?.Names.FirstOrDefault(national.Contains) is { } name) plan._faults.Add(new(shipped.Path, 1, $"The nation has a rule with the id or name {name} already."));
            else
            {
                var rule = same ?? byKey.GetValueOrDefault(key);
                if (rule is not null) taken.Add(rule.Id);
                plan.Steps.Add(new(RuleUpsert.Decide(rule, shipped), rule, shipped, sheet));
            }
        }

        foreach (var rule in byPath.Values.Where(rule => !taken.Contains(rule.Id) && rule.Stage != RuleStage.Retired).OrderBy(rule => rule.Path, StringComparer.Ordinal))
        {
            plan._removed.Add(new(rule.Path, rule.Key, rule.Title, null));
            if (request.RetireRemoved) plan.Steps.Add(new(null, rule, null, null));
        }

        plan.Total = known.Count + plan.Steps.Count(step => step.Rule is null);
        return plan;
    }

    public RuleImportReport Report(RuleStage stage) => new(
        Token(stage), false,
        Rows(UpsertKind.New, step => null),
        Rows(UpsertKind.Changed, step => LineDifference.Of(step.Rule!.Text, step.Shipped!.Text)),
        Rows(UpsertKind.KeptEdit, step => LineDifference.Of(step.Rule!.Text, step.Shipped!.Text)),
        Steps.Count(step => step.Kind == UpsertKind.Unchanged), _removed, _faults);

    private List<RuleImportRow> Rows(UpsertKind kind, Func<ImportStep, string?> difference) =>
        [.. Steps.Where(step => step.Kind == kind).Select(step => new RuleImportRow(step.Shipped!.Path, step.Sheet!.Key, step.Sheet.Title, difference(step)))];

    private string Token(RuleStage stage)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add($"{_request.Name}\n{_request.Release}\n{stage}\n{_request.RetireRemoved}\n");
        foreach (var step in Steps) Add($"{step.Kind}\n{step.Rule?.Id}\n{step.Rule?.Version}\n{step.Shipped?.Path}\n{step.Shipped?.Hash}\n");
        foreach (var fault in _faults) Add($"{fault.Path}\n");
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
