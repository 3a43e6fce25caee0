using System.Globalization;
using Microsoft.AspNetCore.Components;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Incidents;
using Watchhouse.Response.Notices.Sending;

namespace Watchhouse.Response.Notices.Settings;

public sealed partial class NotificationsPage
{
    private static readonly IReadOnlyList<(string Value, string Words)> Severities =
    [
        (nameof(Severity.Low), "Everything"),
        (nameof(Severity.Medium), "Medium and above"),
        (nameof(Severity.High), "High and above"),
        (nameof(Severity.Critical), "Critical only"),
    ];

    private NotificationsView? _view;
    private IncidentForm? _form;
    private EndpointMade? _made;
    private Failure? _failure;
    private string _email = "";
    private string _text = "";
    private string? _phone;
    private TimeOnly? _from;
    private TimeOnly? _until;
    private bool _forget;
    private bool _filled;
    private bool _working;

    [Inject] private NotificationQueries Queries { get; set; } = default!;

    [Inject] private PreferenceOperations Preferences { get; set; } = default!;

    [Inject] private EndpointOperations Endpoints { get; set; } = default!;

    [Inject] private NoticeTests Tests { get; set; } = default!;

    [Inject] private Toasts Toasts { get; set; } = default!;

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _view = await Queries.ReadAsync(principal, cancellationToken);
        // What the person is about to choose stays while the rest is shown anew.
        if (_filled) return null;
        var mine = _view.Mine;
        (_email, _text, _phone, _forget, _from, _until, _filled) = (mine.EmailFrom?.ToString() ?? "", mine.TextFrom?.ToString() ?? "", null, false, Parse(mine.QuietFrom), Parse(mine.QuietUntil), true);
        return null;
    }

    private Task SaveAsync() => WorkAsync(async principal =>
    {
        var input = new PreferenceInput(Level(_email), Level(_text), _forget ? "" : string.IsNullOrWhiteSpace(_phone) ? null : _phone, Words(_from), Words(_until), _view!.Mine.Version);
        _failure = (await Preferences.SetAsync(principal, input, CancellationToken.None)).Failure;
        if (_failure is not null) return;
        _filled = false;
        Toasts.Say("Your choices are saved");
    });

    private Task TestMeAsync() => WorkAsync(async principal => Say(await Tests.MeAsync(principal, CancellationToken.None)));

    private Task TestAsync(EndpointModel endpoint) => WorkAsync(async principal => Say(await Tests.EndpointAsync(principal, endpoint.Id, CancellationToken.None)));

    private void Say(Outcome<TestSent> sent)
    {
        if (sent.Failure is { } failure) Toasts.Say(failure.Message, ToastTone.Problem);
        else Toasts.Say(sent.Value!.Messages == 1 ? "One test is on its way" : $"{sent.Value.Messages} tests are on their way", address: $"/outbox?show=all&notice={sent.Value.Notice}", addressWords: "See what becomes of it");
    }

    private void Add(NoticeChannel channel) => _form = new(channel == NoticeChannel.Webhook ? "Add a webhook" : "Add a Teams workflow",
        channel == NoticeChannel.Webhook ? "Add webhook" : "Add Teams workflow", "Add nothing", "It is added",
        [.. Fields("", nameof(Severity.Low)), new("address", "Address") { Most = 2_000, Hint = channel == NoticeChannel.Webhook ? "Begins with https://. It is kept sealed." : "As Teams shows it for the workflow 'When a Teams webhook request is received'. It is kept sealed." }],
        async (principal, values) =>
        {
            var made = await Endpoints.CreateAsync(principal, new EndpointInput(values["name"], channel.ToString(), values["address"], Level(values["leastSeverity"])), CancellationToken.None);
            _made = made.Value;
            return made.Failure;
        })
    {
        Lines = channel == NoticeChannel.Webhook ? ["Each notice of your organisation is posted there, signed with a secret that is shown once."] : ["Each notice of your organisation is shown in the channel: a sentence and a link."],
    };

    private void Change(EndpointModel endpoint) => _form = new($"Change {endpoint.Name}?", "Save changes", "Change nothing", "It is changed",
        [
            .. Fields(endpoint.Name, endpoint.LeastSeverity.ToString()),
            new("isOn", "State", FieldKind.Choice, endpoint.IsOn ? "on" : "off") { Choices = [("on", "On"), ("off", "Off: nothing is posted")] },
            new("address", "Another address") { Most = 2_000, Hint = $"Leave it empty to keep the address at {endpoint.Host}." },
        ],
        async (principal, values) => (await Endpoints.ChangeAsync(principal, endpoint.Id, new EndpointInput(
            values["name"], Address: string.IsNullOrWhiteSpace(values["address"]) ? null : values["address"], LeastSeverity: Level(values["leastSeverity"]), IsOn: values["isOn"] == "on", Version: endpoint.Version), CancellationToken.None)).Failure);

    private void Rotate(EndpointModel endpoint) => _form = new($"Replace the secret of {endpoint.Name}?", "Replace secret", "Keep the secret", "The secret is replaced", [],
        async (principal, _) =>
        {
            var made = await Endpoints.RotateAsync(principal, endpoint.Id, CancellationToken.None);
            _made = made.Value;
            return made.Failure;
        })
    {
        Lines = ["The new one is shown once. For a day each message is signed with both, so that the receiver changes over without a gap."],
    };

    private void Remove(EndpointModel endpoint) => _form = new($"Remove {endpoint.Name}?", "Remove it", "Keep it", "It is removed", [],
        async (principal, _) => (await Endpoints.RemoveAsync(principal, endpoint.Id, CancellationToken.None)).Failure)
    {
        Lines = ["Its address and secret are deleted, and what waits for it is not sent."],
    };

    private async Task DoneAsync(string said)
    {
        _form = null;
        Toasts.Say(said);
        await RefreshAsync();
    }

    private async Task WorkAsync(Func<ActingPrincipal, Task> work)
    {
        if (_working || await ActAsync() is not { } principal) return;
        _working = true;
        _failure = null;
        try
        {
            await work(principal);
        }
        catch (AccessRefusedException refused)
        {
            _failure = refused.Failure;
        }
        finally
        {
            _working = false;
        }

        await RefreshAsync();
    }

    private string? Wrong(string field) => _failure?.Field == field ? "true" : null;

    private static TimeOnly? Parse(string? text) => text is null ? null : TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture);

    private static string? Words(TimeOnly? time) => time?.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static Severity? Level(string text) => Enum.TryParse<Severity>(text, out var severity) ? severity : null;

    private static IReadOnlyList<FormField> Fields(string name, string least) =>
    [
        new("name", "Name", FieldKind.Line, name) { Most = NoticeEndpoint.LongestName },
        new("leastSeverity", "Severity from", FieldKind.Choice, least) { Choices = Severities },
    ];
}
