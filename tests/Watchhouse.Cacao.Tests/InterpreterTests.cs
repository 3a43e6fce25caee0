using System.Text.Json.Nodes;
using CsCheck;
using static Watchhouse.Cacao.Tests.Playbooks;

namespace Watchhouse.Cacao.Tests;

public sealed class InterpreterTests
{
    [Fact]
    public void Parallel_GoesOn_WhenEveryBranchHasEnded()
    {
        var (playbook, parallel, after) = TwoBranches();
        var run = CacaoInterpreter.Begin(playbook);
        var branches = playbook.Steps[parallel].Branches.Select(branch => branch.Entry).ToArray();
        Assert.Equal(branches, run.Waiting.Select(thread => thread.Step));

        run = Done(playbook, run, branches[1]);
        Assert.Equal([branches[0]], run.Waiting.Select(thread => thread.Step));
        run = Done(playbook, run, branches[0]);

        Assert.Equal([after], run.Waiting.Select(thread => thread.Step));
        Assert.Equal(CacaoRunStatus.Ended, Done(playbook, run, after).Status);
    }

    [Fact]
    public void Events_OutOfTurn_AreRefusedAndChangeNothing()
    {
        var (playbook, parallel, after) = TwoBranches();
        var run = CacaoInterpreter.Begin(playbook);

        foreach (var happened in new CacaoEvent[]
        {
            new CacaoEvent.Completed(after, true), new CacaoEvent.Completed("nothing", true), new CacaoEvent.Completed(parallel, true),
            new CacaoEvent.Decided(after, "true"), new CacaoEvent.Assigned("__nobody__", "x"),
        })
        {
            var move = CacaoInterpreter.Apply(playbook, run, happened);
            Assert.NotNull(move.Fault);
            Assert.Same(run, move.Run);
        }
    }

    [Fact]
    public void Loop_GoneRoundAsOftenAsItMay_IsLeft()
    {
        var (s, w, a, e) = (Id("start", 1), Id("while-condition", 2), Id("action", 3), Id("end", 4));
        var playbook = Sound(Playbook(s, [(s, Start(w)), (w, new() { ["type"] = "while-condition", ["condition"] = "more", ["on_true"] = a, ["on_completion"] = e }), (a, Action(w)), (e, End())]));
        var run = CacaoInterpreter.Begin(playbook);
        for (var round = 0; round < CacaoInterpreter.MostRounds; round++)
            run = Done(playbook, CacaoInterpreter.Apply(playbook, run, new CacaoEvent.Decided(w, "true")).Run, a);

        Assert.Contains("gone round 100 times", CacaoInterpreter.Apply(playbook, run, new CacaoEvent.Decided(w, "true")).Fault, StringComparison.Ordinal);
        Assert.Equal(CacaoRunStatus.Ended, CacaoInterpreter.Apply(playbook, run, new CacaoEvent.Decided(w, "false")).Run.Status);
    }

    [Fact]
    public void Failure_ThatNothingTakesUp_GoesToTheStepForExceptionsOnce()
    {
        var (s, a, e, x, e2) = (Id("start", 1), Id("action", 2), Id("end", 3), Id("action", 4), Id("end", 5));
        var action = Action(e);
        action.Remove("on_completion");
        action["on_success"] = e;
        var json = Playbook(s, [(s, Start(a)), (a, action), (e, End()), (x, Action(e2)), (e2, End())]);
        json["workflow_exception"] = x;
        var playbook = Sound(json);

        var run = CacaoInterpreter.Apply(playbook, CacaoInterpreter.Begin(playbook), new CacaoEvent.Completed(a, false)).Run;

        Assert.Equal([x], run.Waiting.Select(thread => thread.Step));
        Assert.Equal(CacaoRunStatus.Ended, Done(playbook, run, x).Status);
    }

    /// <summary>Random sound playbooks, random events: each run ends, no branch is left behind, and a state that went through text goes on the same.</summary>
    [Fact]
    public void Runs_OfRandomPlaybooks_EndTheSameAfterARestartAtEveryState() =>
        Gen.Select(Small, Gen.Int[0, 10_000_000]).Sample((shape, chance) =>
        {
            var playbook = Sound(new Maker(shape).Make());
            var random = new Random(chance);
            var run = CacaoInterpreter.Begin(playbook);
            var events = 0;
            while (run.Status == CacaoRunStatus.Running)
            {
                Assert.True(++events < CacaoInterpreter.MostMoves * 2, "The run does not end.");
                Assert.NotEmpty(run.Waiting);
                foreach (var opener in run.Threads.Where(thread => thread.Wait == CacaoWait.Branches))
                    Assert.Equal(opener.Open, run.Threads.Count(thread => thread.Parent == opener.Id));
                var waiting = run.Waiting.ToList();
                var thread = waiting[random.Next(waiting.Count)];
                CacaoEvent happened = thread.Wait == CacaoWait.Work
                    ? new CacaoEvent.Completed(thread.Step, random.Next(4) > 0)
                    : new CacaoEvent.Decided(thread.Step, Choose(playbook.Steps[thread.Step], thread, random));
                var restarted = CacaoInterpreter.Apply(playbook, CacaoRun.FromJson(run.ToJson()), happened);
                var move = CacaoInterpreter.Apply(playbook, run, happened);
                Assert.Null(move.Fault);
                Assert.Equal(move.Run.ToJson(), restarted.Run.ToJson());
                run = move.Run;
            }

            Assert.Empty(run.Threads);
        }, iter: 2_000);

    /// <summary>About one of 100,000 would have more steps than a playbook may.</summary>
    private static readonly Gen<int> Small = Gen.Int[0, 10_000_000].Where(shape => new Maker(shape).Make()["workflow"]!.AsObject().Count <= new CacaoLimits().MostSteps);

    private static string Choose(CacaoStep step, CacaoThread thread, Random random)
    {
        var choices = CacaoInterpreter.ChoicesOf(step);
        return step.Kind == CacaoStepKind.WhileCondition ? thread.Rounds < 3 && random.Next(2) == 0 ? "true" : "false" : choices[random.Next(choices.Count)];
    }

    private static CacaoRun Done(CacaoPlaybook playbook, CacaoRun run, string step)
    {
        var move = CacaoInterpreter.Apply(playbook, run, new CacaoEvent.Completed(step, true));
        Assert.Null(move.Fault);
        return move.Run;
    }

    private static (CacaoPlaybook Playbook, string Parallel, string After) TwoBranches()
    {
        var (s, p, a, b, e1, e2, after, e) = (Id("start", 1), Id("parallel", 2), Id("action", 3), Id("action", 4), Id("end", 5), Id("end", 6), Id("action", 7), Id("end", 8));
        var parallel = new JsonObject { ["type"] = "parallel", ["next_steps"] = new JsonArray(a, b), ["on_completion"] = after };
        return (Sound(Playbook(s, [(s, Start(p)), (p, parallel), (a, Action(e1)), (b, Action(e2)), (e1, End()), (e2, End()), (after, Action(e)), (e, End())])), p, after);
    }

    /// <summary>Makes sound playbooks of every kind of step.</summary>
    private sealed class Maker(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<(string, JsonObject)> _steps = [];
        private int _number = 10;

        public JsonObject Make()
        {
            var start = Id("start", 1);
            _steps.Add((start, Start(Branch(0))));
            var playbook = Playbook(start, _steps);
            if (_random.Next(3) == 0)
            {
                playbook["workflow_exception"] = Branch(2);
                playbook["workflow"] = new JsonObject(_steps.Select(step => KeyValuePair.Create(step.Item1, (JsonNode?)step.Item2.DeepClone())));
            }

            return playbook;
        }

        /// <summary>A chain of steps and its end; the id of its first.</summary>
        private string Branch(int depth)
        {
            var next = Add("end", End());
            for (var left = _random.Next(1, 4); left > 0; left--) next = Step(depth, next);
            return next;
        }

        private string Step(int depth, string next) => (depth < 3 ? _random.Next(6) : 0) switch
        {
            1 => Add("parallel", Ways(new() { ["type"] = "parallel", ["next_steps"] = new JsonArray([.. Enumerable.Range(0, _random.Next(2, 4)).Select(_ => (JsonNode)Branch(depth + 1))]) }, next)),
            2 => Add("if-condition", Ways(If(depth), next)),
            3 => Add("while-condition", Ways(new() { ["type"] = "while-condition", ["condition"] = "c", ["on_true"] = Branch(depth + 1) }, next)),
            4 => Add("switch-condition", Ways(new() { ["type"] = "switch-condition", ["switch"] = "v", ["cases"] = new JsonObject { ["a"] = Branch(depth + 1), ["b"] = Branch(depth + 1) } }, next)),
            5 => Add("playbook-action", Ways(new() { ["type"] = "playbook-action", ["playbook_id"] = Id("playbook", 2) }, next)),
            _ => Add("action", Ways(Action(next), next)),
        };

        private JsonObject If(int depth)
        {
            var step = new JsonObject { ["type"] = "if-condition", ["condition"] = "c", ["on_true"] = Branch(depth + 1) };
            if (_random.Next(2) == 0) step["on_false"] = Branch(depth + 1);
            return step;
        }

        private JsonObject Ways(JsonObject step, string next)
        {
            step.Remove("on_completion");
            var kind = _random.Next(3);
            step[kind == 0 ? "on_completion" : "on_success"] = next;
            if (kind == 2) step["on_failure"] = Add("action", Action(next));
            return step;
        }

        private string Add(string type, JsonObject step)
        {
            var id = Id(type, _number++);
            _steps.Add((id, step));
            return id;
        }
    }
}
