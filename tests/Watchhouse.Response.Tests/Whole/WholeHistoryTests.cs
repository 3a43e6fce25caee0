using CsCheck;

namespace Watchhouse.Response.Tests.Whole;

/// <summary>
/// Generated histories over all of Response at once: alerts, triage, incidents of one force and of several, playbooks, approvals, standing authorities, an estate
/// that fails and a program that stops. It all goes through the API; every list that it has is read by everybody,
/// and so is each alert, incident, run, action and notice.
/// </summary>
public sealed class WholeHistoryTests
{
    [Fact]
    public async Task Histories_OfAnyOperations_ShowNothingOfOthersActOnlyWhereAgreedAndForgetNothing()
    {
        var (done, kept, read, stops, deaths) = (0, 0, 0, 0, 0);
        await Gen.Int[0, int.MaxValue - 1].SampleAsync(async seed =>
        {
            await using var house = await WholeHouse.StartAsync();
            var history = new WholeHistory(house, new Random(seed));
            await history.RunAsync();
            (done, kept, read) = (done + house.Estate.Done.Count, kept + history.Kept, read + history.Read);
            (stops, deaths) = (stops + history.Stops, deaths + history.Deaths);
        }, iter: 5, threads: 1);
        var what = $"{done} actions were done, {kept} changes were kept, {read} answers were read, the program stopped {stops} times and died in {deaths} calls.";
        TestContext.Current.TestOutputHelper?.WriteLine(what);
        Assert.True(done > 0 && kept > 120 && read > 2_000 && stops > 10, $"The histories did too little to show anything: {what}");
    }
}
