namespace Watchhouse.Federation.Contracts;

/// <summary>The first start of a centre in which nobody is yet.</summary>
public interface ISetup
{
    /// <summary>Whether somebody administers this centre; nothing but the set-up is open before.</summary>
    ValueTask<bool> IsDoneAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes the one-time address of the set-up page and withdraws an earlier one; null when the set-up is done. It is
    /// returned here alone and kept as a hash, so print it for whoever starts the program and store it nowhere.
    /// </summary>
    /// <param name="address">An address that the program listens on.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<string?> MakeLinkAsync(string address, CancellationToken cancellationToken);
}
