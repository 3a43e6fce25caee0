using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Watchhouse.Platform.Ui;

/// <summary>
/// Renders after its earlier siblings have initialised. The columns of a table are such siblings: they announce
/// themselves first, and the table is drawn with all of them.
/// </summary>
public sealed class Defer : ComponentBase
{
    [Parameter] public RenderFragment? ChildContent { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, ChildContent);
}
