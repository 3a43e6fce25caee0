using System.CommandLine;
using Watchhouse.Commands;
using Watchhouse.Commands.Detect;

var root = new RootCommand(
    "Watchhouse: the national management centre and enabling platform of a federation of independent police forces.")
{
    ServeCommand.Create(),
    AuditCommand.Create(),
    DetectCommand.Create(),
};

return await root.Parse(args).InvokeAsync();
