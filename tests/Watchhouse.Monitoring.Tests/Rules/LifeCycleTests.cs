using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Rules;
using Watchhouse.Monitoring.Rules.Noise;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Tests.Rules;

public sealed class LifeCycleTests
{
    private static readonly ActingPrincipal Kent = new()
    {
        Kind = PrincipalKind.Person, Subject = "officer", Name = "Officer", Home = IngestHouse.Kent, Roles = [Role.SecurityOfficer],
    };

    private enum Step
    {
        Draft,
        Testing,
        Live,
        LiveUntested,
        Retired,
        Edit,
        StaleEdit,
        StaleMove,
    }

    // A model of what a rule may do beside the real one: state, revisions and versions agree after any sequence of steps.
    [Fact]
    public async Task Steps_InAnyOrder_LeaveTheRuleWhereTheTableSays()
    {
        await using var house = await IngestHouse.StartAsync();
        var operations = house.House.Services.GetRequiredService<RuleOperations>();
        var queries = house.House.Services.GetRequiredService<RuleQueries>();
        var stop = IngestHouse.Now;

        await Gen.Int[0, 7].Select(step => (Step)step).Array[1, 12].SampleAsync(async steps =>
        {
            var key = Guid.NewGuid().ToString();
            var made = await operations.CreateAsync(Kent, RuleHouse.Rule(key, 1), null, null, stop);
            var (stage, revision, edits) = (RuleStage.Draft, 1, 1);
            var (id, version) = (made.Value!.Rule.Id, made.Value.Rule.Version);
            foreach (var step in steps)
            {
                var (allowed, succeeded) = (false, false);
                switch (step)
                {
                    case Step.StaleEdit:
                        succeeded = (await operations.EditAsync(Kent, id, version + 1, RuleHouse.Rule(key, 9_999), "A stale edit.", null, stop)).Succeeded;
                        break;
                    case Step.StaleMove:
                        succeeded = (await operations.MoveAsync(Kent, id, new() { Version = version - 1, To = RuleLifeCycle.From(stage)[0], Why = "A stale move." }, null, stop)).Succeeded;
                        break;
                    case Step.Edit:
                        allowed = stage != RuleStage.Retired;
                        succeeded = (await operations.EditAsync(Kent, id, version, RuleHouse.Rule(key, edits + 1), "Another event.", null, stop)).Succeeded;
                        if (succeeded) edits++;
                        break;
                    default:
                        var to = step == Step.LiveUntested ? RuleStage.Live : Enum.Parse<RuleStage>(step.ToString());
                        var because = step == Step.LiveUntested ? "It is known to be good." : null;
                        allowed = RuleLifeCycle.From(stage).Contains(to) && step != Step.Live;
                        succeeded = (await operations.MoveAsync(Kent, id, new() { Version = version, To = to, Why = "A step of the test.", UntestedBecause = because }, null, stop)).Succeeded;
                        if (succeeded) stage = to;
                        break;
                }

                if (allowed != succeeded) throw new InvalidOperationException($"{step} from {stage}: allowed {allowed}, succeeded {succeeded}");
                if (succeeded) revision++;
                var now = (await queries.FindAsync(Kent, id, null, stop)).Value!;
                if (now.Rule.State != stage || now.Rule.Revision != revision || !now.Text.Contains($"EventID: {edits}}}", StringComparison.Ordinal))
                    throw new InvalidOperationException($"After {step}: {now.Rule}, expected {stage}, revision {revision}, edit {edits}");
                version = now.Rule.Version;
            }

            var revisions = (await queries.RevisionsAsync(Kent, id, null, stop)).Value!;
            if (!revisions.Select(each => each.Number).Reverse().SequenceEqual(Enumerable.Range(1, revision))) throw new InvalidOperationException("Revisions have gaps.");
            return true;
        }, iter: 25, threads: 1);
    }

    [Fact]
    public void Advice_NamesTheOneThatMostIsAbout()
    {
        Assert.Equal("92 % of 410 alerts are one host: if it is known, make an exception for it.", NoiseAdvice.Of(410, 30, "host", 0.925, isTesting: false));
        Assert.Null(NoiseAdvice.Of(9, 30, "host", 1, isTesting: false));
        Assert.Null(NoiseAdvice.Of(100, 30, "host", 0.1, isTesting: false));
        Assert.Contains("10 matches a day", NoiseAdvice.Of(300, 30, "other", 0.9, isTesting: true), StringComparison.Ordinal);
    }
}
