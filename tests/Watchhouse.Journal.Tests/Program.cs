using System.Globalization;
using Watchhouse.Journal.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// The same two runners as the generated entry point, and the journal that the crash tests kill.
if (args is [CrashingWriter.Command, var directory, var round, var size])
    return await CrashingWriter.RunAsync(
        directory, int.Parse(round, CultureInfo.InvariantCulture), int.Parse(size, CultureInfo.InvariantCulture));
if (args is [CrashingWriter.HoldCommand, var held])
    return await CrashingWriter.HoldAsync(held);
return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
