using Spectre.Console;

namespace Watchhouse.Commands.Rules;

/// <summary>Where the rule commands write for people.</summary>
internal static class RuleConsole
{
    // A pipe has no width; lines that break at eighty columns would be hard to search in.
    private const int WidthOfPipe = 200;

    public static IAnsiConsole Create()
    {
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected) console.Profile.Width = WidthOfPipe;
        return console;
    }

    /// <summary>A rule's text must not steer the terminal.</summary>
    public static string Printable(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : text;
}
