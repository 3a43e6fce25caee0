using Watchhouse.Lake.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// The same two runners as the generated entry point, and the writer and keeper that the crash tests kill.
if (args is [CrashingLake.Command, var directory])
    return await CrashingLake.RunAsync(directory);
return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
