using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Watchhouse.Hosting;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Modules;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;
using Watchhouse.Storage.Postgres;
using Watchhouse.Storage.Sqlite;

namespace Watchhouse.Commands.Rules;

/// <summary>
/// <c>watchhouse rules import</c>: what a release would change in the nation's rules, and with <c>--apply</c> the change. It
/// works on the records alone, so the centre may be running: it takes the change up within half a minute.
/// </summary>
internal static class RuleImportCommand
{
    private const int MostListed = 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "A release (zip or tar.gz), a folder, or a rule file." };
        var data = new Option<DirectoryInfo>("--data") { Description = "The centre's data directory.", DefaultValueFactory = _ => new DirectoryInfo("data") };
        var name = new Option<string>("--name") { Description = "Name by which a later release follows this one.", DefaultValueFactory = _ => "sigmahq" };
        var release = new Option<string>("--release") { Description = "What the release calls itself.", DefaultValueFactory = _ => "" };
        var state = new Option<string>("--state") { Description = "Where new rules begin: draft, testing or live.", DefaultValueFactory = _ => "testing" };
        state.AcceptOnlyFromAmong("draft", "testing", "live");
        var why = new Option<string?>("--why") { Description = "Why; needed with --state live." };
        var keep = new Option<bool>("--keep-removed") { Description = "Leave rules in use that the release no longer has." };
        var apply = new Option<bool>("--apply") { Description = "Do it. Without, only the difference is told." };
        var format = new Option<string>("--format") { Description = "text or json.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var command = new Command("import", "Tells what a release of rules would change in the nation's, and with --apply changes it.")
        {
            path, data, name, release, state, why, keep, apply, format,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(path), parsed.GetRequiredValue(data).FullName, new RuleImportRequest
        {
            Name = parsed.GetRequiredValue(name),
            Release = parsed.GetRequiredValue(release),
            State = parsed.GetRequiredValue(state),
            Why = parsed.GetValue(why),
            RetireRemoved = !parsed.GetValue(keep),
            ApplyUnseen = parsed.GetValue(apply),
        }, parsed.GetRequiredValue(format) == "json", cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string path, string data, RuleImportRequest request, bool asJson, CancellationToken cancellationToken)
    {
        var options = new ServeOptions { Data = data, Urls = "" };
        try
        {
            // A new directory here would be a typing error, not a centre.
            if (options.Postgres is null && !File.Exists(Path.Combine(data, "watchhouse.db")))
                return await RefuseAsync($"There is no centre in '{data}'. Name its data directory with --data.");
            await using var services = Services(options with { Demonstration = File.Exists(Path.Combine(data, "DEMONSTRATION")) });
            await services.GetRequiredService<HouseStart>().PrepareStorageAsync(cancellationToken);
            var outcome = await services.GetRequiredService<IRuleImports>().RunAsync(ActingPrincipal.ForJob("rules import"), path, request, cancellationToken);
            if (!outcome.Succeeded) return await RefuseAsync(outcome.Failure.Message);
            Console.WriteLine(asJson ? JsonSerializer.Serialize(outcome.Value, Json) : Text(outcome.Value));
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StorageUnusableException or StartRefusedException)
        {
            return await RefuseAsync(e.Message);
        }
    }

    private static ServiceProvider Services(ServeOptions options)
    {
        var directory = DataDirectory.Open(options);
        var modules = HouseModules.All();
        IHouseStorage storage = options.Postgres is { Length: > 0 } connection ? new PostgresStorage(connection) : new SqliteStorage(directory.Database);
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddFilter(level => level >= LogLevel.Warning));
        services.AddSingleton(new HouseDirectory(directory.Root));
        services.AddSingleton(new KeyDirectory(directory.Keys));
        services.AddSingleton(new DemonstrationMode(options.Demonstration));
        services.AddPlatform(storage, modules, new AuditLedgerOptions
        {
            Directory = directory.Ledger,
            KeyPath = Path.Combine(directory.Keys, "ledger.key"),
            Origin = "watchhouse/audit",
        });
        new Watchhouse.Monitoring.MonitoringModule().AddServices(services, new ConfigurationBuilder().Build());
        return services.BuildServiceProvider();
    }

    private static string Text(RuleImportReport report)
    {
        var text = new System.Text.StringBuilder();
        List("New", report.New);
        List("Changed", report.Changed);
        List("Changed, but edited here: the edit stands", report.KeptEdits);
        List("Not in the release any more", report.Removed);
        if (report.Unusable.Count > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Cannot be used ({report.Unusable.Count})");
            foreach (var fault in report.Unusable.Take(MostListed))
                text.AppendLine(CultureInfo.InvariantCulture, $"  {RuleConsole.Printable($"{fault.Path}:{fault.Line}: {fault.Reason}")}");
            More(report.Unusable.Count);
        }

        text.Append(CultureInfo.InvariantCulture,
            $"{report.New.Count} new, {report.Changed.Count} changed, {report.KeptEdits.Count} edited here, {report.Unchanged} unchanged, {report.Removed.Count} removed, {report.Unusable.Count} cannot be used. ");
        return text.Append(report.Applied ? "Done." : "Nothing was changed: add --apply to do it.").ToString();

        void List(string title, IReadOnlyList<RuleImportRow> rows)
        {
            if (rows.Count == 0) return;
            text.AppendLine(CultureInfo.InvariantCulture, $"{title} ({rows.Count})");
            foreach (var row in rows.Take(MostListed))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  {RuleConsole.Printable($"{row.Title} ({row.Path})")}");
                foreach (var line in (row.Difference ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)) text.Append("    ").AppendLine(RuleConsole.Printable(line));
            }

            More(rows.Count);
        }

        void More(int count)
        {
            if (count > MostListed) text.AppendLine(CultureInfo.InvariantCulture, $"  and {count - MostListed} more; --format json lists all");
        }
    }

    private static async Task<int> RefuseAsync(string message)
    {
        await Console.Error.WriteLineAsync(message);
        return 2;
    }
}
