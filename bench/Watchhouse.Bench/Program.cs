using Watchhouse.Bench;

return args switch
{
    ["ledger", .. var rest] => await LedgerBench.RunAsync(rest),
    ["journal", .. var rest] => await JournalBench.RunAsync(rest),
    ["lake", .. var rest] => await LakeBench.RunAsync(rest),
    ["archive", .. var rest] => await ArchiveBench.RunAsync(rest),
    ["trial", .. var rest] => await TrialBench.RunAsync(rest),
    ["sigma", var rules, .. { Length: > 0 } files] => SigmaBench.Run(rules, files),
    ["normalise", .. { Length: > 0 } files] => NormaliseBench.Run(files),
    ["evtx", var folder] => EvtxBench.Run(folder),
    ["alerts", .. var rest] => await AlertsBench.RunAsync(rest),
    ["response"] => await ResponseBench.RunAsync(),
    ["pages"] => await ResponsePagesBench.RunAsync(),
    ["start", var program] => await StartBench.RunAsync(program, runs: 3),
    ["ingest", var program, var rules, var events, .. var rest] => await IngestBench.RunAsync(program, rules, events, IngestOptions.Parse(rest)),
    ["kills", var program, .. var rest] => await KillsBench.RunAsync(program, rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        "Usage: Watchhouse.Bench ledger [directory] | journal [directory] | lake [directory] | archive [directory [events]] | trial [directory [events]] | sigma RULES EVENTS... | normalise EVENTS... | evtx FOLDER "
        + "| alerts [directory] | response | pages | start PATH-OF-watchhouse.dll | ingest PATH-OF-watchhouse.dll RULES EVENTS.ndjson.gz [MINUTES [FORCES [EVENTS-A-SECOND [EXPECTED.tsv.gz]]]] "
        + "| kills PATH-OF-watchhouse.dll [EVENTS [KILLS]]");
    return 2;
}
