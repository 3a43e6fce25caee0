using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Watchhouse.Ledger;

namespace Watchhouse.Commands;

/// <summary><c>watchhouse audit</c>: proves and hands over the audit trail, offline.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", "Proves and hands over the audit trail, without a server.") { Verify(), Export() };

    private static Command Verify()
    {
        var data = Data();
        var export = new Option<string?>("--export") { Description = "Check an exported folder or zip file instead of a data directory." };
        var key = Key();
        var against = new Option<FileInfo?>("--against")
        {
            Description = "A signed checkpoint kept elsewhere: shows a log that was cut back or rewritten by its own keeper.",
        };
        var format = new Option<string>("--format") { Description = "text or json.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var command = new Command("verify", "Recomputes every entry, hash, checkpoint and signature, and locates every fault.")
        {
            data, export, key, against, format,
        };
        command.SetAction((parsed, cancellationToken) => Guarded(async () =>
        {
            var directory = parsed.GetRequiredValue(data).FullName;
            var keys = await KeysAsync(parsed.GetValue(key), directory, cancellationToken);
            var remembered = parsed.GetValue(against) is { } file
                ? new[] { SignedCheckpoint.Parse(await File.ReadAllBytesAsync(file.FullName, cancellationToken)) }
                : [];
            foreach (var one in remembered) one.Note.Verify(keys);
            var report = parsed.GetValue(export) is { } path
                ? LedgerExport.Verify(path, keys)
                : LedgerVerifier.Verify(Path.Combine(directory, "ledger"), keys, remembered.Select(r => r.Checkpoint), Progress(), cancellationToken);
            Write(report, parsed.GetRequiredValue(format));
            return report.IsOk ? 0 : 1;
        }));
        return command;
    }

    private static Command Export()
    {
        var data = Data();
        var key = Key();
        var to = new Option<string>("--to") { Description = "A folder or .zip file to write; it must not exist.", Required = true };
        var from = new Option<long?>("--from") { Description = "Index of the first entry, from 0; with --count." };
        var count = new Option<long?>("--count") { Description = "Number of entries; each comes with its proof." };
        var command = new Command("export", "Hands the log, or a part of it with proofs, over to somebody who checks it with open tools.")
        {
            data, key, to, from, count,
        };
        command.SetAction((parsed, cancellationToken) => Guarded(async () =>
        {
            var directory = parsed.GetRequiredValue(data).FullName;
            var keys = await KeysAsync(parsed.GetValue(key), directory, cancellationToken);
            var (first, number) = (parsed.GetValue(from), parsed.GetValue(count));
            if (first is null != number is null)
                return await RefuseAsync("--from and --count go together: give both, or neither for the whole log.");
            LedgerRange? range = first is { } start ? new LedgerRange(start, number!.Value) : null;
            var destination = parsed.GetRequiredValue(to);
            var checkpoint = await LedgerExport.WriteAsync(
                Path.Combine(directory, "ledger"), destination, keys, range, Progress(), cancellationToken);
            await Console.Out.WriteLineAsync(
                $"Written to {destination}: {range?.Count ?? checkpoint.Checkpoint.TreeSize} entries under a checkpoint of {checkpoint.Checkpoint.TreeSize}. "
                + "README.txt in it says how to check it.");
            return 0;
        }));
        return command;
    }

    private static void Write(LedgerReport report, string format)
    {
        if (format == "json")
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                ok = report.IsOk,
                entries = report.Entries,
                checkpoints = report.Checkpoints,
                root = report.Latest?.Checkpoint.Root.ToBase64(),
                faultCount = report.FaultCount,
                faults = report.Faults.Select(f => new { file = f.File, offset = f.Offset, entry = f.Entry, expected = f.Expected, found = f.Found }),
            }));
            return;
        }

        var invariant = CultureInfo.InvariantCulture;
        if (report.IsOk)
        {
            Console.WriteLine(string.Create(invariant,
                $"The audit log is whole: {report.Entries} entries, {report.Checkpoints} checkpoints, root {report.Latest?.Checkpoint.Root.ToBase64()}."));
            return;
        }

        Console.WriteLine(string.Create(invariant, $"The audit log is NOT whole: {report.FaultCount} faults in {report.Entries} entries."));
        foreach (var fault in report.Faults) Console.WriteLine($"  {fault}");
        Console.WriteLine("Keep this directory as it is, as evidence, and compare it with the last copy that verified.");
    }

    private static async Task<IReadOnlyCollection<VerifierKey>> KeysAsync(string? given, string data, CancellationToken cancellationToken)
    {
        if (given is not null && !File.Exists(given)) return [VerifierKey.Parse(given)];
        var path = given ?? Path.Combine(data, "keys", "ledger.key.pub");
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"No public key of the log was found at '{path}'. Give one with --key: the key's text, or a file that holds it.");
        var lines = await File.ReadAllLinesAsync(path, cancellationToken);
        return [.. lines.Where(l => l.Trim().Length > 0).Select(l => VerifierKey.Parse(l.Trim()))];
    }

    private static async Task<int> Guarded(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or FormatException
            or ArgumentException or NoteFormatException or NoteSignatureException)
        {
            return await RefuseAsync(e.Message);
        }
    }

    private static async Task<int> RefuseAsync(string message)
    {
        await Console.Error.WriteLineAsync(message);
        return 2;
    }

    // A person at a terminal sees that something happens; a pipe gets the result alone.
    private static Progress<long>? Progress() => Console.IsErrorRedirected ? null : new Progress<long>(done =>
        Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{done} entries")));

    private static Option<DirectoryInfo> Data() => new("--data")
    {
        Description = "The centre's data directory.",
        DefaultValueFactory = _ => new DirectoryInfo("data"),
    };

    private static Option<string?> Key() => new("--key")
    {
        Description = "The log's public key (name+hash+base64), or a file of such lines, had from a place that its keeper cannot change.",
    };
}
