using System.Diagnostics;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Logging;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Ui;

/// <summary>
/// The base of staff pages. It knows who acts, loads when the address changes, gives up when the person leaves, and
/// turns what goes wrong into a state that <c>DataStates</c> can show.
/// </summary>
public abstract partial class HousePage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private CancellationTokenSource? _loading;
    private string? _loadedAddress;
    private string? _reasonForce;

    [Inject] protected IPrincipalResolver Resolver { get; set; } = default!;

    [Inject] protected AuthenticationStateProvider Authentication { get; set; } = default!;

    [Inject] protected NavigationManager Navigation { get; set; } = default!;

    [Inject] protected TimeProvider Time { get; set; } = default!;

    [Inject] private ILoggerFactory Loggers { get; set; } = default!;

    /// <summary>The force chosen in the address. It changes what is asked and never what is allowed.</summary>
    [SupplyParameterFromQuery(Name = HouseAddresses.ForceParameter)]
    public string? ForceTag { get; set; }

    /// <summary>The chosen force, or null for everything that the principal may see.</summary>
    protected ForceId? Force => ForceId.TryParse(ForceTag, null, out var force) ? force : null;

    /// <summary>Who acted at the last load or action. To act again, ask <see cref="ActAsync"/> anew.</summary>
    protected ActingPrincipal? Principal { get; private set; }

    protected LoadState State { get; set; } = LoadState.Loading;

    /// <summary>
    /// Why the person looks, when a controller asked. It holds for this visit and this force and is stored nowhere but
    /// in the audit trail.
    /// </summary>
    protected string? Reason { get; private set; }

    /// <summary>Query parameters that open a detail beside the list and change nothing about what is fetched.</summary>
    protected virtual IEnumerable<string> DetailParameters => [];

    /// <summary>The part of the address that says what is fetched; a change of it loads again.</summary>
    protected virtual string LoadedBy => Navigation.GetUriWithQueryParameters(DetailParameters.ToDictionary(p => p, _ => (object?)null));

    /// <summary>Cancelled when the person leaves the page.</summary>
    protected CancellationToken Leaving => _leaving.Token;

    /// <summary>
    /// Resolves who acts, afresh, before every action: a revoked delegation or an ended session counts at once.
    /// When the session is over, it goes to sign-in and answers null.
    /// </summary>
    protected async Task<ActingPrincipal?> ActAsync()
    {
        var state = await Authentication.GetAuthenticationStateAsync();
        Principal = await Resolver.ResolveAsync(state.User, Leaving) is { } who ? who with { StatedReason = Reason } : null;
        if (Principal is null)
            Navigation.NavigateTo(HouseAddresses.SignInFor(Navigation.ToBaseRelativePath(Navigation.Uri)), true);
        return Principal;
    }

    /// <summary>Asks again, with the reason that the controller demanded.</summary>
    protected Task GiveReasonAsync(string? reason)
    {
        Reason = reason;
        return ReloadAsync();
    }

    /// <summary>Fetches what the page shows. Answer a failure, or null when all arrived.</summary>
    protected virtual Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken) =>
        Task.FromResult<Failure?>(null);

    /// <summary>Loads again, keeping what is on screen until the answer is there.</summary>
    protected async Task ReloadAsync()
    {
        if (_loading is not null) await _loading.CancelAsync();
        using var loading = CancellationTokenSource.CreateLinkedTokenSource(Leaving);
        _loading = loading;
        State = State.ShowsContent ? LoadState.Refreshing : LoadState.Loading;
        try
        {
            if (await ActAsync() is { } principal)
            {
                var failure = await LoadAsync(principal, loading.Token);
                if (_loading == loading) State = failure is null ? LoadState.Ready : LoadState.From(failure);
            }
        }
        catch (OperationCanceledException) when (loading.IsCancellationRequested)
        {
            // A later load, or nobody, is waiting for this answer.
        }
        catch (AccessRefusedException refused)
        {
            State = LoadState.From(refused.Failure);
        }
#pragma warning disable CA1031 // Whatever fails below a page, the person gets an explanation and the log the cause.
        catch (Exception exception) when (exception is not NavigationException)
#pragma warning restore CA1031
        {
            var id = Activity.Current?.TraceId.ToString() ?? ActivityTraceId.CreateRandom().ToString();
            LogLoadFailed(Loggers.CreateLogger(GetType()), GetType().Name, id, exception);
            if (_loading == loading) State = LoadState.Broken(id);
        }
        finally
        {
            if (_loading == loading) _loading = null;
        }
    }

    /// <summary>
    /// Loads when the address changed. Prerendering shows skeleton rows and loads nothing: a read is written to the
    /// audit trail, and one look must not be counted twice.
    /// </summary>
    protected override async Task OnParametersSetAsync()
    {
        if (!RendererInfo.IsInteractive && AssignedRenderMode is not null) return;
        var address = LoadedBy;
        if (_loadedAddress == address) return;
        _loadedAddress = address;
        if (_reasonForce != ForceTag) (_reasonForce, Reason) = (ForceTag, null);
        await ReloadAsync();
    }

    /// <summary>The address of this page with one query parameter changed; null removes it.</summary>
    protected string With(string name, string? value) => Navigation.GetUriWithQueryParameter(name, value);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _leaving.Cancel();
        _leaving.Dispose();
    }

    [LoggerMessage(1601, LogLevel.Error, "The page {Page} could not load. Correlation {CorrelationId}.")]
    private static partial void LogLoadFailed(ILogger logger, string page, string correlationId, Exception exception);
}
