using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Ui;

/// <summary>Whether this is a demonstration. When it is, every page says so.</summary>
public sealed record DemonstrationMode(bool On);

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
