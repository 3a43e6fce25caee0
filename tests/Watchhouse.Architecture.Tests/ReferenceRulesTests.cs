using Watchhouse.Architecture.Tests.Rules;
using Watchhouse.Architecture.Tests.Tree;

namespace Watchhouse.Architecture.Tests;

public sealed class ReferenceRulesTests
{
    private static readonly ProjectFile Library = Project("Watchhouse.Ledger", Floor.Library);
    private static readonly ProjectFile Platform = Project("Watchhouse.Platform", Floor.Platform, Library);
    private static readonly ProjectFile Federation = Project("Watchhouse.Federation", Floor.Module, Platform);

    [Fact]
    public void Violations_EveryArrowDown_None()
    {
        var response = Project("Watchhouse.Response", Floor.Module, Platform, Federation);
        var program = Project("Watchhouse", Floor.Program, response, Federation, Platform, Library);

        Assert.Empty(ReferenceRules.Violations([Library, Platform, Federation, response, program]));
    }

    [Theory]
    [InlineData(nameof(Floor.Library), nameof(Floor.Platform))]
    [InlineData(nameof(Floor.Library), nameof(Floor.Module))]
    [InlineData(nameof(Floor.Platform), nameof(Floor.Module))]
    [InlineData(nameof(Floor.Module), nameof(Floor.Program))]
    public void Violations_AnArrowUp_NamesBothEnds(string lower, string upper)
    {
        var above = Project("Above", Enum.Parse<Floor>(upper));
        var below = Project("Below", Enum.Parse<Floor>(lower), above);

        var violation = Assert.Single(ReferenceRules.Violations([above, below]));
        Assert.Contains($"Below ({lower}) references Above ({upper})", violation, StringComparison.Ordinal);
    }

    [Fact]
    public void Violations_ReferenceOutsideSrc_IsNamed()
    {
        var project = Library with { Projects = ["Watchhouse.Testing"] };

        var violation = Assert.Single(ReferenceRules.Violations([project]));
        Assert.Contains("not a project of src", violation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Microsoft.AspNetCore.OpenApi")]
    [InlineData("Microsoft.EntityFrameworkCore")]
    [InlineData("Microsoft.EntityFrameworkCore.Sqlite")]
    [InlineData("Npgsql.EntityFrameworkCore.PostgreSQL")]
    public void Violations_LibraryWithWebOrDatabasePackage_IsNamed(string package)
    {
        Assert.Single(ReferenceRules.Violations([Library with { Packages = [package] }]));
        Assert.Empty(ReferenceRules.Violations([Platform with { Projects = [], Packages = [package] }]));
    }

    [Fact]
    public void Violations_LibraryWithWebFrameworkOrSdk_IsNamed()
    {
        Assert.Single(ReferenceRules.Violations([Library with { Frameworks = ["Microsoft.AspNetCore.App"] }]));
        Assert.Single(ReferenceRules.Violations([Library with { Sdk = "Microsoft.NET.Sdk.Razor" }]));
    }

    [Fact]
    public void Parse_ProjectFile_ReadsEveryKindOfReference()
    {
        var project = ProjectFile.Parse("Watchhouse.Example", Floor.Module, """
            <Project Sdk="Microsoft.NET.Sdk.Razor">
              <PropertyGroup><AssemblyName>example</AssemblyName></PropertyGroup>
              <ItemGroup>
                <FrameworkReference Include="Microsoft.AspNetCore.App" />
                <PackageReference Include="CsvHelper" />
                <ProjectReference Include="..\..\platform\Watchhouse.Platform\Watchhouse.Platform.csproj" />
              </ItemGroup>
            </Project>
            """);

        Assert.Equal("Microsoft.NET.Sdk.Razor", project.Sdk);
        Assert.Equal("example", project.AssemblyName);
        Assert.Equal(["Watchhouse.Platform"], project.Projects);
        Assert.Equal(["CsvHelper"], project.Packages);
        Assert.Equal(["Microsoft.AspNetCore.App"], project.Frameworks);
    }

    private static ProjectFile Project(string name, Floor floor, params ProjectFile[] references) =>
        new(name, floor, "Microsoft.NET.Sdk", name, [.. references.Select(each => each.Name)], [], []);
}
