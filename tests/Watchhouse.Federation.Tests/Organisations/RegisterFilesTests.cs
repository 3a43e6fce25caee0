using Watchhouse.Federation.Organisations;
using Watchhouse.Platform.Data;
using Watchhouse.Testing;

namespace Watchhouse.Federation.Tests.Organisations;

public sealed class RegisterFilesTests : IDisposable
{
    private readonly TempDirectory _copy = new();

    public RegisterFilesTests()
    {
        foreach (var name in (string[])["organisations.csv", "areas.csv", "tiles.csv"])
            File.Copy(RepositoryRoot.File($"national/{name}"), _copy.File(name));
    }

    public void Dispose() => _copy.Dispose();

    [Fact]
    public void Read_OfTheNation_HasEveryForceDistrictAndTile()
    {
        var content = RegisterFiles.Read(_copy.FullName);

        var territorial = content.Organisations.Where(o => o.Kind == OrganisationKind.Territorial).ToList();
        Assert.Equal(43, territorial.Count);
        Assert.All(territorial, o => Assert.NotNull(o.TileColumn));
        Assert.Equal(318, content.Areas.Count);
        Assert.All(territorial, o => Assert.Contains(content.Areas, a => a.Force == o.Id));
    }

    [Theory]
    [InlineData("organisations.csv", "KNT,", "knt,", "tag")]
    [InlineData("organisations.csv", ",territorial,Kent Police", ",terrestrial,Kent Police", "no kind")]
    [InlineData("organisations.csv", "Kent Police,", ",", "official_name")]
    [InlineData("areas.csv", ",KNT,", ",QQQ,", "no organisation")]
    [InlineData("tiles.csv", "KNT,", "KNT,x", "whole number")]
    public void Read_OfAMalformedRow_NamesFileLineAndReason(string file, string text, string replacement, string reason)
    {
        var path = _copy.File(file);
        var lines = File.ReadAllLines(path);
        var at = Array.FindIndex(lines, l => l.Contains(text, StringComparison.Ordinal));
        lines[at] = lines[at].Replace(text, replacement, StringComparison.Ordinal);
        File.WriteAllLines(path, lines);

        var thrown = Assert.ThrowsAny<StorageUnusableException>(() => RegisterFiles.Read(_copy.FullName));

        Assert.Contains($"{file}, line {at + 1}", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing of the register was loaded", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfARowWithAFieldTooMany_NamesTheLine()
    {
        File.AppendAllText(_copy.File("tiles.csv"), "MET,5,5,5\n");

        var thrown = Assert.ThrowsAny<StorageUnusableException>(() => RegisterFiles.Read(_copy.FullName));

        Assert.Contains("tiles.csv, line", thrown.Message, StringComparison.Ordinal);
    }
}
