using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.FluentUI.AspNetCore.Components;

namespace Watchhouse.Platform.Ui;

/// <summary>
/// A regular Fluent icon by its name, as navigation entries give it. Drawn as plain SVG in the current colour and
/// hidden from screen readers: the words beside it, or the label of its button, say what it means.
/// </summary>
public sealed class HouseIcon : ComponentBase
{
    private static readonly ConcurrentDictionary<(string Name, int Size), MarkupString> Known = new();

    [Parameter, EditorRequired] public string Name { get; set; } = "";

    /// <summary>16, 20 or 24.</summary>
    [Parameter] public int Size { get; set; } = 20;

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "svg");
        builder.AddAttribute(1, "class", "wh-icon");
        builder.AddAttribute(2, "viewBox", $"0 0 {Size} {Size}");
        builder.AddAttribute(3, "width", Size);
        builder.AddAttribute(4, "height", Size);
        builder.AddAttribute(5, "aria-hidden", "true");
        builder.AddAttribute(6, "focusable", "false");
        builder.AddContent(7, Known.GetOrAdd((Name, Size), Draw));
        builder.CloseElement();
    }

    private static MarkupString Draw((string Name, int Size) icon)
    {
        var anchor = typeof(Microsoft.FluentUI.AspNetCore.Components.Icons.Regular.Size20.Circle);
        var type = anchor.Assembly.GetType(
            $"Microsoft.FluentUI.AspNetCore.Components.Icons.Regular.Size{icon.Size}+{icon.Name}");
        // A misspelt name shows a dot rather than taking the page down.
        return type is not null && Activator.CreateInstance(type) is Icon found
            ? new MarkupString(found.Content)
            : new MarkupString($"""<circle cx="{icon.Size / 2}" cy="{icon.Size / 2}" r="3"/>""");
    }
}
