using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Watchhouse.Platform.Ui;

public sealed partial class HouseTable<TRow>
{
    private readonly List<HouseColumn<TRow>> _columns = [];
    private readonly HashSet<string> _selected = new(StringComparer.Ordinal);

    [Parameter, EditorRequired] public IReadOnlyList<TRow> Items { get; set; } = [];

    /// <summary>The stable key of a row.</summary>
    [Parameter, EditorRequired] public Func<TRow, string> Key { get; set; } = default!;

    /// <summary>What the table lists, for screen readers and print: 'People of Kent Police'.</summary>
    [Parameter, EditorRequired] public string Caption { get; set; } = "";

    /// <summary><c>HouseColumn</c> elements.</summary>
    [Parameter, EditorRequired] public RenderFragment Columns { get; set; } = default!;

    /// <summary>The address that a row opens; the whole row is its link.</summary>
    [Parameter] public Func<TRow, string?>? RowHref { get; set; }

    /// <summary>The key of the row whose detail is open.</summary>
    [Parameter] public string? CurrentKey { get; set; }

    /// <summary>The sort in the address: <c>name</c>, or <c>-name</c> for descending.</summary>
    [Parameter] public string? Sort { get; set; }

    /// <summary>The sort that holds when the address names none.</summary>
    [Parameter] public string? DefaultSort { get; set; }

    [Parameter] public string SortParameter { get; set; } = "sort";

    /// <summary>The page in the address, from 1.</summary>
    [Parameter] public int Page { get; set; } = 1;

    [Parameter] public int PageSize { get; set; } = 50;

    /// <summary>How many rows there are over all pages; null when unknown.</summary>
    [Parameter] public int? Total { get; set; }

    [Parameter] public bool Selectable { get; set; }

    [Parameter] public EventCallback<IReadOnlyList<TRow>> SelectedChanged { get; set; }

    /// <summary>What can be done with the selected rows; shown while there are any.</summary>
    [Parameter] public RenderFragment<IReadOnlyList<TRow>>? Bulk { get; set; }

    /// <summary>The endpoint that answers the same rows as CSV. Preferred: it is audited as what it is.</summary>
    [Parameter] public string? ExportHref { get; set; }

    /// <summary>Makes the CSV when there is no endpoint for it.</summary>
    [Parameter] public EventCallback OnExport { get; set; }

    // Columns keep their widths and share the rest, so that rows do not jump when other data arrives. In a narrow place
    // the table scrolls rather than squeezing a column to nothing.
    private string LeastWidths => string.Create(CultureInfo.InvariantCulture,
        $"--least:{LeastWidth(_columns)}px;--least-narrow:{LeastWidth(_columns.Where(c => !c.WideOnly))}px");

    private IReadOnlyList<TRow> Selected => [.. Items.Where(r => _selected.Contains(Key(r)))];

    private bool AllSelected => Items.Count > 0 && Items.All(r => _selected.Contains(Key(r)));

    void ITableColumns<TRow>.Add(HouseColumn<TRow> column) => _columns.Add(column);

    void ITableColumns<TRow>.Remove(HouseColumn<TRow> column) => _columns.Remove(column);

    // Rows that are no longer shown cannot be meant.
    protected override void OnParametersSet() => _selected.IntersectWith(Items.Select(Key));

    private int LeastWidth(IEnumerable<HouseColumn<TRow>> columns) => (Selectable ? 36 : 0) + columns.Sum(c =>
        c.Width is { } width && width.EndsWith("px", StringComparison.Ordinal)
        && int.TryParse(width.AsSpan(..^2), NumberStyles.None, CultureInfo.InvariantCulture, out var pixels)
            ? pixels
            : 120);

    private static RenderFragment Cell(HouseColumn<TRow> column, TRow row) => column.ChildContent is { } content
        ? content(row)
        : builder => builder.AddContent(0, column.Text?.Invoke(row));

    private string NameOf(TRow row) => _columns.Find(c => c.NamesRow)?.Text?.Invoke(row) ?? Key(row);

    private static string? ClassOf(HouseColumn<TRow> column) => (column.Align, column.WideOnly) switch
    {
        (ColumnAlign.Number, true) => "wh-number wh-wide",
        (ColumnAlign.Number, false) => "wh-number",
        (_, true) => "wh-wide",
        _ => null,
    };

    private string? SortState(HouseColumn<TRow> column)
    {
        if (column.Sort is null) return null;
        var now = Sort ?? DefaultSort;
        return now == column.Sort ? "ascending" : now == "-" + column.Sort ? "descending" : "none";
    }

    private string SortAddress(HouseColumn<TRow> column)
    {
        var next = (Sort ?? DefaultSort) == column.Sort ? "-" + column.Sort : column.Sort;
        return Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
        {
            [SortParameter] = next == DefaultSort ? null : next,
            ["page"] = null,
        });
    }

    private Task ToggleAsync(string key)
    {
        if (!_selected.Remove(key)) _selected.Add(key);
        return SelectedChanged.InvokeAsync(Selected);
    }

    private Task ToggleAllAsync()
    {
        if (AllSelected) _selected.Clear();
        else _selected.UnionWith(Items.Select(Key));
        return SelectedChanged.InvokeAsync(Selected);
    }

    private Task ClearAsync()
    {
        _selected.Clear();
        return SelectedChanged.InvokeAsync(Selected);
    }
}
