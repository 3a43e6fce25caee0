using System.Globalization;
using Microsoft.AspNetCore.Components;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Incidents;

namespace Watchhouse.Response.Bulletins;

public sealed partial class BulletinPage
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    private BulletinModel? _model;
    private IncidentForm? _form;
    private Dictionary<string, string> _names = [];
    private bool _mayWrite;
    private bool _mayAnswer;
    private bool _working;

    [Parameter] public Guid Id { get; set; }

    /// <summary>Which answers the Centre looks at: missing, late, or one of the replies.</summary>
    [SupplyParameterFromQuery(Name = "answer")] public string? Answer { get; set; }

    [Inject] private BulletinQueries Queries { get; set; } = default!;

    [Inject] private BulletinOperations Operations { get; set; } = default!;

    [Inject] private Toasts Toasts { get; set; } = default!;

    protected override IEnumerable<string> DetailParameters => ["answer"];

    private bool IsCentre => Principal?.IsCentre == true;

    private BulletinState State_ => Enum.Parse<BulletinState>(_model!.Bulletin.State);

    private BulletinReply Reply => Enum.Parse<BulletinReply>(_model!.Bulletin.Own!.Reply);

    private bool IsOverdue => _model is { Bulletin: { Own.IsAnswered: false } row } && State_ == BulletinState.Published && row.AnswerBy < Time.GetUtcNow();

    private string AnswerTitle => State_ == BulletinState.Withdrawn ? "Nothing is to be answered"
        : _model!.Bulletin.Own!.IsAnswered ? "Your force has answered"
        : Reply == BulletinReply.Acknowledged ? "Your force has acknowledged it. Say when it has acted"
        : "Your force's answer is asked for";

    private IReadOnlyList<(string Key, string Label, int Count, Tone Tone)> Tiles
    {
        get
        {
            var receipts = _model!.Receipts;
            return
            [
                ("missing", "Not answered", receipts.Count(each => !each.IsAnswered), receipts.All(each => each.IsAnswered) ? Tone.Good : Tone.Warning),
                ("unseen", "Not seen", Of(BulletinReply.Unseen), Tone.Neutral),
                ("seen", "Seen", Of(BulletinReply.Seen), Tone.Neutral),
                ("acknowledged", "Acknowledged", Of(BulletinReply.Acknowledged), Tone.Neutral),
                ("acted", "Acted", Of(BulletinReply.Acted), Tone.Neutral),
                ("notaffected", "Not affected", Of(BulletinReply.NotAffected), Tone.Neutral),
            ];

            int Of(BulletinReply reply) => receipts.Count(each => each.Reply == reply.ToString());
        }
    }

    private IReadOnlyList<ReceiptModel> Shown => [.. _model!.Receipts.Where(each => Answer switch
    {
        null or "" => true,
        "missing" => !each.IsAnswered,
        "late" => each.IsLate,
        var reply => each.Reply.Equals(reply, StringComparison.OrdinalIgnoreCase),
    })];

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _mayAnswer = !principal.IsCentre && principal.May(Permissions.BulletinsAnswer, principal.Home);
        _mayWrite = principal.IsCentre && principal.Holds(Permissions.BulletinsWrite);
        if (_mayAnswer && !Again) await SeeAsync(principal, cancellationToken);
        var found = await Queries.FindAsync(principal, Id, Reason, cancellationToken, Again);
        if (!found.Succeeded) return found.Failure;
        _model = found.Value;
        if (principal.IsCentre) _names = (await Directory.ListAsync(cancellationToken)).ToDictionary(listing => listing.Id.Value, listing => listing.Name);
        return null;
    }

    // Opening it is seeing it; a screen that was left open sees nothing by itself.
    private async Task SeeAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        try
        {
            await Operations.SeeAsync(principal, Id, cancellationToken);
        }
        catch (AccessRefusedException)
        {
            // A force that demands a reason for every change demands none for reading: it is seen when it is answered.
        }
    }

    private async Task AcknowledgeAsync()
    {
        if (_working || await ActAsync() is not { } principal) return;
        _working = true;
        try
        {
            var done = await Operations.AcknowledgeAsync(principal, Id, _model!.Round, CancellationToken.None);
            Toasts.Say(done.Failure?.Message ?? "Your force has acknowledged it", done.Succeeded ? ToastTone.Done : ToastTone.Problem);
            await RefreshAsync();
        }
        catch (AccessRefusedException refused)
        {
            Toasts.Say(refused.Failure.Message, ToastTone.Problem);
        }
        finally
        {
            _working = false;
        }
    }

    private void Acted()
    {
        var round = _model!.Round;
        _form = new("What has your force done?", "Say that we have acted", "Say it later", "The Centre knows that your force has acted",
            [new("words", "What was done", FieldKind.Text) { Most = BulletinCopy.LongestWords, Hint = "The Centre reads it, and no other force. It may be left empty." }],
            async (principal, values) => (await Operations.AnswerAsync(principal, Id, BulletinReply.Acted, values["words"], round, CancellationToken.None)).Failure);
    }

    private void NotAffected()
    {
        var round = _model!.Round;
        _form = new("Why is your force not affected?", "Say that we are not affected", "Say it later", "The Centre knows that your force is not affected",
            [new("words", "Reason", FieldKind.Text) { Most = BulletinCopy.LongestWords, Hint = "The Centre reads it, and no other force." }],
            async (principal, values) => (await Operations.AnswerAsync(principal, Id, BulletinReply.NotAffected, values["words"], round, CancellationToken.None)).Failure);
    }

    private void Publish()
    {
        var version = _model!.Version;
        _form = new("Publish this bulletin?", "Publish bulletin", "Keep draft", "The bulletin is published", [],
            async (principal, _) => (await Operations.PublishAsync(principal, Id, version, CancellationToken.None)).Failure)
        {
            Lines = [_model.ToAll ? "Every force gets it at once, and is told." : $"{string.Join(", ", _model.Addressed)} get it at once, and are told.", "What is published is corrected or withdrawn, and not changed in silence."],
        };
    }

    private void Chase() => _form = new("Chase the forces that have not answered?", "Chase the rest", "Chase nobody", "The forces that have not answered were told again", [],
        async (principal, _) => (await Operations.ChaseAsync(principal, Id, CancellationToken.None)).Failure)
    {
        Lines = [_model!.Receipts.Count(each => !each.IsAnswered) is 1 ? "One force is told again." : $"{_model.Receipts.Count(each => !each.IsAnswered)} forces are told again. Those that have answered hear nothing."],
    };

    private void Withdraw() => _form = new(State_ == BulletinState.Draft ? "Give this draft up?" : "Withdraw this bulletin?", State_ == BulletinState.Draft ? "Give up draft" : "Withdraw bulletin", "Keep it",
        State_ == BulletinState.Draft ? "The draft is given up" : "The bulletin is withdrawn",
        [new("because", "Reason", FieldKind.Text) { Most = 1_000, Hint = State_ == BulletinState.Draft ? "It stands with the draft." : "Every force reads it." }],
        async (principal, values) => (await Operations.WithdrawAsync(principal, Id, values["because"], CancellationToken.None)).Failure);

    private Task DoneAsync(string said)
    {
        Toasts.Say(said);
        return RefreshAsync();
    }

    private string NameOf(ForceId force) => _names.GetValueOrDefault(force.Value, force.Value);
}
