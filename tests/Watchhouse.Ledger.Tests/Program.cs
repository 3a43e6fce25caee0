using Watchhouse.Ledger.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// The same two runners as the generated entry point, and the writer that the crash tests kill.
if (args is [CrashingWriter.Command, var directory, var key])
    return await CrashingWriter.RunAsync(directory, key);
return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
