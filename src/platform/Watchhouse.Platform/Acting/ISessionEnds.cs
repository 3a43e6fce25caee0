namespace Watchhouse.Platform.Acting;

/// <summary>Lets an open screen learn that its session ended elsewhere: the person left, moved or signed out.</summary>
public interface ISessionEnds
{
    /// <summary>Calls back once when the session ends; dispose when the screen closes. May be called on any thread.</summary>
    IDisposable OnEnded(Guid sessionId, Action then);
}
