using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Ui;

/// <summary>Whether this is a demonstration. When it is, every page says so.</summary>
/// <param name="On">Whether it is one.</param>
/// <param name="HasTelemetry">Whether made-up events arrive in it.</param>
public sealed record DemonstrationMode(bool On, bool HasTelemetry = false);

/// <summary>A made-up person whom a visitor of the demonstration can be.</summary>
/// <param name="Key">What the form posts.</param>
/// <param name="Name">'Amira Shah'.</param>
/// <param name="Role">'Information security officer'.</param>
public sealed record Persona(string Key, string Name, string Role, ForceId Home);

/// <summary>The people of the demonstration; empty outside it.</summary>
public interface IPersonaList
{
    IReadOnlyList<Persona> All { get; }
}

/// <summary>The machine clients that deliver the made-up events of a demonstration, one in each force that has any.</summary>
public interface IDemonstrationCollectors
{
    /// <summary>Who the force's collector is at this moment; it is made when there never was one. Null where it was revoked or has expired.</summary>
    ValueTask<ActingPrincipal?> OfAsync(ForceId force, CancellationToken cancellationToken);
}
