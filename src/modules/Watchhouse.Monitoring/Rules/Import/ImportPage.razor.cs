using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Monitoring.Rules.Pages;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Rules.Import;

public sealed partial class ImportPage
{
    private const int MostShown = 100;
    private const string Module = "./_content/Watchhouse.Monitoring/rule-package.js";

    private readonly HashSet<string> _open = [];
    private ElementReference _archive;
    private ElementReference _folder;
    private IJSObjectReference? _module;
    private FileStream? _package;
    private Taken? _taken;
    private RuleImportReport? _report;
    private double? _progress;
    private string? _step;
    private string? _refusal;
    private string _name = "sigmahq";
    private string _release = "";
    private string _state = "testing";
    private string _why = "";
    private string _part = "new";
    private int _shown = MostShown;
    private bool _retire = true;
    private bool _confirming;

    protected override void Dispose(bool disposing)
    {
        if (disposing) _package?.Dispose();
        base.Dispose(disposing);
    }

    // What is looked at and what is applied must be the same.
    private void Forget() => (_report, _refusal) = (null, null);

    private async Task TakeAsync(ElementReference input)
    {
        Forget();
        _package?.Dispose();
        (_package, _taken, _step, _progress) = (null, null, "Reading what you chose.", null);
        StateHasChanged();
        try
        {
            _module ??= await Script.InvokeAsync<IJSObjectReference>("import", Leaving, Module);
            // A folder of thousands of files is packed in the browser first.
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Leaving);
            patience.CancelAfter(TimeSpan.FromMinutes(5));
            _taken = await _module.InvokeAsync<Taken?>("take", patience.Token, input);
            if (_taken is { Files: 0 }) (_taken, _refusal) = (null, "There is no rule file (.yml) in the folder.");
            else if (_taken is { Size: > RulePackage.MostBytes }) (_taken, _refusal) = (null, $"It has more than {RulePackage.MostBytes >> 20} MiB, which no release of rules has.");
        }
        catch (JSException e)
        {
            _refusal = $"The browser could not read it: {e.Message.Split('\n')[0]}";
        }
        finally
        {
            _step = null;
        }
    }

    private async Task LookAsync()
    {
        if (await ActAsync() is not { } principal) return;
        (_report, _refusal, _shown) = (null, null, MostShown);
        _open.Clear();
        try
        {
            var outcome = await RunAsync(principal, null, "Comparing with the rules that there are.");
            _report = outcome.Succeeded ? outcome.Value : null;
            _refusal = outcome.Failure?.Message;
            if (_report is not null) _part = Parts(_report).FirstOrDefault(each => each.Count > 0).Part ?? "new";
        }
        catch (AccessRefusedException refused)
        {
            _refusal = refused.Failure.Message;
        }
        catch (Exception e) when (e is JSException or IOException or TimeoutException)
        {
            _refusal = "The file did not arrive whole. Choose it again; perhaps it was changed meanwhile.";
        }
        finally
        {
            (_step, _progress) = (null, null);
        }
    }

    private async Task<Failure?> ApplyAsync(ActingPrincipal principal, string? reason)
    {
        try
        {
            var outcome = await RunAsync(principal, _report!.Token, "Applying. It goes on if you leave the page.");
            if (outcome.Succeeded) _report = outcome.Value;
            return outcome.Failure;
        }
        finally
        {
            (_step, _progress) = (null, null);
        }
    }

    private void Applied() => Toasts.Say("The rules were imported", address: "/rules", addressWords: "Rules");

    private async Task<Outcome<RuleImportReport>> RunAsync(ActingPrincipal principal, string? token, string step)
    {
        await UploadAsync();
        (_step, _progress) = (step, 0);
        StateHasChanged();
        var package = _package!;
        package.Position = 0;
        var request = new RuleImportRequest
        {
            Name = _name,
            Release = _release.Trim(),
            State = _state,
            RetireRemoved = _retire,
            Why = string.IsNullOrWhiteSpace(_why) ? principal.StatedReason : _why.Trim(),
            Apply = token,
            Progress = new Progress(part => _ = InvokeAsync(() =>
            {
                if (_step is null || part <= _progress) return;
                _progress = part;
                StateHasChanged();
            })),
        };
        // Away from the connection's own thread, so that the page stays alive. What was begun to be applied is not left half way.
        return await Task.Run(() => Imports.RunAsync(principal, package, request, token is null ? Leaving : CancellationToken.None));
    }

    // Kept on disk for the two looks that an import takes, and gone with the page.
    private async Task UploadAsync()
    {
        if (_package is not null) return;
        (_step, _progress) = ("Receiving the file.", 0);
        StateHasChanged();
        await using var reference = await _module!.InvokeAsync<IJSStreamReference>("content", Leaving);
        await using var stream = await reference.OpenReadStreamAsync(RulePackage.MostBytes, Leaving);
        var package = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 81_920, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            var buffer = new byte[81_920];
            var shown = 0L;
            for (int read; (read = await stream.ReadAsync(buffer, Leaving)) > 0;)
            {
                await package.WriteAsync(buffer.AsMemory(0, read), Leaving);
                if (package.Length - shown < 256 * 1024) continue;
                (shown, _progress) = (package.Length, (double)package.Length / Math.Max(1, reference.Length));
                StateHasChanged();
            }

            _package = package;
        }
        catch
        {
            await package.DisposeAsync();
            throw;
        }
    }

    private void Choose(string part) => (_part, _shown) = (part, MostShown);

    private void Open(string key)
    {
        if (!_open.Remove(key)) _open.Add(key);
    }

    private static (string Part, string Title, int Count)[] Parts(RuleImportReport report) =>
    [
        ("new", "New", report.New.Count), ("changed", "Changed", report.Changed.Count), ("conflict", "Edited here", report.KeptEdits.Count),
        ("removed", "Removed", report.Removed.Count), ("unusable", "Unusable", report.Unusable.Count),
    ];

    private static IReadOnlyList<RuleImportRow> Rows(string part, RuleImportReport report) => part switch
    {
        "changed" => report.Changed,
        "conflict" => report.KeptEdits,
        "removed" => report.Removed,
        _ => report.New,
    };

    private string Meaning(string part, RuleImportReport report) => part switch
    {
        "changed" => "They get the text of the release and keep their state.",
        "conflict" => "They changed in the release and were edited here. The edit stands; the rule's page shows both and takes the shipped text when asked.",
        "removed" => _retire ? "The release no longer has them: they are retired and stay on record." : "The release no longer has them; they stay as they are.",
        "unusable" => "These files cannot be used, and are left out.",
        _ => $"They begin as {_state}. {RuleWordsOnScreen.Number(report.Unchanged)} others stay as they are.",
    };

    private int Changes(RuleImportReport report) => report.New.Count + report.Changed.Count + report.KeptEdits.Count + (_retire ? report.Removed.Count : 0);

    private static string Size(long bytes) => bytes >= 1_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB") : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, bytes / 1000)} kB");

    private sealed record Taken(string Name, long Size, int Files);

    private sealed class Progress(Action<double> told) : IProgress<double>
    {
        public void Report(double value) => told(value);
    }
}
