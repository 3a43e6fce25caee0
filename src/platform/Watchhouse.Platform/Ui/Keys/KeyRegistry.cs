namespace Watchhouse.Platform.Ui;

/// <summary>A key of the page.</summary>
/// <param name="Key">As the browser names it: <c>a</c>, <c>e</c>.</param>
/// <param name="Meaning">What it does: 'Assign to me'.</param>
/// <param name="Act">Given the key of the row that has the focus, if one has.</param>
public sealed record PageKey(string Key, string Meaning, Func<string?, Task> Act);

/// <summary>The keys of the page shown, so that the help can list them.</summary>
public sealed class KeyRegistry
{
    private readonly Dictionary<string, IReadOnlyList<PageKey>> _keys = [];

    public event Action? Changed;

    public IEnumerable<PageKey> All => _keys.Values.SelectMany(k => k);

    internal void Set(string id, IReadOnlyList<PageKey> keys)
    {
        _keys[id] = keys;
        Changed?.Invoke();
    }

    internal void Clear(string id)
    {
        if (_keys.Remove(id)) Changed?.Invoke();
    }
}
