using Watchhouse.Architecture.Tests.Rules;
using Watchhouse.Architecture.Tests.Tree;

namespace Watchhouse.Architecture.Tests;

public sealed class DependencyRulesTests
{
    private static readonly Dictionary<string, Floor> Floors = new()
    {
        ["Watchhouse.Ledger"] = Floor.Library,
        ["Watchhouse.Platform"] = Floor.Platform,
        ["Watchhouse.Federation"] = Floor.Module,
        ["Watchhouse.Response"] = Floor.Module,
        ["watchhouse"] = Floor.Program,
    };

    [Theory]
    [InlineData("Watchhouse.Response", "Watchhouse.Federation", "Watchhouse.Federation.Contracts.ForceName")]
    [InlineData("Watchhouse.Response", "Watchhouse.Response", "Watchhouse.Response.Queue.Ticket")]
    [InlineData("Watchhouse.Response", "Watchhouse.Platform", "Watchhouse.Platform.Tenancy.IOwnedByForce")]
    [InlineData("Watchhouse.Platform", "Microsoft.EntityFrameworkCore", "Microsoft.EntityFrameworkCore.DbContext")]
    [InlineData("Watchhouse.Ledger", "System.Runtime", "System.String")]
    [InlineData("watchhouse", "Watchhouse.Federation", "Watchhouse.Federation.FederationModule")]
    public void Violations_AllowedUse_None(string from, string to, string type) =>
        Assert.Empty(DependencyRules.Violations([Use(from, to, type)], Floors));

    [Theory]
    [InlineData("Watchhouse.Response", "Watchhouse.Federation", "Watchhouse.Federation.People.Person")]
    [InlineData("Watchhouse.Response", "Watchhouse.Federation", "Watchhouse.Federation.ContractsOfOthers.Person")]
    [InlineData("Watchhouse.Platform", "Watchhouse.Federation", "Watchhouse.Federation.Contracts.ForceName")]
    [InlineData("Watchhouse.Ledger", "Watchhouse.Platform", "Watchhouse.Platform.Tenancy.IOwnedByForce")]
    [InlineData("Watchhouse.Ledger", "Microsoft.EntityFrameworkCore", "Microsoft.EntityFrameworkCore.DbContext")]
    [InlineData("Watchhouse.Ledger", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Http.HttpContext")]
    public void Violations_ForbiddenUse_NamesTheType(string from, string to, string type) =>
        Assert.Contains(
            type,
            Assert.Single(DependencyRules.Violations([Use(from, to, type)], Floors)),
            StringComparison.Ordinal);

    [Fact]
    public void Dependencies_OfThisAssembly_AreSeenAcrossAssemblies()
    {
        var seen = CompiledCode.Dependencies([typeof(DependencyRulesTests).Assembly]).ToList();

        Assert.Contains(seen, each => each.FromType == typeof(SourceTree).FullName
            && each.ToAssembly == "Watchhouse.Testing" && each.ToType == "Watchhouse.Testing.RepositoryRoot");
        Assert.Contains(seen, each => each.FromType == typeof(Samples.Page).FullName
            && each.ToAssembly == "Microsoft.AspNetCore.Components"
            && ReferenceRules.IsForbiddenInLibraries(each.ToType));
    }

    private static TypeDependency Use(string from, string to, string type) => new(from, from + ".Some.Type", to, type);
}
