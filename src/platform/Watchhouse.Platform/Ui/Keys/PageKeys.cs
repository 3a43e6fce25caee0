using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Watchhouse.Platform.Ui;

/// <summary>Declares the keys of a page. It draws nothing; the help behind <c>?</c> lists what it declares.</summary>
public sealed class PageKeys : ComponentBase, IAsyncDisposable
{
    private readonly string _id = ElementIds.Next("k");
    private DotNetObjectReference<PageKeys>? _self;

    [Inject] private KeyRegistry Registry { get; set; } = default!;

    [Inject] private HouseScript Script { get; set; } = default!;

    [Parameter, EditorRequired] public IReadOnlyList<PageKey> Keys { get; set; } = [];

    [JSInvokable]
    public Task PressAsync(string key, string? row) =>
        Keys.FirstOrDefault(k => k.Key == key) is { } pressed
            ? InvokeAsync(() => pressed.Act(row))
            : Task.CompletedTask;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        _self = DotNetObjectReference.Create(this);
        Registry.Set(_id, Keys);
        await Script.SetPageKeysAsync(_id, _self, Keys.Select(k => k.Key));
    }

    public async ValueTask DisposeAsync()
    {
        Registry.Clear(_id);
        if (_self is null) return;
        await Script.ClearPageKeysAsync(_id);
        _self.Dispose();
    }
}
