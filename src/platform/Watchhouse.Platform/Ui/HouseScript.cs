using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Watchhouse.Platform.Ui;

/// <summary>The few things that only the browser can do. After the connection is gone they do nothing.</summary>
public sealed class HouseScript(IJSRuntime script)
{
    public ValueTask ShowDialogAsync(ElementReference dialog) => RunAsync("watchhouse.showDialog", dialog);

    public ValueTask CloseDialogAsync(ElementReference dialog) => RunAsync("watchhouse.closeDialog", dialog);

    public ValueTask SaveTextAsync(string fileName, string type, string text) =>
        RunAsync("watchhouse.saveText", fileName, type, text);

    /// <summary>Puts the focus on the row of a detail that was closed, unless the person has put it elsewhere; after rendering.</summary>
    public ValueTask ReturnToRowAsync(string key) => RunAsync("watchhouse.returnToRow", key);

    /// <summary>Whether the text is on the clipboard now; browsers may refuse.</summary>
    public async ValueTask<bool> CopyAsync(string text)
    {
        try
        {
            return await script.InvokeAsync<bool>("watchhouse.copyText", text);
        }
        catch (JSDisconnectedException)
        {
            return false;
        }
    }

    internal ValueTask SetPageKeysAsync(string id, object target, IEnumerable<string> keys) =>
        RunAsync("watchhouse.setPageKeys", id, target, keys);

    internal ValueTask ClearPageKeysAsync(string id) => RunAsync("watchhouse.clearPageKeys", id);

    private async ValueTask RunAsync(string function, params object?[] arguments)
    {
        try
        {
            await script.InvokeVoidAsync(function, arguments);
        }
        catch (JSDisconnectedException)
        {
            // The person has left; there is nobody to show it to.
        }
    }
}
