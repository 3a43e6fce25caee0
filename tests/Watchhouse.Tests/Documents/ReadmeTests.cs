using System.Diagnostics;
using System.Text.RegularExpressions;
using Watchhouse.Testing;

namespace Watchhouse.Tests.Documents;

/// <summary>The README's commands work as they stand there.</summary>
public sealed partial class ReadmeTests
{
    private const string Prefix = "dotnet run --project src/Watchhouse -- ";

    [Fact]
    public async Task Readme_CommandsOfTheProgram_Run()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var directory = new TempDirectory();
        await using (var house = await WatchhouseProcess.StartAsync(directory, demo: true, cancellationToken))
        {
            var page = await house.Client.GetStringAsync("/", cancellationToken);
            Assert.Contains("Demonstration data", page, StringComparison.Ordinal);
            await house.StopAsync();
        }

        var commands = Commands().Where(c => c.StartsWith(Prefix, StringComparison.Ordinal)).Select(c => c[Prefix.Length..]).ToList();
        Assert.Contains("serve --demo", commands);
        foreach (var command in commands.Where(c => !c.StartsWith("serve", StringComparison.Ordinal)))
        {
            // The README says 'data', as a reader has it; here it is a directory of the test.
            var arguments = command.Split(' ').Select(a => a switch
            {
                "data" => directory.FullName,
                "audit-export.zip" => Path.Combine(directory.FullName, a),
                _ => a,
            });
            var result = await WatchhouseProgram.RunAsync([.. arguments], cancellationToken);
            Assert.True(result.ExitCode == 0, $"{command}: {result.Output}{result.Error}");
        }
    }

    [Fact]
    public async Task Readme_CommandsThatNameFiles_AreRunWhereTheReaderStands()
    {
        var root = RepositoryRoot.File("");
        using var process = Process.Start(new ProcessStartInfo("dotnet",
            ["run", "--no-build", "--project", "src/Watchhouse", "-c", new DirectoryInfo(AppContext.BaseDirectory).Name, "--", "rules", "explain", "national/detections/mail/inbox-rule-sends-outside.yml"])
        {
            WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + await error);
    }

    [Fact]
    public void Readme_OtherCommandsAndLinks_Exist()
    {
        foreach (var command in Commands().Where(c => c.StartsWith("./", StringComparison.Ordinal)))
            Assert.True(File.Exists(RepositoryRoot.File(command.Split(' ')[0][2..])), command);
        foreach (Match link in Link().Matches(File.ReadAllText(RepositoryRoot.File("README.md"))))
            Assert.True(Path.Exists(RepositoryRoot.File(link.Groups[1].Value)), link.Value);
    }

    private static IEnumerable<string> Commands() => Block().Matches(File.ReadAllText(RepositoryRoot.File("README.md")))
        .SelectMany(m => m.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\]\(([^)#:]+)\)")]
    private static partial Regex Link();
}
