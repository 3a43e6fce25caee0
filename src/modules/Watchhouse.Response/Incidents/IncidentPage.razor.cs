using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Incidents.Files;

namespace Watchhouse.Response.Incidents;

public sealed partial class IncidentPage
{
    // A long incident is drawn in parts: what is new stands at the top, and the whole of it is in the report.
    private const int MoreEntries = 100;
    private const int FirstAlerts = 20;
    private IncidentModel? _model;
    private int _entries = MoreEntries;
    private bool _allAlerts;
    private IncidentForm? _form;
    private Dictionary<string, string> _names = [];
    private IReadOnlyList<ForceId> _open = [];
    private string _note = "";
    private bool _mayWork;
    private bool _mayStart;
    private bool _isMine;
    private bool _isCentre;
    private bool _working;
    private string? _sent;

    [Parameter] public Guid Id { get; set; }

    [Inject] private IncidentQueries Queries { get; set; } = default!;

    [Inject] private IncidentOperations Operations { get; set; } = default!;

    [Inject] private IncidentFiles FileStore { get; set; } = default!;

    [Inject] private IncidentLinks Links { get; set; } = default!;

    [Inject] private Toasts Toasts { get; set; } = default!;

    private DateOnly Today => HouseTime.DayOf(Time.GetUtcNow());

    private uint Version => _model!.Version;

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        var found = await Queries.FindAsync(principal, Id, Reason, cancellationToken, Again);
        if (!found.Succeeded) return found.Failure;
        _model = found.Value;
        var force = _model.Incident.Force;
        _names = (await Directory.ListAsync(cancellationToken)).ToDictionary(listing => listing.Id.Value, listing => listing.Name);
        _mayWork = principal.May(Permissions.IncidentsWork, force);
        _mayStart = principal.May(Permissions.RunsWork, force) && principal.Holds(Permissions.PlaybooksRead);
        _isCentre = principal.IsCentre;
        _isMine = _model.Incident.Owner == Playbooks.RunOperations.Name(principal);
        _open = [.. principal.ForcesFor(Permissions.IncidentsWork).Where(each => each != ForceId.Centre && _model.Parts.All(part => part.Force != each))];
        return null;
    }

    private Task WriteAsync() => WorkAsync("It is written down", async principal =>
    {
        var written = await Operations.NoteAsync(principal, Id, _note, null, CancellationToken.None);
        if (written.Succeeded) _note = "";
        return written.Failure;
    });

    private Task OwnAsync(bool take) => WorkAsync(take ? "The incident is yours" : "Nobody owns it now",
        async principal => (await Operations.OwnAsync(principal, Id, take, Version, CancellationToken.None)).Failure);

    private Task DoAsync(IncidentTaskModel task) => WorkAsync("The task is done",
        async principal => (await Operations.DoTaskAsync(principal, Id, task.Id, CancellationToken.None)).Failure);

    private Task AcknowledgeAsync() => WorkAsync("It is acknowledged", async principal => (await Operations.AcknowledgeAsync(principal, Id, CancellationToken.None)).Failure);

    private Task ResumeClockAsync() => WorkAsync("The clock runs", async principal => (await Operations.ResumeAsync(principal, Id, CancellationToken.None)).Failure);

    private void Advise() => _form = new("What do you advise the force?", "Advise force", "Advise nothing", "The force is advised; its time runs",
        [new("words", "Advice", FieldKind.Text, _note) { Most = IncidentEntry.LongestWords }],
        async (principal, values) => (await Operations.AdviseAsync(principal, Id, values["words"], CancellationToken.None)).Failure);

    private void Acted() => _form = new("What did your force do?", "Record what we did", "Record nothing", "It is recorded; the clocks have ended",
        [new("words", "What was done", FieldKind.Text) { Most = Clocks.ClockEntry.LongestReason, Hint = "Both clocks end with it." }],
        async (principal, values) => (await Operations.ActedAsync(principal, Id, values["words"], CancellationToken.None)).Failure);

    private void PauseClock() => _form = new("Why does the clock pause?", "Pause clock", "Let it run", "The clock is paused",
        [new("reason", "Reason", FieldKind.Text) { Most = Clocks.ClockEntry.LongestReason }],
        async (principal, values) => (await Operations.PauseAsync(principal, Id, values["reason"], CancellationToken.None)).Failure);

    private void Move(string to) => _form = new($"{MoveWords(to)}?", MoveWords(to), "Leave it as it is", $"The incident is {to.ToLowerInvariant()}",
        [new("reason", "Reason", FieldKind.Text) { Most = 4_000, Hint = "It stands in the timeline and in the report." }],
        async (principal, values) => (await Operations.MoveAsync(principal, Id, Enum.Parse<IncidentStatus>(to), values["reason"], Version, CancellationToken.None)).Failure);

    private void Earlier() => _form = new("What happened earlier?", "Write", "Write nothing", "It is written down",
        [
            new("happenedAt", "When (in London)", FieldKind.Moment, HouseTime.Local(Time.GetUtcNow()).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture)),
            new("words", "What", FieldKind.Text, _note) { Most = IncidentEntry.LongestWords },
        ],
        async (principal, values) =>
        {
            if (!DateTime.TryParseExact(values["happenedAt"], ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
                return Failure.Invalid("Say when it happened: day and time.", "happenedAt");
            var at = HouseTime.StartOf(DateOnly.FromDateTime(local)) + local.TimeOfDay;
            // A day on which clocks change is an hour longer or shorter: put the clock of that moment right.
            at += local - HouseTime.Local(at).DateTime;
            var written = await Operations.NoteAsync(principal, Id, values["words"], at, CancellationToken.None);
            if (written.Succeeded) _note = "";
            return written.Failure;
        });

    private void Share() => _form = new("Share with the forces?", "Share", "Share nothing", "The forces can read it",
        [new("words", "What they are to know", FieldKind.Text, _note) { Most = IncidentEntry.LongestWords, Hint = "Every force that has a part reads it. Name no force, and nobody's people." }],
        async (principal, values) =>
        {
            var shared = await Operations.ShareAsync(principal, Id, values["words"], CancellationToken.None);
            if (shared.Succeeded) _note = "";
            return shared.Failure;
        });

    private void AddPart() => _form = new("Which force does it touch?", "Add force", "Add none", "The force has a part of it",
        [new("force", "Force", FieldKind.Choice, _open[0].Value) { Choices = [.. _open.Select(force => (force.Value, NameOf(force)))], Hint = "It learns what was shared before, and no other force's part." }],
        async (principal, values) => (await Operations.AddPartAsync(principal, Id, ForceId.Of(values["force"]), CancellationToken.None)).Failure);

    private void Assess() => _form = new("How grave is it?", "Assess", "Leave it as it is", "It is assessed",
        [
            new("impact", "Impact", FieldKind.Choice, _model!.Impact) { Choices = [.. IncidentRules.Impacts.Select(impact => (impact.ToString(), IncidentRules.Words(impact)))] },
            new("urgency", "Urgency", FieldKind.Choice, _model.Urgency) { Choices = [.. IncidentRules.Urgencies.Select(urgency => (urgency.ToString(), IncidentRules.Words(urgency)))] },
            new("reason", "Reason", FieldKind.Text) { Most = 4_000 },
        ],
        async (principal, values) => (await Operations.AssessAsync(
            principal, Id, Enum.Parse<IncidentImpact>(values["impact"]), Enum.Parse<IncidentUrgency>(values["urgency"]), values["reason"], Version, CancellationToken.None)).Failure);

    private void Propose() => _form = new("Which category is proposed?", "Propose category", "Propose nothing", "The category is proposed",
        [CategoryField(), new("reason", "What it rests on", FieldKind.Text) { Most = 4_000 }],
        async (principal, values) => (await Operations.ProposeCategoryAsync(principal, Id, int.Parse(values["category"], CultureInfo.InvariantCulture), values["reason"], Version, CancellationToken.None)).Failure)
    {
        Lines = ["The Centre proposes. The NCSC or law enforcement confirms; record that when they have."],
    };

    private void Confirm() => _form = new("Which category was confirmed?", "Record category", "Record nothing", "The confirmed category is recorded",
        [CategoryField(), new("body", "Confirmed by") { Hint = "The NCSC or a law enforcement body." }, new("reference", "Their reference") { Most = 100 }],
        async (principal, values) => (await Operations.ConfirmCategoryAsync(
            principal, Id, int.Parse(values["category"], CultureInfo.InvariantCulture), values["body"], values["reference"], Version, CancellationToken.None)).Failure);

    private void AddTask() => _form = new("What is to be done?", "Add task", "Add none", "The task is given",
        [new("title", "Task") { Most = 300 }, new("owner", "Who does it"), new("due", "Due", FieldKind.Date)],
        async (principal, values) => (await Operations.AddTaskAsync(
            principal, Id, values["title"], values["owner"], DateOnly.TryParse(values["due"], CultureInfo.InvariantCulture, out var due) ? due : null, CancellationToken.None)).Failure);

    private void AddEntity() => _form = new("Who or what belongs to it?", "Add", "Add nothing", "It is named",
        [
            new("kind", "Kind", FieldKind.Choice, IncidentEntity.Kinds[0]) { Choices = [.. IncidentEntity.Kinds.Select(kind => (kind, kind))] },
            new("value", "Name") { Most = 1_000 },
            new("note", "What it has to do with it") { Most = 500 },
        ],
        async (principal, values) => (await Operations.AddEntityAsync(principal, Id, values["kind"], values["value"], values["note"], CancellationToken.None)).Failure);

    private void Review() => _form = new("What was learnt?", "Write review", "Write nothing", "The review is written",
        [new("review", "Review", FieldKind.Text, _model!.Review) { Most = Incident.LongestText, Hint = "What happened and why, what went well, what is changed so that it does not happen again, and by whom." }],
        async (principal, values) => (await Operations.ReviewAsync(principal, Id, values["review"], Version, CancellationToken.None)).Failure);

    private void Link() => _form = new("Which incident has to do with it?", "Link incident", "Link nothing", "They are linked",
        [new("other", "Its reference") { Most = 20, Hint = "Such as I-260314-7KQ2: an incident of the same force." }, new("why", "How they belong together") { Most = 500 }],
        async (principal, values) => (await Links.LinkAsync(principal, Id, values["other"], values["why"], CancellationToken.None)).Failure);

    private void RemoveFile(IncidentFileModel file) => _form = new($"Remove {file.Name}?", "Remove file", "Keep file", "The file is removed",
        [new("reason", "Why", FieldKind.Text) { Most = 2_000, Hint = "Its content is gone for good. That it was there stays in the timeline." }],
        async (principal, values) => (await FileStore.RemoveAsync(principal, Id, file.Id, values["reason"], CancellationToken.None)).Failure);

    private Task AddFileAsync(InputFileChangeEventArgs chosen) => WorkAsync($"{chosen.File.Name} is added", async principal =>
    {
        if (chosen.File.Size > IncidentFiles.MostBytes) return Failure.Invalid($"{chosen.File.Name} is larger than {IncidentFiles.MostBytes / 1024 / 1024} MiB. Keep it in the force's evidence store, and name it in a note.");
        await using var content = new CountedStream(chosen.File.OpenReadStream(IncidentFiles.MostBytes, Leaving), share =>
        {
            _sent = $"{chosen.File.Name}: {share * 100 / Math.Max(1, chosen.File.Size)} % of {FileWords.Size(chosen.File.Size)}";
            _ = InvokeAsync(StateHasChanged);
        });
        try
        {
            return (await FileStore.AddAsync(principal, Id, chosen.File.Name, "", content, Leaving)).Failure;
        }
        finally
        {
            _sent = null;
        }
    });

    private async Task WorkAsync(string said, Func<ActingPrincipal, Task<Failure?>> work)
    {
        if (_working || await ActAsync() is not { } principal) return;
        _working = true;
        try
        {
            var failure = await work(principal);
            Toasts.Say(failure?.Message ?? said, failure is null ? ToastTone.Done : ToastTone.Problem);
            await RefreshAsync();
        }
        catch (AccessRefusedException refused)
        {
            State = LoadState.From(refused.Failure);
        }
        finally
        {
            _working = false;
        }
    }

    private Task DoneAsync(string said)
    {
        Toasts.Say(said);
        return RefreshAsync();
    }

    private IReadOnlyList<IncidentEntryModel> Latest(IReadOnlyList<IncidentEntryModel> entries) => entries.Count <= _entries ? entries : [.. entries.Take(_entries)];

    private string NameOf(ForceId force) => _names.GetValueOrDefault(force.Value, force.Value);

    private FormField CategoryField() => new("category", "Category", FieldKind.Choice, (_model!.Category.Confirmed ?? _model.Category.Proposed ?? 6).ToString(CultureInfo.InvariantCulture))
    {
        Choices = [.. Enumerable.Range(1, 6).Select(category => (category.ToString(CultureInfo.InvariantCulture), IncidentRules.Category(category)))],
    };

    private string MoveWords(string next) => (Enum.Parse<IncidentStatus>(next), _model!.Incident.Status) switch
    {
        (IncidentStatus.Open, nameof(IncidentStatus.New)) => "Start work",
        (IncidentStatus.Open, _) => "Open again",
        (IncidentStatus.Closed, _) => "Close incident",
        (var status, _) => $"Record as {IncidentRules.Words(status)}",
    };

    private static string Icon(IncidentEntryModel entry) => entry.Kind switch
    {
        "alert" => "Alert",
        "action" => "Flash",
        "shared" => "Share",
        "status" or "opened" => "Flag",
        "task" => "Checkmark",
        _ => "Circle",
    };

    private static Tone ToneOf(IncidentEntryModel entry) => entry.Kind switch
    {
        "shared" or "action" => Tone.Accent,
        "alert" or "category" => Tone.Warning,
        _ => Tone.Neutral,
    };
}
