using System.Diagnostics;

namespace Watchhouse.Testing;

/// <summary>The built program, run as a person runs it.</summary>
public static class WatchhouseProgram
{
    /// <summary>Path of watchhouse.dll of the same configuration (debug or release) as the running tests.</summary>
    public static string Assembly
    {
        get
        {
            // With the artifacts layout a test program lies in artifacts/bin/<project>/<configuration>/.
            var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
            return RepositoryRoot.File($"artifacts/bin/Watchhouse/{configuration}/watchhouse.dll");
        }
    }

    /// <summary>Runs one command to its end and returns what it printed.</summary>
    public static Task<WatchhouseResult> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken = default) =>
        RunAsync(arguments, new Dictionary<string, string>(), cancellationToken);

    /// <summary>Runs one command with these variables besides those of the test.</summary>
    public static async Task<WatchhouseResult> RunAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var start = StartInfo(arguments);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)
            ?? throw new InvalidOperationException("The watchhouse program did not start.");
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new WatchhouseResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    internal static ProcessStartInfo StartInfo(IEnumerable<string> arguments)
    {
        if (!File.Exists(Assembly))
            throw new FileNotFoundException($"The program is not built: {Assembly}. Run dotnet build.");

        return new ProcessStartInfo("dotnet", ["exec", Assembly, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }
}

/// <summary>What one command of the program returned.</summary>
public sealed record WatchhouseResult(int ExitCode, string Output, string Error);
