using System.Text;
using Microsoft.JSInterop;

namespace Watchhouse.Monitoring.Rules.Editing;

/// <summary>Long texts between a page and the browser.</summary>
internal static class TextScript
{
    public const string Module = "./_content/Watchhouse.Monitoring/rule-editor.js";

    /// <summary>The text of a field. It comes as a stream: a message of the connection is bounded at 32 KiB.</summary>
    /// <param name="field">What the script gave for the field.</param>
    /// <param name="most">Characters at most; a longer text is refused.</param>
    /// <exception cref="InvalidDataException">The text is too long.</exception>
    public static async Task<string> ReadAsync(IJSObjectReference field, int most)
    {
        await using var reference = await field.InvokeAsync<IJSStreamReference>("text");
        // A character takes four bytes at most.
        if (reference.Length > most * 4L) throw new InvalidDataException($"The text is longer than {most} characters.");
        await using var stream = await reference.OpenReadStreamAsync(most * 4L);
        using var reader = new StreamReader(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return await reader.ReadToEndAsync();
    }

    /// <summary>Ends what the script holds; after the connection is gone there is nothing to end.</summary>
    public static async ValueTask EndAsync(IJSObjectReference? field, IJSObjectReference? module)
    {
        try
        {
            if (field is not null)
            {
                await field.InvokeVoidAsync("stop");
                await field.DisposeAsync();
            }

            if (module is not null) await module.DisposeAsync();
        }
        catch (Exception e) when (e is JSDisconnectedException or OperationCanceledException)
        {
            // The person has left.
        }
    }
}
