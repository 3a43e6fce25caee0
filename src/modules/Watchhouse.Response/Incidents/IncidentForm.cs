using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Response.Incidents;

/// <summary>A field of a small form.</summary>
/// <param name="Name">As the API names it: what is wrong is marked by it.</param>
/// <param name="Label">As people read it.</param>
/// <param name="Kind">How it is asked for.</param>
/// <param name="Value">What it holds at first.</param>
internal sealed record FormField(string Name, string Label, FieldKind Kind = FieldKind.Line, string Value = "")
{
    public string? Hint { get; init; }

    public int Most { get; init; } = 200;

    /// <summary>Value and words of what can be chosen.</summary>
    public IReadOnlyList<(string Value, string Words)> Choices { get; init; } = [];
}

internal enum FieldKind
{
    Line,
    Text,
    Choice,
    Date,
    Moment,
}

/// <summary>Something that a person does by a small form.</summary>
/// <param name="Title">A question, or what is made.</param>
/// <param name="Act">Verb and object.</param>
/// <param name="Keep">Verb and object of leaving it.</param>
/// <param name="Said">What is said when it is done.</param>
/// <param name="Fields">What is asked for.</param>
/// <param name="Run">Does it with the values by their names.</param>
internal sealed record IncidentForm(
    string Title, string Act, string Keep, string Said, IReadOnlyList<FormField> Fields, Func<ActingPrincipal, IReadOnlyDictionary<string, string>, Task<Failure?>> Run)
{
    public IReadOnlyList<string> Lines { get; init; } = [];
}
