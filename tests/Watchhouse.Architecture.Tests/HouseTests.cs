using Watchhouse.Architecture.Tests.Rules;
using Watchhouse.Architecture.Tests.Tree;

namespace Watchhouse.Architecture.Tests;

/// <summary>The rules, applied to the repository as it is.</summary>
public sealed class HouseTests
{
    private static readonly Exemption[] ClockExemptions = [];

    private static readonly Exemption[] UnfinishedExemptions = [];

    private static readonly Exemption[] LocalPathExemptions =
    [
        new("national/", "Detections and examples quote the paths that attackers use."),
        new("tests/Watchhouse.Architecture.Tests/", "The tests of this rule need paths that break it."),
    ];

    [Fact]
    public void ProjectFiles_OfTheWholeTree_ReferenceOnlyDownwards() =>
        AssertNone(ReferenceRules.Violations(SourceTree.Projects));

    [Fact]
    public void CompiledTypes_OfTheWholeTree_UseOnlyWhatIsBelowOrAContract()
    {
        var floors = SourceTree.Projects.ToDictionary(project => project.AssemblyName, project => project.Floor);

        AssertNone(DependencyRules.Violations(CompiledCode.Dependencies(SourceTree.Assemblies), floors));
    }

    [Fact]
    public void ModuleTypes_OutsideContracts_AreInternal() =>
        AssertNone(TypeRules.PublicOutsideContracts(
            SourceTree.AssembliesOn(Floor.Module).SelectMany(assembly => assembly.GetTypes())));

    [Fact]
    public void InternalClasses_OfTheWholeTree_AreSealedOrAbstract() =>
        AssertNone(TypeRules.UnsealedInternals(SourceTree.Assemblies.SelectMany(assembly => assembly.GetTypes())));

    [Fact]
    public void SourceFiles_OfTheWholeTree_AreShortEnoughToHoldInMind() =>
        AssertNone(TextRules.TooLong(SourceTree.Files));

    [Fact]
    public void SourceFiles_OfTheWholeTree_TakeTimeFromTimeProvider() =>
        AssertNone(TextRules.ReadsClock(SourceTree.Files, ClockExemptions));

    [Fact]
    public void SourceFiles_OfTheWholeTree_HaveNoMarksOfMissingParts() =>
        AssertNone(TextRules.Unfinished(SourceTree.Files, UnfinishedExemptions));

    [Fact]
    public void TextFiles_OfTheRepository_HaveNoPathsOfOneMachine() =>
        AssertNone(TextRules.LocalPaths(SourceTree.Files, LocalPathExemptions));

    [Fact]
    public void Exemptions_OfAllRules_StillCoverSomething() =>
        AssertNone(TextRules.Stale(
            SourceTree.Files, [.. ClockExemptions, .. UnfinishedExemptions, .. LocalPathExemptions]));

    [Fact]
    public void Tree_OfThisRepository_IsFound()
    {
        Assert.NotEmpty(SourceTree.Files);
        Assert.Equal(SourceTree.Projects.Count, SourceTree.Assemblies.Count);
    }

    private static void AssertNone(IEnumerable<string> violations)
    {
        var list = violations.ToList();
        Assert.True(list.Count == 0, string.Join('\n', list));
    }
}
