using Watchhouse.Bench;

return args switch
{
    ["ledger", .. var rest] => await LedgerBench.RunAsync(rest),
    ["journal", .. var rest] => await JournalBench.RunAsync(rest),
    ["sigma", var rules, .. { Length: > 0 } files] => SigmaBench.Run(rules, files),
    ["evtx", var folder] => EvtxBench.Run(folder),
    ["start", var program] => await StartBench.RunAsync(program, runs: 3),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        "Usage: Watchhouse.Bench ledger [directory] | journal [directory] | sigma RULES EVENTS... | evtx FOLDER | start PATH-OF-watchhouse.dll");
    return 2;
}
