using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Watchhouse.Monitoring.Rules.Pages;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Sigma;

namespace Watchhouse.Monitoring.Rules.Editing;

public sealed partial class RuleEditorPage
{
    private Dictionary<string, string> _names = [];
    private IReadOnlyList<ForceId> _forces = [];
    private IReadOnlyList<string> _notes = [];
    private CodeEditor? _editor;
    private RuleDetail? _detail;
    private RuleCheckAnswer? _check;
    private RuleStory? _story;
    private Guid? _made;
    private string? _tooLong;
    private string _text = "";
    private string _why = "";
    private int _loaded;
    private int _checks;
    private bool _isEdited;
    private bool _saving;

    [Parameter] public Guid? Id { get; set; }

    /// <summary>A rule of which a variant of one's own is written.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    public Guid? From { get; set; }

    [SupplyParameterFromQuery(Name = "test")]
    public string? Test { get; set; }

    protected override IEnumerable<string> DetailParameters => ["test"];

    private string? Summary => Principal is not { } principal || !State.ShowsContent ? null
        : principal.IsCentre ? "A national rule: it runs over the events of every force." : "Your force's own rule: it runs over your force's events alone.";

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _names = (await Directory.ListAsync(cancellationToken)).ToDictionary(l => l.Id.Value, l => l.Name);
        _forces = [.. principal.ForcesFor(Permissions.RulesRead).Where(force => force != ForceId.Centre)];
        (_detail, _check, _isEdited) = (null, null, false);
        _loaded++;
        if ((Id ?? From) is not { } id)
        {
            _text = Template(principal.IsCentre, Time.GetUtcNow());
            return null;
        }

        var found = await Queries.FindAsync(principal, id, Reason, cancellationToken);
        if (!found.Succeeded) return found.Failure;
        if (Id is null)
        {
            _text = Variant(found.Value);
            return null;
        }

        _detail = found.Value;
        _text = _detail.Text;
        if (_detail.Rule.Owner != principal.Home)
            return Failure.Conflict(_detail.Rule.Owner == ForceId.Centre ? "The Centre changes national rules. You can write a variant of your own, or make an exception." : "The force whose rule it is changes it.");
        return _detail.Rule.State == RuleStage.Retired ? Failure.Conflict("A retired rule is kept as it was. Make it a draft first.") : null;
    }

    private async Task CheckAsync()
    {
        var number = ++_checks;
        try
        {
            var text = await TextNowAsync();
            _tooLong = null;
            _isEdited = text != _text;
            if (await ActAsync() is not { } principal) return;
            var check = await Operations.CheckAsync(principal, text, Leaving);
            var story = check.Usable ? await Task.Run(() => RuleStory.Of(text, []), Leaving) : null;
            // Somebody who types on is answered for what stands there then.
            if (number != _checks) return;
            (_check, _story, _notes) = (check, story, story is null ? [] : Notes(check.Rule!, story));
            await (_editor?.MarkAsync(check.Fault is { } fault ? [(fault.Line, $"{fault.What} {fault.Do}")] : []) ?? Task.CompletedTask);
        }
        catch (InvalidDataException e)
        {
            _tooLong = e.Message;
        }
        catch (AccessRefusedException refused)
        {
            State = LoadState.From(refused.Failure);
        }
        catch (Exception e) when (e is JSDisconnectedException or OperationCanceledException or ObjectDisposedException)
        {
            // The person has left.
        }
    }

    private Task<string> TextNowAsync() => _editor?.ReadAsync() ?? Task.FromResult(_text);

    private void Ask()
    {
        if (_check is not { Usable: false }) _saving = true;
    }

    private async Task<Failure?> SaveAsync(ActingPrincipal principal, string? reason)
    {
        string text;
        try
        {
            text = await TextNowAsync();
        }
        catch (InvalidDataException e)
        {
            return Failure.Invalid(e.Message, "text");
        }

        var why = string.IsNullOrWhiteSpace(_why) ? null : _why;
        var saved = Id is { } id
            ? await Operations.EditAsync(principal, id, _detail!.Rule.Version, text, why ?? "", reason, CancellationToken.None)
            : await Operations.CreateAsync(principal, text, why, reason, CancellationToken.None);
        if (saved.Succeeded) _made = saved.Value.Rule.Id;
        return saved.Failure;
    }

    private void Saved()
    {
        _isEdited = false;
        Toasts.Say(Id is null ? "The rule was saved as a draft" : "The rule was saved");
        Navigation.NavigateTo($"/rules/{_made}");
    }

    private string NameOf(ForceId force) => _names.GetValueOrDefault(force.Value, force.Value);

    private static List<string> Notes(RuleSheet sheet, RuleStory story)
    {
        var notes = story.Parts.Where(part => part.Arrival.State is RuleState.SourceNeverArrives or RuleState.FieldNeverArrives)
            .Select(part => part.Arrival.Reason).OfType<string>().Distinct().ToList();
        if (sheet.Placeholders.Count > 0) notes.Add($"It needs the value {(sheet.Placeholders.Count == 1 ? "list" : "lists")} {string.Join(", ", sheet.Placeholders)}: it runs for forces that have {(sheet.Placeholders.Count == 1 ? "it" : "them")}.");
        if (RuleShelf.TacticsOf(sheet.Tags).Count == 0) notes.Add("It names no ATT&CK tactic, so the matrix does not count it.");
        return notes;
    }

    // A variant is another rule: alerts name rules by their id.
    private static string Variant(RuleDetail detail)
    {
        var text = detail.Text;
        // A correlation may name its rules by their ids.
        foreach (var id in IdLine().Matches(text).Select(match => match.Groups[1].Value.Trim().Trim('\'', '"')).Where(id => id.Length > 8).Distinct().ToList())
            text = text.Replace(id, RuleId.New(), StringComparison.Ordinal);
        return TitleLine().Replace(text, match => $"title: {match.Groups[1].Value.Trim().Trim('\'', '"')} (variant)", 1);
    }

    private static string Template(bool isCentre, DateTimeOffset now) => $$"""
        title: What happened, in a few words
        id: {{RuleId.New()}}
        status: experimental
        description: What happened, and why {{(isCentre ? "a force" : "we")}} should care.
        author: Your name
        date: {{now:yyyy-MM-dd}}
        tags:
          - attack.credential-access
          - attack.t1110
        logsource:
          product: windows
          service: security
        detection:
          selection:
            EventID: 4625
          condition: selection
        falsepositives:
          - Who does this rightly?
        level: medium

        """.ReplaceLineEndings("\n");

    [GeneratedRegex(@"^id\s*:(.*)$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex IdLine();

    [GeneratedRegex(@"^title\s*:(.*)$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex TitleLine();
}
