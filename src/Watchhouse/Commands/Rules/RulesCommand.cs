using System.CommandLine;

namespace Watchhouse.Commands.Rules;

/// <summary><c>watchhouse rules</c>: what has become of Sigma rules, and the import of a release, without a server.</summary>
internal static class RulesCommand
{
    public static Command Create() => new("rules", "Says what has become of Sigma rules, how they were understood, and imports a release.") { Check(), Explain(), RuleImportCommand.Create() };

    private static Command Check()
    {
        var paths = new Argument<string[]>("PATH") { Description = "Rule files or directories.", Arity = ArgumentArity.OneOrMore };
        var (options, format) = (new RuleOptions(), RuleOptions.Format());
        var command = new Command("check", "Reads rules and says for each whether it is live, and why not. Ends with 1 if one is rejected.")
        {
            paths, format, options.Mapping, options.Values, options.Pipeline,
        };
        command.SetAction(parsed => Guarded(() => RuleCheck.Run(options.Input(parsed, parsed.GetRequiredValue(paths)), parsed.GetRequiredValue(format) == "json")));
        return command;
    }

    private static Command Explain()
    {
        var rule = new Argument<string>("RULE") { Description = "A rule file; or the id or name of a rule, with --rules." };
        var rules = new Option<string[]>("--rules") { Description = "Rule files or directories to find it in, and to count what it shares with.", AllowMultipleArgumentsPerToken = true };
        var events = new Option<string[]>("--events") { Description = "Event files to measure the rule on.", AllowMultipleArgumentsPerToken = true };
        var (options, format) = (new RuleOptions(), RuleOptions.Format());
        var command = new Command("explain", "Says how a rule was understood, when it is looked at, where its fields are found, and what it costs.")
        {
            rule, rules, events, format, options.Mapping, options.Values, options.Pipeline,
        };
        command.SetAction(parsed => Guarded(() => RuleExplain.Run(
            parsed.GetRequiredValue(rule),
            options.Input(parsed, parsed.GetValue(rules) ?? []),
            parsed.GetValue(events) ?? [],
            parsed.GetRequiredValue(format) == "json")));
        return command;
    }

    private static int Guarded(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or InvalidDataException)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
    }
}
