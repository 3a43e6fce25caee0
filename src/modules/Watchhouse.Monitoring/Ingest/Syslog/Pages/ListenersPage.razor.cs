using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Components;
using Watchhouse.Monitoring.Sources;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Ingest.Syslog.Pages;

public sealed partial class ListenersPage
{
    // As often as the centre itself looks after its ports: who opens one watches it open.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private IReadOnlyList<ListenerAnswer> _listeners = [];
    private ServerCertificate? _certificate;
    private ListenerAnswer? _closing;
    private string? _name;
    private bool _closes;

    /// <summary>The listener whose detail is open.</summary>
    [SupplyParameterFromQuery(Name = "listener")]
    public string? Chosen { get; set; }

    /// <summary><c>open</c> while the form of a new listener is open.</summary>
    [SupplyParameterFromQuery(Name = "do")]
    public string? Do { get; set; }

    protected override IEnumerable<string> DetailParameters => ["listener", "do"];

    private ListenerAnswer? Open => Guid.TryParse(Chosen, out var id) ? _listeners.FirstOrDefault(l => l.Id == id) : null;

    private IReadOnlyList<HeaderFigure> Figures
    {
        get
        {
            if (!State.ShowsContent || _listeners.Count == 0) return [];
            var closed = _listeners.Count(l => StateOf(l).Tone == Tone.Danger);
            var here = With("listener", null);
            List<HeaderFigure> figures = [new(Number(_listeners.Count), _listeners.Count == 1 ? "listener" : "listeners", here)];
            if (closed > 0) figures.Add(new(Number(closed), "cannot be opened", here, Tone.Danger));
            return figures;
        }
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _ = PageClock.RunAsync(Time, Every, () => InvokeAsync(LookAgainAsync), Leaving);
    }

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _name = (await Directory.ListAsync(cancellationToken)).FirstOrDefault(l => l.Id == principal.Home)?.Name ?? principal.Home.Value;
        _listeners = await Operations.ListAsync(principal, cancellationToken);
        ReadCertificate();
        return null;
    }

    private async Task LookAgainAsync()
    {
        if (State.Phase != LoadPhase.Ready || await ActAsync() is not { } principal) return;
        try
        {
            _listeners = await Operations.ListAsync(principal, Leaving);
        }
        catch (AccessRefusedException refused)
        {
            State = LoadState.From(refused.Failure);
        }
#pragma warning disable CA1031 // What is on screen stays; the clock tries again in seconds.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return;
        }

        StateHasChanged();
    }

    private void ReadCertificate()
    {
        _certificate = null;
        if (!_listeners.Any(l => l.Transport == SyslogTransport.Tls)) return;
        try
        {
            _certificate = Certificate.Shown();
        }
        catch (Exception e) when (e is IOException or CryptographicException or UnauthorizedAccessException)
        {
            // The page says so; the log of the port says why.
        }
    }

    private void CloseForm(bool open)
    {
        if (!open && Do is not null) Navigation.NavigateTo(With("do", null), replace: true);
    }

    private Task OpenedAsync(Guid id)
    {
        Toasts.Say("The listener opens within seconds");
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["do"] = null, ["listener"] = id.ToString() }));
        return ReloadAsync();
    }

    private async Task<Failure?> CloseAsync(ActingPrincipal principal, string? reason) =>
        _closing is not { } one ? Failure.NotFound : (await Operations.RemoveAsync(principal, one.Id, reason, CancellationToken.None)).Failure;

    private Task ClosedAsync()
    {
        Toasts.Say("The listener is closed");
        Navigation.NavigateTo(With("listener", null));
        return ReloadAsync();
    }

    private string Target(ListenerAnswer listener) => SyslogSnippets.Target(listener.Transport, listener.Address, new Uri(Navigation.BaseUri).Host);

    private static string RsyslogHint(ListenerAnswer listener) => listener.Thumbprints.Count > 0
        ? "client.pem and client.key are the sender's own certificate and key; watchhouse.pem is below."
        : "watchhouse.pem is below.";

    private static string Place(ListenerAnswer listener) =>
        $"{listener.Transport} {(listener.Address.Contains(':', StringComparison.Ordinal) ? $"[{listener.Address}]" : listener.Address)}:{listener.Port.ToString(CultureInfo.InvariantCulture)}";

    private static string Senders(ListenerAnswer listener) => string.Join(", ", new[]
    {
        listener.Thumbprints.Count switch { 0 => "", 1 => "1 certificate", var many => $"{many} certificates" },
        string.Join(", ", listener.Networks),
    }.Where(each => each.Length > 0));

    private static (string Word, Tone Tone) StateOf(ListenerAnswer listener) => listener.State switch
    {
        ListenerState.Open => ("Open", Tone.Good),
        "opening" => ("Opening", Tone.Accent),
        _ => ("Not open", Tone.Danger),
    };

    private static string TransportWords(string transport) => transport switch
    {
        SyslogTransport.Tls => "TLS (RFC 5425)",
        SyslogTransport.Tcp => "TCP without TLS (RFC 6587)",
        _ => "UDP (RFC 5426)",
    };

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
