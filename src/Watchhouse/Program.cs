using System.CommandLine;
using Watchhouse.Commands;
using Watchhouse.Commands.Detect;
using Watchhouse.Commands.Evtx;
using Watchhouse.Commands.Import;
using Watchhouse.Commands.Rules;

var root = new RootCommand(
    "Watchhouse: the national management centre and enabling platform of a federation of independent police forces.")
{
    ServeCommand.Create(),
    CollectCommand.Create(),
    AuditCommand.Create(),
    DetectCommand.Create(),
    EvtxCommand.Create(),
    ImportCommand.Create(),
    RulesCommand.Create(),
};

// Bad usage is 2 for every command: 1 is an answer, such as "matches were found" or "the log is not whole".
var parsed = root.Parse(args);
var code = await parsed.InvokeAsync();
return parsed.Errors.Count > 0 ? 2 : code;
