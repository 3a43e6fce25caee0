using System.Globalization;
using Watchhouse.Bench;

return args switch
{
    ["ledger", .. var rest] => await LedgerBench.RunAsync(rest),
    ["journal", .. var rest] => await JournalBench.RunAsync(rest),
    ["lake", .. var rest] => await LakeBench.RunAsync(rest),
    ["sigma", var rules, .. { Length: > 0 } files] => SigmaBench.Run(rules, files),
    ["normalise", .. { Length: > 0 } files] => NormaliseBench.Run(files),
    ["evtx", var folder] => EvtxBench.Run(folder),
    ["start", var program] => await StartBench.RunAsync(program, runs: 3),
    ["ingest", var program, var rules, var events, .. var rest] => await IngestBench.RunAsync(
        program, rules, events, rest is [var minutes, ..] ? double.Parse(minutes, CultureInfo.InvariantCulture) : 5,
        rest is [_, var forces] ? int.Parse(forces, CultureInfo.InvariantCulture) : 43),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        "Usage: Watchhouse.Bench ledger [directory] | journal [directory] | lake [directory] | sigma RULES EVENTS... | normalise EVENTS... | evtx FOLDER "
        + "| start PATH-OF-watchhouse.dll | ingest PATH-OF-watchhouse.dll RULES EVENTS.ndjson.gz [MINUTES [FORCES]]");
    return 2;
}
