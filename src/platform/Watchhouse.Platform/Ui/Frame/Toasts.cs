namespace Watchhouse.Platform.Ui;

public enum ToastTone
{
    Done,
    Information,
    Problem,
}

/// <summary>A short message about what was just done.</summary>
public sealed record Toast(long Id, string Words, ToastTone Tone, string? Address, string? AddressWords);

/// <summary>
/// Says what was done, at the lower edge, without taking the focus. What went wrong and needs an answer belongs on
/// the page, not here: a problem stays until it is closed, the others leave after some seconds.
/// </summary>
public sealed class Toasts
{
    private readonly List<Toast> _shown = [];

    public event Action? Changed;

    public IReadOnlyList<Toast> Shown => _shown;

    /// <param name="words">'Delegation to the Centre revoked'.</param>
    /// <param name="address">Where the result is, if that is elsewhere.</param>
    public void Say(
        string words, ToastTone tone = ToastTone.Done, string? address = null, string? addressWords = null)
    {
        if (_shown.Count == 3) _shown.RemoveAt(0);
        _shown.Add(new Toast(ElementIds.Number(), words, tone, address, addressWords));
        Changed?.Invoke();
    }

    public void Close(long id)
    {
        if (_shown.RemoveAll(t => t.Id == id) > 0) Changed?.Invoke();
    }
}
