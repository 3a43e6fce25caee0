using Watchhouse.Bench;

return args switch
{
    ["ledger", .. var rest] => await LedgerBench.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: Watchhouse.Bench ledger [directory]");
    return 2;
}
