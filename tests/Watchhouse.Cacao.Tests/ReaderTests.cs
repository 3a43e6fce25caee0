using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Watchhouse.Testing;
using static Watchhouse.Cacao.Tests.Playbooks;

namespace Watchhouse.Cacao.Tests;

public sealed class ReaderTests
{
    private static readonly string S = Id("start", 1), A = Id("action", 2), B = Id("action", 3), E = Id("end", 4), P = Id("parallel", 5), E2 = Id("end", 6), W = Id("while-condition", 7);

    [Theory]
    [InlineData("basic-example-1.json", 3)]
    [InlineData("spec-3.1-example.json", 3)]
    public void Read_ExampleOfTheStandard_IsSound(string file, int steps)
    {
        var read = CacaoReader.Read(File.ReadAllBytes(SharedData.Path("stix/cacao/" + file)));

        Assert.Empty(read.Faults);
        Assert.Equal(steps, read.Playbook!.Steps.Count);
    }

    [Fact]
    public void Read_TypeOfCommandThatIsNotKnown_IsKept()
    {
        var action = Action(E);
        action["commands"]!.AsArray().Add(new JsonObject { ["type"] = "telepathy", ["command"] = "think", ["strength"] = 3 });

        var playbook = Sound(Playbook(S, [(S, Start(A)), (A, action), (E, End())]));

        Assert.Equal("telepathy", playbook.Steps[A].Commands[1].Type);
        Assert.Contains("\"strength\":3", playbook.Steps[A].Commands[1].Json, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhatHangsTogetherWrongly_NamesTheStep()
    {
        var nowhere = Id("action", 99);
        Faulty([(S, Start(A)), (A, Action(nowhere)), (E, End())], A, "no step of the workflow");
        Faulty([(S, Start(A)), (A, Action(B)), (B, Action(A)), (E, End())], B, "a cycle without a loop step");
        Faulty([(S, Start(A)), (A, Without(Action(E), "on_completion")), (E, End())], A, "does not say what comes after it");
        Faulty([(S, Start(A)), (A, Action(E)), (B, Action(E)), (E, End())], B, "is never reached");
        Faulty([(S, Start(P)), (P, Parallel(E, A, B)), (A, Action(E2)), (B, Action(E2)), (E2, End()), (E, End())], E2, "belongs to two branches");
        Faulty([(S, Start(P)), (P, Parallel(E, A, A)), (A, Action(E2)), (E2, End()), (E, End())], A, "belongs to two branches");
        Faulty([(S, Start(A)), ("action--2", Action(E)), (E, End())], "action--2", "an id that is not");
        Faulty([(S, Start(A)), (A, Without(Action(E), "agent")), (E, End())], A, "does not say who carries it out");
        Faulty([(S, Start(A)), (A, Action(E)), (E, new JsonObject { ["type"] = "end", ["on_completion"] = A })], E, "is an end and has a step after it");
        var uses = Action(E);
        uses["commands"]![0]!["command"] = "Look at __nobody__:value";
        Faulty([(S, Start(A)), (A, uses), (E, End())], A, "'__nobody__'");
    }

    [Fact]
    public void Read_LoopThatLeadsBackToItsWhile_IsSound()
    {
        var loop = new JsonObject { ["type"] = "while-condition", ["condition"] = "1 = 1", ["on_true"] = A, ["on_completion"] = E };

        Assert.Empty(Read(Playbook(S, [(S, Start(W)), (W, loop), (A, Action(W)), (E, End())])).Faults);
    }

    [Fact]
    public void Read_MoreThanTheBounds_IsRefusedInASentence()
    {
        var playbook = Playbook(S, [(S, Start(A)), (A, Action(E)), (E, End())]);

        Assert.Contains("at most 10 are read", Read(playbook, new() { MostBytes = 10 }).Faults[0].Words, StringComparison.Ordinal);
        Assert.Contains("more than 2 steps", Read(playbook, new() { MostSteps = 2 }).Faults[0].Words, StringComparison.Ordinal);
        Assert.Contains("deeper than 3 levels", Read(playbook, new() { MostDepth = 3 }).Faults[0].Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnyDamage_NeverThrows()
    {
        var sound = Playbook(S, [(S, Start(P)), (P, Parallel(E, A, B)), (A, Action(E2)), (B, Action(Id("end", 8))), (E2, End()), (Id("end", 8), End()), (E, End())]).ToJsonString();
        string[] pieces = ["null", "[]", "{}", "\"\\ud800\"", "1e999", "\"x\"", "true", "\"__a__:value\""];
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Int[0, 40], Gen.Int[0, pieces.Length - 1]).Array[1, 3].Sample(damage =>
        {
            var text = sound;
            foreach (var (at, length, piece) in damage)
                if (at < text.Length) text = text[..at] + pieces[piece] + text[Math.Min(text.Length, at + length)..];
            var read = CacaoReader.Read(Encoding.UTF8.GetBytes(text));
            Assert.True(read.Playbook is not null ^ read.Faults.Count > 0);
        }, iter: 20_000);
        Gen.Int[0, 200].Array.Sample(text => CacaoReader.Read(text.Select(each => (byte)each).ToArray()), iter: 5_000);
    }

    private static void Faulty((string, JsonObject)[] steps, string at, string words) =>
        Assert.Contains(Read(Playbook(S, steps)).Faults, fault => fault.Step == at && fault.Words.Contains(words, StringComparison.Ordinal) && fault.Words.Contains(at, StringComparison.Ordinal));

    private static JsonObject Parallel(string next, params string[] branches) =>
        new() { ["type"] = "parallel", ["next_steps"] = new JsonArray([.. branches.Select(each => (JsonNode)each)]), ["on_completion"] = next };

    private static JsonObject Without(JsonObject step, string name)
    {
        step.Remove(name);
        return step;
    }
}
