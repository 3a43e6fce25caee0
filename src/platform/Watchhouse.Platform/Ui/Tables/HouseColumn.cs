using Microsoft.AspNetCore.Components;

namespace Watchhouse.Platform.Ui;

public enum ColumnAlign
{
    Start,

    /// <summary>Numbers: right-aligned, figures of equal width.</summary>
    Number,
}

/// <summary>A column of a <c>HouseTable</c>.</summary>
[CascadingTypeParameter(nameof(TRow))]
public sealed class HouseColumn<TRow> : ComponentBase, IDisposable
{
    [CascadingParameter] internal ITableColumns<TRow>? Table { get; set; }

    [Parameter, EditorRequired] public string Title { get; set; } = "";

    /// <summary>The word in the address that sorts by this column; without one it does not sort.</summary>
    [Parameter] public string? Sort { get; set; }

    [Parameter] public ColumnAlign Align { get; set; }

    /// <summary>A CSS width such as <c>120px</c>; without one the column takes what is left.</summary>
    [Parameter] public string? Width { get; set; }

    /// <summary>The column that names the row: a row header, and the link when the row has an address.</summary>
    [Parameter] public bool NamesRow { get; set; }

    /// <summary>Leaves the column out below 640 px.</summary>
    [Parameter] public bool WideOnly { get; set; }

    /// <summary>The title is for screen readers only; for columns of marks.</summary>
    [Parameter] public bool TitleUnseen { get; set; }

    [Parameter] public RenderFragment<TRow>? ChildContent { get; set; }

    /// <summary>The plain text of a cell, when no content is given, and in a client-side export.</summary>
    [Parameter] public Func<TRow, string?>? Text { get; set; }

    protected override void OnInitialized() => Table?.Add(this);

    public void Dispose() => Table?.Remove(this);
}

internal interface ITableColumns<TRow>
{
    void Add(HouseColumn<TRow> column);

    void Remove(HouseColumn<TRow> column);
}
