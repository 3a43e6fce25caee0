using System.CommandLine;

namespace Watchhouse.Commands.Evtx;

/// <summary><c>watchhouse evtx</c>: Windows event logs, without a server.</summary>
internal static class EvtxCommand
{
    public static Command Create() => new("evtx", "Works with Windows event logs (EVTX).") { CreateDump() };

    private static Command CreateDump()
    {
        var file = new Argument<string>("FILE") { Description = "The event log, plain or packed with gzip or zstd; - for standard input." };
        var flat = new Option<bool>("--flat") { Description = "Print the fields as rules see them, instead of Event, System and EventData." };
        var command = new Command("dump", "Prints each record as one line of JSON.") { file, flat };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(
            EvtxDump.Run(parsed.GetRequiredValue(file), parsed.GetValue(flat), cancellationToken)));
        return command;
    }
}
