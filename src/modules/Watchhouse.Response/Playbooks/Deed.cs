using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Response.Playbooks;

/// <summary>Something that a person does with one sentence.</summary>
/// <param name="Title">A question, or what is made.</param>
/// <param name="Act">Verb and object.</param>
/// <param name="Field">What is asked for.</param>
/// <param name="Said">What is said when it is done.</param>
/// <param name="Run">Does it.</param>
internal sealed record Deed(string Title, string Act, string Field, string Said, Func<ActingPrincipal, string, Task<Failure?>> Run)
{
    public string Keep { get; init; } = "Leave it";

    public IReadOnlyList<string> Lines { get; init; } = [];

    public string? Hint { get; init; }

    public string Text { get; init; } = "";

    public bool Danger { get; init; }
}
