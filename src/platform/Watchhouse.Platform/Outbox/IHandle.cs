namespace Watchhouse.Platform.Outbox;

/// <summary>
/// Receives an event of another module (or of its own) after it was saved. Delivery is at least once and in order;
/// a handler drops what it has seen, by <paramref name="id"/>.
/// </summary>
public interface IHandle<in TEvent>
    where TEvent : class
{
    Task HandleAsync(Guid id, TEvent what, CancellationToken cancellationToken);
}
