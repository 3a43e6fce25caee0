using System.CommandLine;
using Watchhouse.Commands.Rules;
using Watchhouse.Sigma;

namespace Watchhouse.Commands.Detect;

/// <summary><c>watchhouse detect</c>: Sigma rules over files, without a server.</summary>
internal static class DetectCommand
{
    private static readonly string[] Levels = ["informational", "low", "medium", "high", "critical"];

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE|DIR")
        {
            Description = "Event files (JSON lines, JSON arrays, EVTX; plain, gzip or zstd) or directories of them.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var rules = new Option<string[]>("--rules") { Description = "Rule files or directories.", AllowMultipleArgumentsPerToken = true };
        var format = new Option<string>("--format") { Description = "table or json (one object a line).", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json");
        var level = LevelOption("--level", "Report only matches of this level and above.");
        var failOn = LevelOption("--fail-on", "End with 1 if a match of this level or above was reported.");
        var threads = new Option<int>("--threads") { Description = "Number of threads that parse and detect.", DefaultValueFactory = _ => Environment.ProcessorCount };
        threads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 256) result.AddError("--threads must be from 1 to 256.");
        });
        var labelled = new Option<bool>("--labelled")
        {
            Description = "Events say their log source in _product, _category, _service (a|b = any of them) and their id in _id.",
        };
        var stats = new Option<string?>("--stats") { Description = "Write counts, times and memory to this file, as JSON." };
        var noRules = new Option<bool>("--no-rules") { Description = "Read and parse only." };
        var reading = new RuleOptions();
        var command = new Command("detect", "Finds what Sigma rules describe in event files.")
        {
            files, rules, format, level, failOn, threads, labelled, stats, noRules, reading.Mapping, reading.Values, reading.Pipeline,
        };
        command.Validators.Add(result =>
        {
            var named = result.GetValue(rules) ?? [];
            if (!named.Any(IsForRules) && !result.GetValue(noRules))
                result.AddError("Give the rules to detect with: --rules PATH. To read and parse only, give --no-rules.");
            if (result.GetValue(files) is not { Length: > 0 } && named.All(IsForRules))
                result.AddError("Give the event files or directories to look at.");
        });
        command.SetAction((parsed, cancellationToken) => Task.FromResult(DetectExecution.Run(
            new DetectOptions
            {
                Rules = parsed.GetValue(noRules) ? [] : [.. (parsed.GetValue(rules) ?? []).Where(IsForRules)],
                Files = [.. (parsed.GetValue(rules) ?? []).Where(path => !IsForRules(path)), .. parsed.GetRequiredValue(files)],
                Format = parsed.GetRequiredValue(format) == "json" ? DetectFormat.Json : DetectFormat.Table,
                Level = Parse(parsed.GetValue(level)) ?? SigmaLevel.Informational,
                FailOn = Parse(parsed.GetValue(failOn)),
                Threads = parsed.GetValue(threads),
                Labelled = parsed.GetValue(labelled),
                NoRules = parsed.GetValue(noRules),
                Stats = parsed.GetValue(stats),
                Mappings = parsed.GetValue(reading.Mapping) ?? [],
                Values = parsed.GetValue(reading.Values),
                Pipelines = parsed.GetValue(reading.Pipeline) ?? [],
            },
            cancellationToken)));
        return command;
    }

    // --rules takes several paths, and so takes the event files too where no other option stands between: what cannot hold
    // rules is one of those.
    private static bool IsForRules(string path)
    {
        if (File.Exists(path))
            return Path.GetExtension(path).ToLowerInvariant() is ".yml" or ".yaml";
        return !Directory.Exists(path) || Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Any(file => Path.GetExtension(file).ToLowerInvariant() is ".yml" or ".yaml");
    }

    private static SigmaLevel? Parse(string? level) => level is null ? null : (SigmaLevel)Array.IndexOf(Levels, level);

    private static Option<string?> LevelOption(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description };
        option.AcceptOnlyFromAmong(Levels);
        return option;
    }
}
