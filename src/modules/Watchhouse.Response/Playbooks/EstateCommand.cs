using Watchhouse.Cacao;
using Watchhouse.Response.Estate;

namespace Watchhouse.Response.Playbooks;

/// <summary>A command of the type <c>estate</c>: the word of a kind, the variable of its target, and that of its detail where it has one.</summary>
internal sealed record EstateCommand(EstateActionKind Kind, string Target, string? Detail)
{
    public const string Type = "estate";

    /// <summary>Kinds that stop a person's or a device's work: two people decide.</summary>
    public static bool IsDestructive(EstateActionKind kind) => kind is EstateActionKind.IsolateDevice or EstateActionKind.DisableAccount;

    /// <summary>The command of a step; null where people carry it out.</summary>
    public static EstateCommand? Of(CacaoStep step) => step.Commands is [{ Type: Type } command] ? Read(command.Command) : null;

    /// <summary>What is wrong with a step's command; null where nothing is, or it is none.</summary>
    public static string? Fault(CacaoStep step)
    {
        if (step.Commands.All(command => command.Type != Type)) return null;
        if (step.Commands.Count > 1) return $"Step '{step.Name}' ({step.Id}) has an estate command and another: what needs an approval stands in a step of its own.";
        return Read(step.Commands[0].Command) is null
            ? $"Step '{step.Name}' ({step.Id}) has an estate command that is not a kind of action and its variables, such as 'RevokeSessions __account__:value'."
            : null;
    }

    private static EstateCommand? Read(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is < 2 or > 3 || !Enum.TryParse<EstateActionKind>(parts[0], out var kind) || !Enum.IsDefined(kind) || kind.ToString() != parts[0]) return null;
        var variables = parts[1..].Select(part => part.EndsWith(":value", StringComparison.Ordinal) ? part[..^6] : "").ToList();
        return variables.All(CacaoIds.IsVariable) ? new(kind, variables[0], variables.ElementAtOrDefault(1)) : null;
    }
}
