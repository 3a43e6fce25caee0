using System.Net;
using System.Runtime.CompilerServices;

namespace Watchhouse.Tests.Hosting;

public sealed class HouseTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_WhereASecretIsGuessed_AreBoundedAndSayWhenToComeAgain()
    {
        await using var house = await TestHouse.StartAsync(null, Now);
        var answers = new List<HttpResponseMessage>();
        for (var request = 0; request < 61; request++) answers.Add(await house.Client.PostAsync("/sign-in/passkey/options", null, Now));
        Assert.All(answers.Take(60), each => Assert.NotEqual(HttpStatusCode.TooManyRequests, each.StatusCode));
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[60].StatusCode);
        Assert.InRange(answers[60].Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Contains("Wait as long as Retry-After says", await answers[60].Content.ReadAsStringAsync(Now), StringComparison.Ordinal);
        // Elsewhere the same caller goes on.
        Assert.NotEqual(HttpStatusCode.TooManyRequests, (await house.Client.GetAsync("/", Now)).StatusCode);
        answers.ForEach(each => each.Dispose());
    }

    [Fact]
    public async Task House_ThatWasStopped_IsGivenBack()
    {
        var first = await StartedAndStoppedAsync();
        // What the last one left behind (a thread's locals, a timer of the framework) goes with the next.
        await StartedAndStoppedAsync();
        for (var attempt = 0; attempt < 20 && first.IsAlive; attempt++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(100, Now);
        }

        Assert.False(first.IsAlive, "Something outside a house that was stopped still holds it, and with it all its rules and caches.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> StartedAndStoppedAsync()
    {
        await using var house = await TestHouse.StartAsync(null, Now);
        using var answer = await house.Client.GetAsync("/", Now);
        return new WeakReference(house.Services);
    }
}
