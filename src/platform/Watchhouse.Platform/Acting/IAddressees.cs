using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Acting;

/// <summary>Somebody of an organisation who can be written to.</summary>
/// <param name="Id">As <see cref="ActingPrincipal.Subject"/> has it.</param>
/// <param name="Name">Their name.</param>
/// <param name="Email">The work address that the organisation's directory has. It is asked for when something is sent, and copied nowhere.</param>
public sealed record Addressee(Guid Id, string Name, string Email);

/// <summary>Who keeps people tells where those of an organisation are written to. For jobs that send: no person is shown what it answers of another.</summary>
public interface IAddressees
{
    /// <summary>
    /// People who work for the organisation now and hold one of the roles there, and those named by id; each once, by name, at most 500.
    /// Who left, moved or is suspended is not among them.
    /// </summary>
    Task<IReadOnlyList<Addressee>> OfAsync(ForceId home, IReadOnlyCollection<Role> roles, IReadOnlyCollection<Guid> people, CancellationToken cancellationToken);

    /// <summary>Those of the ids whose people do not work for the organisation any more: they left, or moved to another. Who is suspended still does.</summary>
    Task<IReadOnlyList<Guid>> GoneAsync(ForceId home, IReadOnlyCollection<Guid> people, CancellationToken cancellationToken);
}
