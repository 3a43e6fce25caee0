using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using Watchhouse.Ledger;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Shell.Pages;

public sealed partial class AuditPage
{
    private readonly List<AuditListing> _rows = [];
    private IReadOnlyList<ForceId> _withheld = [];
    private Dictionary<string, string> _names = [];
    private LoadState _entryState = LoadState.Loading;
    private CheckedProof? _proof;
    private long? _next;
    private long? _opened;
    private long _entries;
    private string _recipient = "";
    private bool _several;
    private bool _mayExport;
    private bool _loadingMore;
    private bool _reasoning;
    private bool _exporting;
    private string? _entryReason;

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "operation")]
    public string? OperationWord { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    public string? FromText { get; set; }

    /// <summary>The last day, itself included.</summary>
    [SupplyParameterFromQuery(Name = "until")]
    public string? UntilText { get; set; }

    /// <summary>The index of the entry whose detail is open.</summary>
    [SupplyParameterFromQuery(Name = "entry")]
    public string? Entry { get; set; }

    protected override IEnumerable<string> DetailParameters => ["entry"];

    private IReadOnlyList<HeaderFigure> Figures => !State.ShowsContent ? [] : [new(Words(_entries), "entries in the log", "/audit")];

    private FilterGroup OperationFilter => new("Operation", "operation", OperationWord,
        [new("All", null), .. AuditWords.Operations.Select(o => new FilterChip(o.ToString(), Word(o)))]);

    private string? ClearHref => Text is null && OperationWord is null && FromText is null && UntilText is null ? null
        : Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["q"] = null, ["operation"] = null, ["from"] = null, ["until"] = null });

    private string? CurrentKey => _rows.Find(r => r.Index == _opened) is { } row ? Key(row) : null;

    private bool HasReasons => _rows.Exists(r => !string.IsNullOrEmpty(r.Reason));

    private bool HasRecipients => _rows.Exists(r => !string.IsNullOrEmpty(r.Recipients));

    private AuditQuery Query => new()
    {
        Force = Force,
        Operation = AuditWords.Operations.Where(o => Word(o) == OperationWord).Cast<AuditOperation?>().FirstOrDefault(),
        Text = Text,
        From = Day(FromText) is { } from ? HouseTime.StartOf(from) : null,
        Until = Day(UntilText) is { } until ? HouseTime.StartOf(until.AddDays(1)) : null,
        Reason = Reason,
    };

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        _names = (await Directory.ListAsync(cancellationToken)).ToDictionary(l => l.Id.Value, l => l.Name);
        _several = Force is null && principal.ForcesFor(Permissions.AuditRead).Length > 1;
        _mayExport = principal.May(Permissions.AuditExport, Force ?? principal.Home);
        var page = await Audit.FindAsync(principal, Query, cancellationToken);
        _rows.Clear();
        _rows.AddRange(page.Rows);
        (_next, _withheld) = (page.Next, page.Withheld);
        // After the search: it is itself an entry.
        _entries = SignedCheckpoint.Parse(Encoding.UTF8.GetBytes(Audit.Checkpoint())).Checkpoint.TreeSize;
        return null;
    }

    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        long? wanted = long.TryParse(Entry, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
        if (wanted == _opened || !RendererInfo.IsInteractive) return;
        (_opened, _proof, _entryReason) = (wanted, null, null);
        if (wanted is not null) await OpenAsync();
    }

    private Task GiveEntryReasonAsync(string? reason)
    {
        _entryReason = reason;
        return OpenAsync();
    }

    private async Task OpenAsync()
    {
        var wanted = _opened;
        _entryState = LoadState.Loading;
        if (await ProveAsync() is { } proof && wanted == _opened) _proof = CheckedProof.Of(proof);
    }

    private async Task<AuditProof?> ProveAsync()
    {
        if (_opened is not { } index || await ActAsync() is not { } principal) return null;
        try
        {
            var found = await Audit.ProveAsync(principal, index, _entryReason ?? Reason, Leaving);
            if (!found.Succeeded) _entryState = LoadState.From(found.Failure);
            return found.Value;
        }
        catch (AccessRefusedException refused)
        {
            _entryState = LoadState.From(refused.Failure);
            return null;
        }
    }

    private async Task LoadMoreAsync()
    {
        if (_next is null || await ActAsync() is not { } principal) return;
        _loadingMore = true;
        try
        {
            var page = await Audit.FindAsync(principal, Query with { BeforeId = _next }, Leaving);
            _rows.AddRange(page.Rows);
            _next = page.Next;
        }
        catch (AccessRefusedException refused)
        {
            State = LoadState.From(refused.Failure);
        }
        finally
        {
            _loadingMore = false;
        }
    }

    private async Task<Failure?> ExportAsync(ActingPrincipal principal, string? reason)
    {
        var rows = await Audit.ExportAsync(principal, Query with { Reason = reason }, _recipient, Leaving);
        var today = HouseTime.DayOf(Time.GetUtcNow()).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await Script.SaveTextAsync($"audit-{Force ?? principal.Home}-{today}.csv", "text/csv", AuditWords.Export(rows));
        return null;
    }

    private async Task CopyCheckpointAsync()
    {
        if (await Script.CopyAsync(Audit.Checkpoint())) Toasts.Say("Checkpoint copied. Keep it where this server cannot change it");
        else Toasts.Say("The browser refused to copy. Open an entry and copy the checkpoint from its proof", ToastTone.Problem);
    }

    private void Go(string parameter, string? value) => Navigation.NavigateTo(With(parameter, string.IsNullOrEmpty(value) ? null : value));

    private string NameOf(string tag) => _names.GetValueOrDefault(tag, tag);

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1900 and < 9000 ? day : null;

    private static string Key(AuditListing row) => Number(row.Id);

    private static string Word(AuditOperation operation) => operation.ToString().ToLowerInvariant();

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Words(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
