using System.CommandLine;
using Watchhouse.Telemetry;

namespace Watchhouse.Commands.Import;

/// <summary><c>watchhouse import</c>: a person's own files into a force's journal.</summary>
internal static class ImportCommand
{
    /// <summary>Names of formats as people write them.</summary>
    private static readonly Dictionary<string, EventFormat> Formats = new(StringComparer.Ordinal)
    {
        ["evtx"] = EventFormat.Evtx,
        ["jsonl"] = EventFormat.JsonLines,
        ["json"] = EventFormat.Json,
        ["xml"] = EventFormat.Xml,
        ["csv"] = EventFormat.Csv,
        ["w3c"] = EventFormat.W3c,
        ["zeek"] = EventFormat.Zeek,
        ["syslog"] = EventFormat.Syslog,
        ["syslog-framed"] = EventFormat.SyslogFramed,
        ["cef"] = EventFormat.Cef,
        ["leef"] = EventFormat.Leef,
        ["auditd"] = EventFormat.Auditd,
        ["access-log"] = EventFormat.AccessLog,
        ["text"] = EventFormat.TextLines,
    };

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE|DIR")
        {
            Description = "Event files of any format that is read here, plain or packed with gzip or zstd, or directories of them.",
            Arity = ArgumentArity.OneOrMore,
        };
        var force = new Option<string>("--force") { Description = "Tag of the force whose events they are, such as KNT.", Required = true };
        var source = new Option<string>("--source") { Description = "Name of the source under which they are kept, such as dc1-security.", Required = true };
        var data = new Option<DirectoryInfo>("--data")
        {
            Description = "Directory of the centre, as 'serve' has it.",
            DefaultValueFactory = _ => new DirectoryInfo("data"),
        };
        var format = new Option<string?>("--format") { Description = "The files' format, where they do not tell it themselves." };
        format.AcceptOnlyFromAmong([.. Formats.Keys]);
        var command = new Command("import", "Takes event files into a force's journal, also while the centre runs.") { files, force, source, data, format };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(ImportRun.Run(new ImportOptions
        {
            Files = parsed.GetRequiredValue(files),
            Force = parsed.GetRequiredValue(force),
            Source = parsed.GetRequiredValue(source),
            Data = parsed.GetRequiredValue(data).FullName,
            Format = parsed.GetValue(format) is { } name ? Formats[name] : null,
        }, cancellationToken)));
        return command;
    }
}

/// <summary>What <c>watchhouse import</c> was asked to do.</summary>
internal sealed record ImportOptions
{
    public required IReadOnlyList<string> Files { get; init; }

    public required string Force { get; init; }

    public required string Source { get; init; }

    public required string Data { get; init; }

    public EventFormat? Format { get; init; }
}
